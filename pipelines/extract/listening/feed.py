"""One feed as it is collected: its connections, its journal, and the minutes it was heard in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.clock import Clock
from pipelines.extract.listening.connection import Connection, Ears
from pipelines.extract.listening.journal import Journal
from pipelines.extract.listening.watch import MINUTE_US, Watch
from pipelines.extract.streams import Sound, Stream

ALIVE = "alive"  # the kind of a line that vouches for a minute


@dataclass(slots=True)
class Told:
    """What a feed has said so far."""

    frames: int = 0
    events: int = 0
    minutes: int = 0
    openings: int = 0


@dataclass(slots=True)
class Feed:
    """``over(journal)`` is told of each hour that may be closed. Several streams of one dataset
    are one feed, heard whole when all of them are.
    """

    id: str
    journal: Journal
    clock: Clock
    over: Callable[[Path], None]
    tell: Callable[[str], None]
    connections: int = 0
    told: Told = field(default_factory=Told)
    watch: Watch = field(default_factory=Watch)
    _minute: int = 0

    def now_us(self) -> int:
        return int(self.clock.now().timestamp() * 1_000_000)

    def connected(
        self,
        stream: Stream,
        url: str,
        subjects: Sequence[str],
        *,
        quiet_s: float,
        first_pause_s: float,
    ) -> Connection:
        """One more connection of the feed."""
        self.connections += 1
        break_us = int(stream.break_s * 1_000_000)
        self.watch.longest_break_us = max(self.watch.longest_break_us, break_us)
        name = f"{self.journal.collector}.{stream.name}.{self.connections}"
        ears = Ears(self.now_us, self._opened, self._heard, self.watch.closed, self.tell)
        return Connection(stream, url, name, subjects, ears, self.clock, quiet_s, first_pause_s)

    def _opened(self, session: str) -> None:
        self.told.openings += 1
        self.watch.opened(session, self.now_us())

    def _heard(self, session: str, sound: Sound, frame: bytes) -> None:
        at_us = self.now_us()
        if at_us // MINUTE_US > self._minute:  # an hour's last minute belongs to its own journal
            self._minute = at_us // MINUTE_US
            self.settle()
        self.told.frames += 1
        if sound is Sound.EVENT:
            self.told.events += 1
        if sound is not Sound.OTHER:
            self.watch.heard(session, at_us)
        self._note(at_us, sound.value, session, frame)

    def settle(self) -> None:
        """Vouch for the minutes that are over and were heard whole."""
        for minute_us in self.watch.whole_minutes(self.connections, self.now_us()):
            self.told.minutes += 1
            self._note(minute_us + MINUTE_US - 1, ALIVE, self.journal.collector, b"")

    def _note(self, at_us: int, kind: str, session: str, frame: bytes) -> None:
        if (journal := self.journal.add(at_us, kind, session, frame)) is not None:
            self.over(journal)

    @property
    def is_live(self) -> bool:
        return self.watch.is_live(self.connections, self.now_us())
