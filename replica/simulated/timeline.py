"""The span of the simulated market, in minutes and milliseconds since the epoch."""

from datetime import UTC, datetime
from typing import Final

import numpy as np

from replica.simulated.draws import Integers

MINUTE_MS: Final = 60_000
FIVE_MINUTES_MS: Final = 300_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
DAY_MINUTES: Final = 1_440

FIRST_MS: Final = int(datetime(2026, 10, 26, tzinfo=UTC).timestamp()) * 1000
NOW_MS: Final = int(datetime(2026, 11, 18, 6, tzinfo=UTC).timestamp()) * 1000

MINUTES: Final = (NOW_MS - FIRST_MS) // MINUTE_MS
HOURS: Final = (NOW_MS - FIRST_MS) // HOUR_MS

TREND_WEEK: Final = slice(7 * DAY_MINUTES, 14 * DAY_MINUTES)
CASCADE_WEEK: Final = slice(14 * DAY_MINUTES, 21 * DAY_MINUTES)


def instants(step_ms: int) -> Integers:
    """Every multiple of the step from the first instant up to and including now."""
    return np.arange(FIRST_MS, NOW_MS + 1, step_ms, dtype=np.int64)


def hour_starts() -> Integers:
    """Open times of the hours that are over."""
    return instants(HOUR_MS)[:HOURS]
