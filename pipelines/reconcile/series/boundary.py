"""At which hour a publisher's day ends, by setting its days against hours of the same thing.

The hour changes over time, so that the answer is spells: the cheapest path through the days, where
each day costs how badly its hour fits and each change of hour costs as much as CHANGE bad days.
"""

from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.series.logs import EPOCH, Floats, Ints, rounded

# Hours by which a day begins before 00:00 UTC: 8 is a day of UTC+8. Each hour of the clock once,
# the nearest to UTC first, so that of two that fit alike the nearer one is taken.
OFFSETS: Final = tuple(sorted(range(-11, 13), key=lambda hours: (abs(hours), hours)))
CHANGE = 3.0
LEAST_SPELL = 7  # days, below which nothing is asserted
AT_MOST = 0.5  # of the misfit of the best other offset
HOURS = 24

SCHEMA: Final = {
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    "offset_h": pl.Int32(),
    "days": pl.Int32(),
    "days_best": pl.Int32(),
    "misfit": pl.Float64(),
    "misfit_next": pl.Float64(),
    "is_asserted": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Track:
    """Values of all days, or of all hours, from ``first`` on; NaN where one is not held.

    ``first`` counts days, or hours, from 1970-01-01T00:00Z.
    """

    first: int
    values: Floats


@dataclass(frozen=True, slots=True)
class Spell:
    """Days that end at one hour. ``days`` are those of which every hour is held that any of the
    offsets needs, ``days_best`` those on which this offset fits best of all 24.

    ``misfit`` and ``misfit_next`` are the mean misfits of this offset and of the best other one, in
    parts of the usual misfit of a day, at most 1.
    """

    first_day: date
    last_day: date
    offset_h: int
    days: int
    days_best: int
    misfit: float
    misfit_next: float
    is_asserted: bool


def spells(days: pl.DataFrame, hours: pl.DataFrame, *, sums: bool) -> pl.DataFrame:
    """``spells_of`` for ``day, value`` and ``hour, value`` (its beginning, UTC), each not empty.

    Columns of SCHEMA, in the order of time.
    """
    found = spells_of(by_day(days), by_hour(hours), sums=sums)
    return pl.DataFrame([astuple(one) for one in found], schema=SCHEMA, orient="row")


def by_day(days: pl.DataFrame) -> Track:
    return _track(days["day"].to_physical(), days["value"])


def by_hour(hours: pl.DataFrame) -> Track:
    return _track(hours["hour"].dt.epoch("ms") // 3_600_000, hours["value"])


def spells_of(days: Track, hours: Track, *, sums: bool) -> list[Spell]:
    """Spells of days that end at one hour, in the order of time; none where nothing compares.

    Values are sums of their bucket where ``sums``, else closing prices. Sums may differ by a
    constant factor (another scope), prices may not. A spell is asserted with LEAST_SPELL days, and
    where its offset misfits at most AT_MOST as much as any other.
    """
    misfit = _misfit(days, hours, sums=sums)
    held = np.flatnonzero(~np.isnan(misfit.sum(axis=1)))
    if not len(held):
        return []
    path = _cheapest(np.where(np.isnan(misfit), 0.0, misfit))
    changes = np.flatnonzero(np.diff(path[held])) + 1
    return [
        _spell(days.first, part, misfit[part], int(path[part[0]]))
        for part in np.split(held, changes)
    ]


def _spell(first: int, days: Ints, misfit: Floats, place: int) -> Spell:
    """These days, whose offset stands at ``place``."""
    means = misfit.mean(axis=0)
    own, other = float(means[place]), float(np.delete(means, place).min())
    return Spell(
        EPOCH + timedelta(days=first + int(days[0])),
        EPOCH + timedelta(days=first + int(days[-1])),
        OFFSETS[place],
        len(days),
        int((misfit.argmin(axis=1) == place).sum()),
        rounded(own) or 0.0,
        rounded(other) or 0.0,
        len(days) >= LEAST_SPELL and own <= other * AT_MOST and other > 0,
    )


def _track(places: pl.Series, values: pl.Series) -> Track:
    at = places.cast(pl.Int64).to_numpy()
    first = int(at.min())
    spread = np.full(int(at.max()) - first + 1, np.nan)
    spread[at - first] = values.cast(pl.Float64).fill_null(np.nan).to_numpy()
    return Track(first, spread)


def _misfit(days: Track, hours: Track, *, sums: bool) -> Floats:
    """By day and offset, 0 to 1; NaN where a day or one of its hours is not held, or is zero."""
    count = len(days.values)
    clock = _clock(hours, (days.first - 1) * HOURS, (count + 2) * HOURS)
    made = np.column_stack([_days_of(clock, count, offset, sums=sums) for offset in OFFSETS])
    gap = _logarithm(days.values)[:, None] - _logarithm(made)
    held = gap[~np.isnan(gap.sum(axis=1))]
    if not held.size:
        return np.full_like(gap, np.nan)
    centre = float(np.median(held)) if sums else 0.0
    gap = np.abs(gap - centre)
    usual = float(np.median(np.abs(held - centre)))  # mostly of hours that are not the right one
    return np.minimum(gap / usual, 1.0) if usual else np.zeros_like(gap)


def _logarithm(values: Floats) -> Floats:
    logs = np.full_like(values, np.nan)
    np.log(values, out=logs, where=values > 0)
    return logs


def _clock(hours: Track, first: int, count: int) -> Floats:
    """``count`` hours from ``first`` on."""
    clock = np.full(count, np.nan)
    start, end = max(first, hours.first), min(first + count, hours.first + len(hours.values))
    if start < end:
        clock[start - first : end - first] = hours.values[start - hours.first : end - hours.first]
    return clock


def _days_of(clock: Floats, days: int, offset: int, *, sums: bool) -> Floats:
    """The hours as days that begin ``offset`` hours before 00:00 UTC."""
    start = HOURS - offset
    of_day = clock[start : start + days * HOURS].reshape(days, HOURS)
    return np.asarray(of_day.sum(axis=1) if sums else of_day[:, -1])


def _cheapest(misfit: Floats) -> Ints:
    """By day, the place in OFFSETS of the path that costs least (Viterbi 1967)."""
    cost = misfit[0].copy()
    came = np.zeros(misfit.shape, np.int64)
    stay = np.arange(len(OFFSETS))
    for day in range(1, len(misfit)):
        cheapest = int(cost.argmin())
        change = cost[cheapest] + CHANGE < cost
        came[day] = np.where(change, cheapest, stay)
        cost = np.where(change, cost[cheapest] + CHANGE, cost) + misfit[day]
    return _traced(came, int(cost.argmin()))


def _traced(came: Ints, last: int) -> Ints:
    path = [last]
    for day in range(len(came) - 1, 0, -1):
        path.append(int(came[day, path[-1]]))
    return np.array(path[::-1], np.int64)
