"""Forced orders that move the price, which forces others: only the held-out process has it.

Each minute the orders of the past minutes push the price, and what is pushed far enough sets off
more: a Hawkes process of minutes whose echo runs through the price.
"""

from typing import Final

import numpy as np

from replica.simulated.draws import Floats
from replica.truth.paths import Paths
from replica.truth.ranges import Range
from replica.truth.timeline import MINUTES

ECHO: Final = Range(0.6, 0.95)
FADES: Final = Range(0.75, 0.95)
IMPACT: Final = Range(0.02, 0.12)  # of a usual minute's move, for a usual minute's orders
UNEVEN: Final = 0.12  # shape of what a minute sets off: few minutes set off much
MOST: Final = 400.0


def fed_back(rng: np.random.Generator, paths: Paths, weights: Floats) -> tuple[Paths, Floats]:
    """The same market with the push of its own orders, and the weights of (coin, side, minute)."""
    echo, fades, impact = (one.draw(rng) for one in (ECHO, FADES, IMPACT))
    mean = weights.mean(axis=2, keepdims=True)
    base = weights / np.maximum(mean, 1e-300)
    chance = rng.gamma(UNEVEN, 1 / UNEVEN, size=(MINUTES, *base.shape[:2]))
    excess = np.zeros(base.shape[:2])
    rates = np.empty((MINUTES, *base.shape[:2]))
    for minute in range(MINUTES):
        rate = np.minimum(base[:, :, minute] + excess, MOST)
        rates[minute] = rate
        excess = fades * excess + (1 - fades) * echo * rate * chance[minute]
    pushed = np.moveaxis(rates, 0, 2)
    usual = np.median(np.abs(paths.returns), axis=1, keepdims=True)
    push = impact * usual * (pushed[:, 1] - pushed[:, 0]).clip(-60.0, 60.0)
    return Paths(paths.returns + push - push.mean(axis=1, keepdims=True), paths.stress), (
        pushed * mean
    )
