"""ISO weeks in UTC: ``2026-W53`` is Monday 2026-12-28 to Sunday 2027-01-03."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


class NotAWeekError(ValueError):
    """The text names no ISO week."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """Seven UTC days from Monday 00:00, half open."""

    monday: date

    @classmethod
    def parse(cls, text: str) -> "Week":
        """``2022-W24``. Raises NotAWeekError for anything else, 2025-W53 included."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not found:
            raise NotAWeekError(f"{text!r} is not a week; write it as 2022-W24")
        year, number = int(found[1]), int(found[2])
        try:
            return cls(date.fromisocalendar(year, number, 1))
        except ValueError:
            raise NotAWeekError(f"{text} does not exist: {year} has no week {number}") from None

    @classmethod
    def of(cls, day: date) -> "Week":
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def last_complete(cls, now: datetime) -> "Week":
        """The latest week that is over at ``now``."""
        return cls.of(now.astimezone(UTC).date()).before

    @property
    def name(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> "Week":
        return Week(self.monday - timedelta(days=7))

    @property
    def end(self) -> datetime:
        """The first instant that is no longer in the week."""
        return datetime.combine(self.monday + timedelta(days=7), time(), UTC)

    def is_over(self, now: datetime) -> bool:
        return now >= self.end
