"""Which minutes a feed was heard in without a break: a quiet market and a dead feed told apart."""

from dataclasses import dataclass, field
from typing import Final

MINUTE_US: Final = 60_000_000
LONGEST_BREAK_US: Final = 10_000_000


@dataclass(slots=True)
class Watch:
    """One feed over all its connections. ``longest_break_us`` may pass between two sounds."""

    longest_break_us: int = LONGEST_BREAK_US
    _last_us: dict[str, int] = field(default_factory=dict)  # by connection that is open
    _whole_since_us: int | None = None  # since when all connections were heard without a break
    _told_us: int = 0  # minutes before this are settled

    def opened(self, connection: str, at_us: int) -> None:
        """A connection stands and has begun to speak."""
        self._last_us[connection] = at_us
        self._begin(at_us)

    def heard(self, connection: str, at_us: int) -> None:
        """A sound: an event or a sign of life."""
        last_us = self._last_us.get(connection)
        if last_us is None or at_us - last_us > self.longest_break_us:
            self._begin(at_us)
        self._last_us[connection] = at_us

    def closed(self, connection: str) -> None:
        """A connection is gone, and with it the claim to have heard everything."""
        self._last_us.pop(connection, None)
        self._whole_since_us = None

    def is_live(self, connections: int, at_us: int) -> bool:
        """Whether all of so many connections stand and have spoken lately."""
        return len(self._last_us) == connections and all(
            at_us - last_us <= self.longest_break_us for last_us in self._last_us.values()
        )

    def whole_minutes(self, connections: int, at_us: int) -> list[int]:
        """Beginnings of the minutes that are over and were heard whole, each told once."""
        over_us = at_us // MINUTE_US * MINUTE_US
        since_us = self._whole_since_us
        if since_us is None or not self.is_live(connections, at_us):
            self._told_us = max(self._told_us, over_us)
            self._whole_since_us = None if since_us is None else max(since_us, at_us)
            return []
        first_us = max(-(-since_us // MINUTE_US) * MINUTE_US, self._told_us)
        minutes = list(range(first_us, over_us, MINUTE_US))
        self._told_us = max(self._told_us, over_us)
        return minutes

    def _begin(self, at_us: int) -> None:
        self._whole_since_us = max(self._whole_since_us or 0, at_us)
