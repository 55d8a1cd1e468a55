"""The one place that reads the time of day. It can be set, and then runs on from there."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """``now()`` is the set instant plus what has passed since, or the machine's own UTC time."""

    set_to: datetime | None = None
    began: float = field(default_factory=time.monotonic)
    monotonic: Callable[[], float] = time.monotonic

    def now(self) -> datetime:
        """The present instant, aware, in UTC, to the microsecond."""
        if self.set_to is None:
            return datetime.now(UTC)  # noqa: TID251 - the one reading of the machine's clock
        return self.set_to.astimezone(UTC) + timedelta(seconds=self.monotonic() - self.began)


def iso(instant: datetime) -> str:
    """``2026-11-18T06:00:00.000000Z``: sorts as text in the order of time."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without an offset is UTC. Raises ValueError otherwise."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
