"""At which hour a publisher's day ends, by setting its days against hours of the same thing.

The hour changes over time, so that the answer is spells: the cheapest path through the days, where
each day costs how badly its hour fits and each change of hour costs as much as CHANGE bad days.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.series.logs import Floats

# Hours by which a day begins before 00:00 UTC: 8 is a day of UTC+8. Each hour of the clock once,
# the nearest to UTC first, so that of two that fit alike the nearer one is taken.
OFFSETS: Final = tuple(sorted(range(-11, 13), key=lambda hours: (abs(hours), hours)))
CHANGE = 3.0
LEAST_SPELL = 7  # days that fit, below which nothing is asserted
HOURS = 24

SCHEMA: Final = {
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    "offset_h": pl.Int8(),
    "days": pl.Int32(),
    "days_best": pl.Int32(),
    "is_asserted": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class _Grid:
    """``misfit`` by day and offset, 0 to 1; NaN where a day or one of its hours is not held."""

    first: date
    misfit: Floats


def spells(days: pl.DataFrame, hours: pl.DataFrame, *, sums: bool) -> pl.DataFrame:
    """Spells of days that end at one hour, in the order of time, in the columns of SCHEMA.

    ``days`` has ``day, value`` and ``hours`` has ``hour`` (its beginning, UTC) and ``value``; the
    value is a sum of the bucket where ``sums``, else its closing price. Sums may differ by a
    constant factor (another scope), prices may not. ``days`` in the answer counts the held days of
    a spell, ``days_best`` those on which its offset fits best of all 24; a spell is asserted where
    these are at least LEAST_SPELL and twice those of any other offset. A day is held where every
    hour is that any of the offsets needs. Empty where nothing can be compared.
    """
    grid = _grid(days.drop_nulls(), hours.drop_nulls(), sums=sums)
    if grid is None:
        return pl.DataFrame(schema=SCHEMA)
    path = _cheapest(np.where(np.isnan(grid.misfit), 0.0, grid.misfit))
    held = ~np.isnan(grid.misfit.sum(axis=1))
    best = np.where(held[:, None], grid.misfit, 1.0).argmin(axis=1)
    starts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist()]
    rows = []
    for start, end in zip(starts, [*starts[1:], len(path)], strict=True):
        inside = np.flatnonzero(held[start:end]) + start
        if not len(inside):
            continue
        counts = np.bincount(best[inside], minlength=len(OFFSETS))
        fitting = int(counts[path[start]])
        others = int(np.delete(counts, path[start]).max())
        rows.append(
            {
                "first_day": grid.first + timedelta(days=int(inside[0])),
                "last_day": grid.first + timedelta(days=int(inside[-1])),
                "offset_h": OFFSETS[path[start]],
                "days": len(inside),
                "days_best": fitting,
                "is_asserted": fitting >= LEAST_SPELL and fitting >= 2 * others,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def _grid(days: pl.DataFrame, hours: pl.DataFrame, *, sums: bool) -> _Grid | None:
    days = days.filter(pl.col("value") > 0)
    if days.is_empty() or hours.is_empty():
        return None
    first, last = days["day"].min(), days["day"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    told = np.full((last - first).days + 1, np.nan)
    told[_places(days["day"], first)] = np.log(days["value"].cast(pl.Float64).to_numpy())
    made = np.full((len(told), len(OFFSETS)), np.nan)
    clock = _clock(hours, first, len(told))
    for place, offset in enumerate(OFFSETS):
        made[:, place] = _days_of(clock, len(told), offset, sums=sums)
    with np.errstate(divide="ignore"):
        gap = told[:, None] - np.where(made > 0, np.log(made), np.nan)
    if np.isnan(gap).any(axis=1).all():
        return None
    if sums:
        gap -= np.nanmedian(gap, axis=0)
    gap = np.abs(gap)
    usual = float(np.nanmedian(gap))  # mostly of hours that are not the right one
    return _Grid(first, np.minimum(gap / usual, 1.0) if usual else np.zeros_like(gap))


def _places(days: pl.Series, first: date) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return (days - pl.Series([first])).dt.total_days().to_numpy()


def _clock(hours: pl.DataFrame, first: date, days: int) -> Floats:
    """Values by hour, from a day before ``first`` to a day after the last; NaN where not held."""
    clock = np.full((days + 2) * HOURS, np.nan)
    start = datetime.combine(first - timedelta(days=1), datetime.min.time())
    hour = hours["hour"].cast(pl.Datetime("ms")).dt.replace_time_zone(None)
    place = (hour - pl.Series([start]).cast(pl.Datetime("ms"))).dt.total_hours().to_numpy()
    inside = (place >= 0) & (place < len(clock))
    clock[place[inside]] = hours["value"].cast(pl.Float64).to_numpy()[inside]
    return clock


def _days_of(clock: Floats, days: int, offset: int, *, sums: bool) -> Floats:
    """The hours as days that begin ``offset`` hours before 00:00 UTC."""
    start = HOURS - offset
    by_day = clock[start : start + days * HOURS].reshape(days, HOURS)
    return by_day.sum(axis=1) if sums else by_day[:, -1]


def _cheapest(misfit: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By day, the place in OFFSETS of the path that costs least (Viterbi 1967)."""
    days, _ = misfit.shape
    cost = misfit[0].copy()
    came = np.zeros(misfit.shape, np.int64)
    stay = np.arange(misfit.shape[1])
    for day in range(1, days):
        cheapest = int(cost.argmin())
        change = cost[cheapest] + CHANGE < cost
        came[day] = np.where(change, cheapest, stay)
        cost = np.where(change, cost[cheapest] + CHANGE, cost) + misfit[day]
    path = np.empty(days, np.int64)
    path[-1] = int(cost.argmin())
    for day in range(days - 1, 0, -1):
        path[day - 1] = came[day, path[day]]
    return path
