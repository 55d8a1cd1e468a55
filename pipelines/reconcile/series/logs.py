"""Two daily series on one calendar, as logarithms; what has none is counted."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Floats: TypeAlias = npt.NDArray[np.float64]

LEAST_DAYS = 10  # below this nothing is said of a pair of series
PLACES = 6  # statistics are rounded here and nowhere else


@dataclass(frozen=True, slots=True)
class Logs:
    """Natural logarithms by calendar day from ``days[0]`` on; NaN where a side has none.

    ``zeros`` are days that both sides hold and on which one is zero: no logarithm, no ratio.
    """

    days: pl.Series
    a: Floats
    b: Floats
    only_a: int
    only_b: int
    zeros: int

    @property
    def both(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.a) & ~np.isnan(self.b)


def logs_of(days: pl.DataFrame) -> Logs:
    """Of a frame ``day, a, b`` (null: not held), one row a day at most, in any order."""
    held = days.select(
        "day", pl.col("a").cast(pl.Float64), pl.col("b").cast(pl.Float64)
    ).drop_nulls("day")
    if held.is_empty():
        nothing = np.zeros(0)
        return Logs(pl.Series("day", [], pl.Date), nothing, nothing, 0, 0, 0)
    held = held.sort("day").upsample("day", every="1d")
    a, b = (held[side].is_not_null() for side in ("a", "b"))
    zeros = held.filter(a & b & ((held["a"] == 0) | (held["b"] == 0))).height
    return Logs(
        held["day"],
        _logarithms(held["a"]),
        _logarithms(held["b"]),
        int((a & ~b).sum()),
        int((b & ~a).sum()),
        zeros,
    )


def _logarithms(values: pl.Series) -> Floats:
    positive = values.to_frame("x").select(pl.when(pl.col("x") > 0).then(pl.col("x").log()))
    return positive["x"].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def rounded(value: float) -> float | None:
    """To PLACES, or None for what is no number."""
    return round(float(value), PLACES) + 0.0 if np.isfinite(value) else None
