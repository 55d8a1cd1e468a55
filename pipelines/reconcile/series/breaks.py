"""Days from which the level of a series is another one: the CUSUM, by halves.

The largest distance of the summed deviations from zero, over the long-run deviation, is held
against the law of the largest distance of a Brownian bridge (Kolmogorov), so that no chance enters.
The deviation is that of what is left after the step itself, for days that resemble the day before
(an autoregression of one day, as Andrews and Monahan 1992 take it out). Each part between two breaks
is searched again (binary segmentation).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipelines.reconcile.series.logs import Floats, rounded

LEAST_DAYS = 60  # of a stretch that is searched
LEAST_SIDE = 14  # days before and after a break
LEAST_STEP = float(np.log(1.5))
CHANCE = 0.001  # many cells are searched, so that one in twenty would always be found


@dataclass(frozen=True, slots=True)
class Break:
    """``day`` is the first of the new level; ``step`` is the change of the mean (of logarithms)."""

    day: date
    step: float
    chance: float
    days_before: int
    days_after: int


def level_breaks(first: date, values: Floats) -> list[Break]:
    """Of one value for each calendar day from ``first`` on; NaN days are left out, not bridged.

    A break has LEAST_SIDE days on either side of it, changes the mean by LEAST_STEP or more and is
    less likely than CHANCE without one. In the order of time.
    """
    places = np.flatnonzero(np.isfinite(values))
    held = values[places]
    cuts = sorted(_cuts(held, 0, len(held)))
    edges = [0, *(cut for cut, _ in cuts), len(held)]
    found = []
    for place, (cut, chance) in enumerate(cuts):
        before, after = held[edges[place] : cut], held[cut : edges[place + 2]]
        found.append(
            Break(
                first + timedelta(days=int(places[cut])),
                rounded(float(after.mean() - before.mean())) or 0.0,
                rounded(chance) or 0.0,
                len(before),
                len(after),
            )
        )
    return found


def _cuts(values: Floats, start: int, end: int) -> list[tuple[int, float]]:
    part = values[start:end]
    cut, chance = _strongest(part)
    if cut is None or chance >= CHANCE:
        return []
    if abs(part[cut:].mean() - part[:cut].mean()) < LEAST_STEP:
        return []
    middle = start + cut
    return [(middle, chance), *_cuts(values, start, middle), *_cuts(values, middle, end)]


def _strongest(part: Floats) -> tuple[int | None, float]:
    """Where the CUSUM is furthest from zero, and how likely so far without a break."""
    n = len(part)
    if n < LEAST_DAYS:
        return None, 1.0
    distance = np.abs(np.cumsum(part - part.mean()))[LEAST_SIDE - 1 : n - LEAST_SIDE]
    cut = int(distance.argmax()) + LEAST_SIDE
    rest = np.concatenate([part[:cut] - part[:cut].mean(), part[cut:] - part[cut:].mean()])
    deviation = np.sqrt(_long_run(rest) * n)
    if deviation == 0:
        return (cut, 0.0) if distance.max() > 0 else (None, 1.0)
    return cut, _kolmogorov(float(distance.max() / deviation))


def _long_run(rest: Floats) -> float:
    """Variance of the mean times n, of values with mean zero that follow the day before."""
    n, squares = len(rest), float(rest @ rest)
    if squares == 0:
        return 0.0
    follows = float(rest[1:] @ rest[:-1]) / squares
    follows = min(max(follows + (1 + 3 * follows) / n, 0.0), 0.95)  # Kendall's bias put right
    new = rest[1:] - follows * rest[:-1]
    return float(new @ new) / (n - 2) / (1 - follows) ** 2


def _kolmogorov(distance: float) -> float:
    """P(the largest distance of a Brownian bridge from zero exceeds it)."""
    if distance < 0.2:
        return 1.0  # the sum below converges too slowly, and the answer is 1 to 12 places
    k = np.arange(1, 101)
    return float(np.clip(2 * np.sum((-1.0) ** (k - 1) * np.exp(-2 * (k * distance) ** 2)), 0, 1))
