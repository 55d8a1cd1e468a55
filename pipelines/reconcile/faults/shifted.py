"""A telling whose buckets lie late or early against another's."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

MOST_SERIES = 12  # the largest of a place are scanned
LEAST_MET = 6  # buckets in which both have dollars
LEAST_FIT = 0.6
GAIN = 0.5  # what a shift must take of the variance that is unexplained without it

Floats = npt.NDArray[np.float64]


def shifted(a: pl.DataFrame, b: pl.DataFrame, *, most: int, every: str) -> pl.DataFrame:
    """By how many buckets ``b`` is late: columns ``place, late, fit, fit_unshifted``.

    Both have ``place, coin, kind, position, at, x``. Up to ``most`` buckets either way are tried;
    a place is named only where one of them halves the variance that the two do not share.
    """
    found = []
    places = sorted(set(a["place"].unique()) & set(b["place"].unique()))
    for place in places:
        one, other = _grids(
            a.filter(pl.col("place") == place), b.filter(pl.col("place") == place), every
        )
        fits = {late: _fit(one, other, late) for late in range(-most, most + 1)}
        late = max(fits, key=lambda n: (fits[n], -abs(n), n))
        is_better = 1 - fits[late] < GAIN * (1 - max(fits[0], 0.0))
        if late and fits[late] >= LEAST_FIT and is_better:
            found.append((place, late, round(fits[late], 6), round(fits[0], 6)))
    schema = {"place": pl.String, "late": pl.Int64, "fit": pl.Float64, "fit_unshifted": pl.Float64}
    return pl.DataFrame(found, schema=schema, orient="row")


def _grids(a: pl.DataFrame, b: pl.DataFrame, every: str) -> tuple[Floats, Floats]:
    """Logs of dollars of the series that both tell, (series, buckets), on one clock."""
    series = ["coin", "kind", "position"]
    sums = [
        rows.filter(pl.col("x") > 0).group_by(series, maintain_order=True).agg(pl.col("x").sum())
        for rows in (a, b)
    ]
    both = sums[0].join(sums[1], on=series)
    if both.is_empty():
        return np.zeros((0, 0)), np.zeros((0, 0))
    largest = both.sort(-(pl.col("x") + pl.col("x_right")), *series).head(MOST_SERIES)
    ends = pl.concat([a["at"], b["at"]])
    clock = pl.DataFrame(
        {"at": pl.datetime_range(ends.min(), ends.max(), every, eager=True)},  # type: ignore[arg-type]
        schema={"at": ends.dtype},
    )
    frame = largest.select(series).join(clock, how="cross")
    return _grid(frame, a, largest.height), _grid(frame, b, largest.height)


def _grid(frame: pl.DataFrame, rows: pl.DataFrame, series: int) -> Floats:
    key = ["coin", "kind", "position", "at"]
    sums = rows.group_by(key, maintain_order=True).agg(pl.col("x").sum())
    x = frame.join(sums, on=key, how="left", maintain_order="left")["x"].fill_null(0.0)
    grid: Floats = np.log1p(x.to_numpy().clip(min=0)).reshape(series, -1)
    return grid


def _fit(one: Floats, other: Floats, late: int) -> float:
    """Correlation over all series, each about its own mean; -1 where too little meets."""
    width = one.shape[1] - abs(late)
    if width < 2:
        return -1.0
    left = one[:, max(0, -late) : max(0, -late) + width]
    right = other[:, max(0, late) : max(0, late) + width]
    return fit_of(left, right)


def fit_of(left: Floats, right: Floats) -> float:
    """Correlation of logs, (series, buckets), each series about its own mean."""
    if int(((left > 0) & (right > 0)).sum()) < LEAST_MET:
        return -1.0
    x, y = _about_mean(left), _about_mean(right)
    scale = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum() / scale) if scale > 0 else -1.0


def _about_mean(grid: Floats) -> Any:
    return grid - grid.mean(axis=1, keepdims=True)
