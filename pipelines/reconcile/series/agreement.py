"""How two series agree on logarithms: ratio, limits, slope on level, concordance.

Bland and Altman 1986 and 1999 (limits of agreement, the slope of the difference on the mean), Lin
1989 (concordance), Newey and West 1987 (an error of the slope that allows for days that resemble
the day before). A positive slope says: the higher the day, the more A says than B. That is what a
feed which shows one order a second leaves behind in B.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.reconcile.series.logs import LEAST_DAYS, Floats, Logs, rounded

LIMITS = 1.96  # of a normal spread, as Bland and Altman print them
SURE = 2.576  # errors from zero at which a slope is put in words: two-sided 1 %


@dataclass(frozen=True, slots=True)
class Agreement:
    """Statistics of the natural log ratio A over B; None where ``refused`` says why not.

    ``days`` have both logarithms; ``slope`` is per unit of the mean logarithm of the two.
    """

    days: int
    mean_log_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    slope: float | None = None
    slope_se: float | None = None
    concordance: float | None = None
    refused: str | None = None

    @property
    def has_slope(self) -> bool:
        """Whether the ratio depends on the level beyond doubt."""
        return self.slope is not None and bool(self.slope_se) and abs(self.slope_z) >= SURE

    @property
    def slope_z(self) -> float:
        return (self.slope or 0.0) / self.slope_se if self.slope_se else 0.0


def agreement(logs: Logs) -> Agreement:
    """Refused under LEAST_DAYS days, and where a side is the same every day."""
    a, b = logs.a[logs.both], logs.b[logs.both]
    if len(a) < LEAST_DAYS:
        return Agreement(len(a), refused=f"fewer than {LEAST_DAYS} days with both logarithms")
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return Agreement(len(a), refused="one side is the same every day")
    ratio = a - b
    mean, spread = float(ratio.mean()), float(ratio.std(ddof=1))
    slope, error = slope_on_level(ratio, (a + b) / 2)
    return Agreement(
        len(a),
        rounded(mean),
        rounded(mean - LIMITS * spread),
        rounded(mean + LIMITS * spread),
        rounded(slope),
        rounded(error),
        rounded(concordance(a, b)),
    )


def concordance(a: Floats, b: Floats) -> float:
    """Lin's coefficient: 1 where the series are equal, lower by scatter and by any shift."""
    together = float(np.mean((a - a.mean()) * (b - b.mean())))
    return 2 * together / float(a.var() + b.var() + (a.mean() - b.mean()) ** 2)


def slope_on_level(ratio: Floats, level: Floats) -> tuple[float, float]:
    """Slope of ``ratio`` on ``level`` by least squares, and its standard error; NaN if level is flat."""
    x = level - level.mean()
    squares = float(x @ x)
    if squares == 0:
        return float("nan"), float("nan")
    slope = float(x @ ratio) / squares
    scores = x * (ratio - ratio.mean() - slope * x)
    n = len(x)
    variance = long_run(scores) * n / squares**2 * n / (n - 2)
    return slope, float(np.sqrt(max(variance, 0.0)))


def long_run(values: Floats) -> float:
    """Variance of a mean times n, for values of mean zero that resemble their neighbours."""
    n = len(values)
    lags = int(4 * (n / 100) ** (2 / 9))
    sum_ = float(values @ values)
    for lag in range(1, min(lags, n - 1) + 1):
        sum_ += 2 * (1 - lag / (lags + 1)) * float(values[lag:] @ values[:-lag])
    return max(sum_, 0.0) / n
