"""Over which windows a claim may be meant: their length, and between which instants they end.

A window is of whole hours, or the stated stretch of minutes. Of a claim about a day, every window
is meant that ends on that day or on the next: its clock is not told, and pages are late. Where
only a range of days is told, every window that ends inside it. A UTC day, a month and a year are
themselves.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
HOUR_S, DAY_S, WEEK_S = 3_600, 86_400, 604_800
_COUNT: Final = re.compile(
    r"(\d+)\s*-?\s*(h|hr|hrs|hours?|d|days?|w|weeks?|months?)\b", re.IGNORECASE
)
_UNITS: Final = {"h": 3600, "d": DAY_S, "w": WEEK_S, "m": 30 * DAY_S}
_WORDS: Final = (("week", WEEK_S), ("dai", DAY_S), ("day", DAY_S), ("hour", 3600))
_MINUTES: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*(?:Z|UTC)")
_INSTANT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::\d{2})?\s*(?:Z|UTC)")
_CLOCK: Final = re.compile(
    r"(?:^|[;,.(]\s*|\b(?:at|as of|to|until)\s+)(\d{1,2}):(\d{2})\s*(?:Z|UTC)\b", re.IGNORECASE
)
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_NAMED: Final = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({'|'.join(_MONTHS)})[a-z]*\.?"
    r"(?:\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d))?,?\s+(\d{4})",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"(?<![\d.,])((?:19|20)\d{2})(?:-W(\d{2})|-(\d{2})(?:-(\d{2}))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date speaks of; one where the day is told."""

    first: date
    last: date

    @property
    def one(self) -> date | None:
        return self.first if self.first == self.last else None


@dataclass(frozen=True, slots=True)
class Span:
    """``length_s`` is None where the window is not told. Ends are UTC and both included."""

    words: str
    length_s: int | None
    first_end: datetime
    last_end: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and last UTC day that a window may touch."""
        longest = timedelta(seconds=self.length_s or WEEK_S)
        return (self.first_end - longest).date(), (self.last_end - timedelta(seconds=1)).date()

    @property
    def near(self) -> tuple[datetime, datetime]:
        """Between which instants a window may end that is searched: never less than two days."""
        if self.last_end - self.first_end >= 2 * DAY:
            return self.first_end, self.last_end
        day = midnight((self.last_end - timedelta(seconds=1)).date())
        return min(day, self.first_end), max(day + 2 * DAY, self.last_end)

    @property
    def is_one(self) -> bool:
        """Whether only one window can be meant."""
        return self.first_end == self.last_end


def read_days(text: str) -> Days:
    """``2025-11-07``, ``2025-11-01..2025-11-30``, ``2025-11 (week)``, ``2025-W45``, ``2025``,
    ``Nov 7, 2025``. Raises ValueError, which says so in one line.
    """
    ends = re.split(r"\.\.|\s+(?:to|until|through)\s+|\N{EN DASH}", text.strip())
    try:
        found = [one for end in ends for one in [_days_of(end)] if one is not None]
    except ValueError:  # a thirteenth month
        found = []
    if not found or len(found) != len(ends) or found[-1].last < found[0].first:
        raise ValueError(f"{text!r} is no day; write 2025-11-07, 2025-11 or 2025-11-01..2025-11-30")
    return Days(found[0].first, found[-1].last)


def _days_of(text: str) -> Days | None:
    if named := _NAMED.search(text):
        month = _MONTHS.index(named[2].lower()) + 1
        return _month(int(named[4]), month, named[1] or named[3])
    if not (found := _ISO.search(text)):
        return None
    year = int(found[1])
    if found[2]:
        monday = date.fromisocalendar(year, int(found[2]), 1)
        return Days(monday, monday + 6 * DAY)
    if found[3]:
        return _month(year, int(found[3]), found[4])
    return Days(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int, day: str | None) -> Days:
    if day:
        return Days(date(year, month, int(day)), date(year, month, int(day)))
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def read_span(words: str, days: Days, note: str = "") -> Span:
    """The windows that the words of a window mean, about a day or a range of days.

    ``note`` may tell by the clock when a window ended: ``at 18:00 UTC``.
    """
    if minutes := _minutes(words, days.first):
        return minutes
    length_s = _length_s(words, days)
    if told := _INSTANT.search(words):
        end = datetime.combine(date.fromisoformat(told[1]), _time(told[2], told[3]), UTC)
        return Span(words, length_s, end, end)
    clock = _CLOCK.search(note) if "rolling" in words.lower() else None
    if clock and days.one:  # a page is written some time after the figure was read
        end = datetime.combine(days.one, _time(clock[1], clock[2]), UTC)
        return Span(words, length_s, _whole_hour(end) - HOUR, _whole_hour(end) + HOUR)
    if "utc day" in words.lower() and days.one:
        return Span(words, length_s, midnight(days.one + DAY), midnight(days.one + DAY))
    if days.one:
        return Span(words, length_s, midnight(days.one), midnight(days.one + 2 * DAY))
    last = midnight(days.last + DAY)
    if length_s is not None and timedelta(seconds=length_s) >= last - midnight(days.first):
        return Span(words, int((last - midnight(days.first)).total_seconds()), last, last)
    return Span(words, length_s, midnight(days.first) + HOUR, last)


def _length_s(words: str, days: Days) -> int | None:
    """Seconds; None where the words do not tell a length."""
    if found := _COUNT.search(words):
        return int(found[1]) * _UNITS[found[2][0].lower()]
    low = words.lower()
    if "year" in low or "month" in low:
        told = midnight(days.last + DAY) - midnight(days.first)
        return int(told.total_seconds()) if not days.one else None
    return next((length for word, length in _WORDS if word in low), None)


def _minutes(words: str, day: date) -> Span | None:
    if not (found := _MINUTES.search(words)):
        return None
    start = datetime.combine(day, _time(found[1], found[2]), UTC)
    end = datetime.combine(day, _time(found[3], found[4]), UTC)
    end += DAY if end <= start else timedelta()
    return Span(words, int((end - start).total_seconds()), end, end)


def _time(hour: str, minute: str) -> time:
    return time(int(hour), int(minute))


def _whole_hour(instant: datetime) -> datetime:
    return instant.replace(minute=0)


def midnight(day: date) -> datetime:
    """The beginning of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def in_words(length_s: int | None) -> str:
    """``24 hours``, ``7 days``, ``12 minutes``."""
    if length_s is None:
        return "a length that is not told"
    if length_s % DAY_S == 0 and length_s > DAY_S:
        return f"{length_s // DAY_S} days"
    if length_s % 3600 == 0:
        return f"{length_s // 3600} hours"
    return f"{length_s // 60} minutes"
