"""A ratio that hardly moves and is a power of ten, or what one contract holds: a fault of unit."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pipelines.reconcile.series.logs import LEAST_DAYS, Logs, rounded

POWERS: Final = tuple(10.0**k for k in (*range(-9, 0), *range(1, 10)))
# A step of ten is 2.3 in logarithms: within 5 % of it by the middle day, and nine days of ten too.
NEAR = 0.05


def unit_factor(logs: Logs, multipliers: Sequence[float] = ()) -> float | None:
    """What A has to be divided by to say what B says, if that is a unit's fault; else None.

    ``multipliers`` are what one contract of the coin's markets holds, as listed; both a factor and
    its inverse are looked for. Nothing is said under LEAST_DAYS days.
    """
    ratio = logs.ratio[logs.both]
    if len(ratio) < LEAST_DAYS:
        return None
    middle = float(np.median(ratio))
    spread = np.quantile(np.abs(ratio - middle), 0.9)
    if spread > NEAR or abs(middle) <= NEAR:
        return None
    known = {*POWERS, *(m for m in multipliers if m > 0), *(1 / m for m in multipliers if m > 0)}
    near = [factor for factor in sorted(known) if abs(middle - np.log(factor)) <= NEAR]
    if not near:
        return None
    return rounded_factor(min(near, key=lambda factor: abs(middle - np.log(factor))))


def rounded_factor(factor: float) -> float | None:
    """To 6 places above one; below it, the inverse of its rounded inverse."""
    return rounded(factor) if factor >= 1 else 1 / (rounded(1 / factor) or 1.0)
