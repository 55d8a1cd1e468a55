"""Two daily series on one calendar, as logarithms; what has none is counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

EPOCH = date(1970, 1, 1)
LEAST_DAYS = 10  # below this nothing is said of a pair of series
PLACES = 6  # statistics are rounded here and nowhere else


@dataclass(frozen=True, slots=True)
class Logs:
    """Natural logarithms of each calendar day from ``first`` on; NaN where a side has none.

    ``only_a`` and ``only_b`` are days that the other does not hold; ``zeros`` are days that both
    hold and on which one is zero: no logarithm, no ratio.
    """

    first: date
    a: Floats
    b: Floats
    only_a: int
    only_b: int
    zeros: int

    @property
    def both(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.a) & ~np.isnan(self.b)

    @property
    def ratio(self) -> Floats:
        """A over B by calendar day; NaN where a side has no logarithm."""
        return self.a - self.b

    def day(self, place: int) -> date:
        return self.first + timedelta(days=place)


def logs_of(days: pl.DataFrame) -> Logs:
    """Of a frame ``day, a, b`` (null: not held), one row a day at most, in any order, not empty."""
    place = days["day"].to_physical().cast(pl.Int64).to_numpy()
    a, b = (days[side].cast(pl.Float64).fill_null(np.nan).to_numpy() for side in ("a", "b"))
    return logs_at(place, a, b)


def logs_at(days: Ints, a: Floats, b: Floats) -> Logs:
    """The same of arrays: days since 1970-01-01, and amounts with NaN where a day is not held."""
    start = int(days.min())
    spread = np.full((2, int(days.max()) - start + 1), np.nan)
    spread[:, days - start] = a, b
    held = ~np.isnan(spread)
    positive = spread > 0
    logs = np.full_like(spread, np.nan)
    np.log(spread, out=logs, where=positive)
    return Logs(
        EPOCH + timedelta(days=start),
        logs[0],
        logs[1],
        int((held[0] & ~held[1]).sum()),
        int((held[1] & ~held[0]).sum()),
        int((held.all(axis=0) & ~positive.all(axis=0)).sum()),
    )


def rounded(value: float) -> float | None:
    """To PLACES, or None for what is no number."""
    return round(float(value), PLACES) + 0.0 if np.isfinite(value) else None
