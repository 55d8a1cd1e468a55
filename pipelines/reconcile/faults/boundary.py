"""Days that begin at another hour than midnight UTC, seen against hours of the same market."""

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.faults.shifted import GAIN, LEAST_FIT, MOST_SERIES, Floats, fit_of

MOST_HOURS: Final = 47  # either way: a boundary, a day late, or both
LEAST_DAYS: Final = 3
DAY: Final = 24
SERIES: Final = ("coin", "kind", "position")
SCHEMA: Final = {
    "place": pl.String(),
    "hours": pl.Int64(),
    "fit": pl.Float64(),
    "fit_at_midnight": pl.Float64(),
}


def day_boundary(
    hourly: pl.DataFrame, daily: pl.DataFrame, first: datetime, end: datetime
) -> pl.DataFrame:
    """How many hours after midnight the days of ``daily`` begin: SCHEMA, where it is not 0.

    Both have ``place, coin, kind, position, time, x`` over ``[first, end)``, of whole days. A place
    is named where another boundary halves the variance that the two do not share.
    """
    found = []
    for place in sorted(set(hourly["place"].unique()) & set(daily["place"].unique())):
        here = pl.col("place") == place
        hours, days = _grids(hourly.filter(here), daily.filter(here), first, end)
        fits = {late: _fit(hours, days, late) for late in range(-MOST_HOURS, MOST_HOURS + 1)}
        late = max(fits, key=lambda n: (round(fits[n], 9), -abs(n), n))
        is_better = 1 - fits[late] < GAIN * (1 - max(fits[0], 0.0))
        if late and fits[late] >= LEAST_FIT and is_better:
            found.append((place, late, round(fits[late], 6), round(fits[0], 6)))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _grids(
    hourly: pl.DataFrame, daily: pl.DataFrame, first: datetime, end: datetime
) -> tuple[Floats, Floats]:
    """Dollars of the largest series that both tell: (series, hours) and (series, days)."""
    sums = [
        rows.group_by(SERIES, maintain_order=True).agg(pl.col("x").sum())
        for rows in (hourly, daily)
    ]
    both = sums[0].join(sums[1], on=list(SERIES))
    largest = both.sort(-(pl.col("x") + pl.col("x_right")), *SERIES).head(MOST_SERIES)
    numbered = largest.select(*SERIES, series=pl.int_range(pl.len()))
    hours = round((end - first).total_seconds()) // 3_600
    return _grid(numbered, hourly, first, hours, 1), _grid(
        numbered, daily, first, hours // DAY, DAY
    )


def _grid(
    numbered: pl.DataFrame, rows: pl.DataFrame, first: datetime, width: int, each: int
) -> Floats:
    grid = np.zeros((numbered.height, width))
    column = (pl.col("time") - pl.lit(first)).dt.total_hours() // each
    placed = rows.join(numbered, on=list(SERIES)).with_columns(column=column)
    inside = placed.filter(pl.col("column").is_between(0, width - 1))
    np.add.at(
        grid, (inside["series"].to_numpy(), inside["column"].to_numpy()), inside["x"].to_numpy()
    )
    return grid


def _fit(hours: Floats, days: Floats, late: int) -> float:
    """Correlation of logs over the days whose hours are all within the span."""
    whole = [d for d in range(days.shape[1]) if 0 <= d * DAY + late <= hours.shape[1] - DAY]
    if len(whole) < LEAST_DAYS or not len(days):
        return -1.0
    sums = [hours[:, d * DAY + late : d * DAY + late + DAY].sum(axis=1) for d in whole]
    return fit_of(np.log1p(np.column_stack(sums)), np.log1p(days[:, whole]))
