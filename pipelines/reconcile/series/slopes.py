"""A slope by least squares, and errors that allow for days which resemble the day before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.reconcile.series.logs import Floats

NONE = float("nan")


@dataclass(frozen=True, slots=True)
class Slope:
    """``left`` is the standard deviation of what the slope and the parts' means leave over."""

    slope: float
    error: float
    left: float


def slope_on(level: Floats, values: Floats, starts: Sequence[int] = ()) -> Slope:
    """Of ``values`` on ``level``, with its standard error (Newey and West 1987); NaN if flat.

    ``starts`` are places at which another level of ``values`` begins: each part has its own mean,
    and all have the slope in common.
    """
    x, y = (_from_means(one, starts) for one in (level, values))
    squares = float(x @ x)
    free = len(x) - len(starts) - 2
    if squares == 0 or free < 1:
        return Slope(NONE, NONE, NONE)
    slope = float(x @ y) / squares
    rest = y - slope * x
    variance = long_run(x * rest) * len(x) / squares**2 * len(x) / free
    return Slope(slope, float(np.sqrt(variance)), float(np.sqrt(rest @ rest / free)))


def long_run(values: Floats) -> float:
    """Variance of the mean times n, of values with mean zero that resemble their neighbours."""
    n = len(values)
    lags = min(int(0.4 * np.sqrt(n)), n - 1)
    total = float(values @ values)
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * float(values[lag:] @ values[:-lag])
    return max(total, 0.0) / n


def _from_means(values: Floats, starts: Sequence[int]) -> Floats:
    return np.concatenate([part - part.mean() for part in np.split(values, list(starts))])
