"""The days before the end of a week over which series are held against each other."""

from datetime import date, timedelta
from typing import Final

from pipelines.lake import Lake, days_between
from pipelines.weeks import Week

DAYS: Final = 90


def season_of(week: Week) -> tuple[date, date]:
    """First and last of the DAYS days that end with the week's Sunday."""
    return week.sunday - timedelta(days=DAYS - 1), week.sunday


def days_of_season(_: Lake, week: Week) -> list[date]:
    """All of them, in order."""
    return days_between(*season_of(week))


def stretches(week: Week) -> list[tuple[date, date]]:
    """The season in weeks, the earliest first and perhaps cut: what is read at a time."""
    first, last = season_of(week)
    mondays = days_between(first - timedelta(days=first.weekday()), last)[::7]
    return [(max(one, first), one + timedelta(days=6)) for one in mondays]
