"""When a week's figures are asked for again, and from when on they are settled: docs/releases.md.

A publisher may change its sums after it first told them. So they are asked for again one, eight and
35 days after a UTC day was over, and a page says which of these its figures have seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from pipelines.weeks import Week

# Column stem of each release, and how long after the end of the bucket's UTC day it is.
RELEASES_AFTER: Final = {
    "t1": timedelta(days=1),
    "t8": timedelta(days=8),
    "t35": timedelta(days=35),
}


class State(StrEnum):
    """How firm a week's figures are."""

    PROVISIONAL = "provisional"
    REVISED = "revised"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Standing:
    """``next_on`` is the first UTC day on which asking again changes the state; None when settled."""

    state: State
    asked_at: datetime
    next_on: date | None


def end_of(day: date) -> datetime:
    """The first instant after a UTC day."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def last_release(day: date, now: datetime) -> datetime | None:
    """The latest release of a day that has come by ``now``; None before the first."""
    come = [end_of(day) + after for after in RELEASES_AFTER.values()]
    return max((at for at in come if at <= now), default=None)


def standing(week: Week, asked_at: datetime) -> Standing:
    """What a week is whose least recently asked figures came at ``asked_at``."""
    for state, at in _until(week):
        if asked_at < at:
            return Standing(state, asked_at, at.date())
    return Standing(State.SETTLED, asked_at, None)


def _until(week: Week) -> Iterator[tuple[State, datetime]]:
    yield State.PROVISIONAL, week.end + RELEASES_AFTER["t8"]
    yield State.REVISED, week.end + RELEASES_AFTER["t35"]
