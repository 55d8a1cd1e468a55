"""How two series agree on logarithms: ratio, limits, slope on level, breaks, concordance.

Bland and Altman 1986 and 1999 (limits of agreement, the slope of the difference on the mean), Lin
1989 (concordance). A positive slope says: the higher the day, the more A says than B. That is what
a feed which shows one order a second leaves behind in B.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.reconcile.series.breaks import Break, level_breaks
from pipelines.reconcile.series.logs import LEAST_DAYS, Floats, Logs, rounded
from pipelines.reconcile.series.slopes import Slope, slope_on

LIMITS = 1.96  # of a normal spread, as Bland and Altman print them
# Errors from zero, and days, from which a slope is put in words. By 2.576, the two-sided 1 % of many
# independent days, chance would make 4 to 17 slopes of 100 out of 90 to 14 days like those held.
SURE = 3.5
LEAST_SLOPE = 30


@dataclass(frozen=True, slots=True)
class Agreement:
    """Statistics of the natural log ratio A over B; None where ``refused`` says why not.

    ``days`` have both logarithms. ``slope`` is per unit of the mean logarithm of the two, between
    days of one level: where the ratio breaks, each part has its own mean. ``unexplained_sd`` is the
    standard deviation of what neither the slope nor the breaks say of the ratio.
    """

    days: int
    mean_log_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    slope: float | None = None
    slope_se: float | None = None
    unexplained_sd: float | None = None
    concordance: float | None = None
    breaks: tuple[Break, ...] = ()
    refused: str | None = None

    @property
    def has_slope(self) -> bool:
        """Whether the ratio depends on the level beyond doubt."""
        if self.slope is None or not self.slope_se or self.days < LEAST_SLOPE:
            return False
        return abs(self.slope) >= SURE * self.slope_se


def agreement(logs: Logs) -> Agreement:
    """Refused under LEAST_DAYS days, and where a side is the same every day."""
    both = logs.both
    a, b = logs.a[both], logs.b[both]
    if len(a) < LEAST_DAYS:
        return Agreement(len(a), refused=f"fewer than {LEAST_DAYS} days with both logarithms")
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return Agreement(len(a), refused="one side is the same every day")
    ratio = a - b
    mean, spread = float(ratio.mean()), float(ratio.std(ddof=1))
    breaks, slope = _levels(logs)
    return Agreement(
        len(a),
        rounded(mean),
        rounded(mean - LIMITS * spread),
        rounded(mean + LIMITS * spread),
        rounded(slope.slope),
        rounded(slope.error),
        rounded(slope.left),
        rounded(concordance(a, b)),
        breaks,
    )


def concordance(a: Floats, b: Floats) -> float:
    """Lin's coefficient: 1 where the series are equal, lower by scatter and by any shift."""
    together = float(np.mean((a - a.mean()) * (b - b.mean())))
    return 2 * together / float(a.var() + b.var() + (a.mean() - b.mean()) ** 2)


def _levels(logs: Logs) -> tuple[tuple[Break, ...], Slope]:
    """Breaks of the ratio at a day's height, and its slope on height between them.

    A calm month lowers the ratio of a slope, and a break leans the slope: so the breaks that are
    found first only serve to take the slope out, and then all are looked for again.
    """
    both = logs.both
    ratio, level = logs.ratio, (logs.a + logs.b) / 2
    place = np.cumsum(both) - 1

    def starts(breaks: tuple[Break, ...]) -> list[int]:
        return [int(place[(one.day - logs.first).days]) for one in breaks]

    breaks = tuple(level_breaks(logs.first, ratio))
    slope = slope_on(level[both], ratio[both], starts(breaks)).slope
    if np.isfinite(slope):
        breaks = tuple(level_breaks(logs.first, ratio - slope * level))
    return breaks, slope_on(level[both], ratio[both], starts(breaks))
