"""The span of a week: its seven days, and one before them of which only trackers tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
LEAD_DAYS: Final = 1
DAYS: Final = LEAD_DAYS + 7
MINUTES: Final = DAYS * 1_440
HOURS: Final = DAYS * 24
LEAD_MINUTES: Final = LEAD_DAYS * 1_440
LEAD_HOURS: Final = LEAD_DAYS * 24
# Mondays of one regime of every feed: Bitget's socket has begun, OKX's text is not rewritten yet.
FIRST_MONDAY: Final = date(2026, 5, 4)
MONDAYS: Final = 8


def start_ms(monday: date) -> int:
    """Milliseconds at which the day before the week begins, UTC."""
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    return int((begin - timedelta(days=LEAD_DAYS)).timestamp()) * 1000
