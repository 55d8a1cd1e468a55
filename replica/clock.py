"""The clock of the replica: it starts at a given instant and runs on from there."""

import time
from datetime import UTC, datetime

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


class Clock:
    """The only place of the replica that reads the time, and only as an elapsed span."""

    def __init__(self, start_ms: int) -> None:
        self.start_ms = start_ms
        self._started = time.monotonic()

    def elapsed_s(self) -> float:
        return time.monotonic() - self._started

    def now_ms(self) -> int:
        return self.start_ms + int(self.elapsed_s() * 1000)


def to_ms(text: str) -> int:
    """An ISO instant as milliseconds; without an offset it is read as UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def iso_millis(ms: int) -> str:
    return f"{iso(ms)[:-1]}.{ms % 1000:03d}Z"


def day_of(ms: int) -> str:
    return iso(ms)[:10]
