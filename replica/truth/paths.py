"""What the market does in a week, minute by minute: its regime, its prices, its stress."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from replica.simulated.draws import Floats
from replica.truth.ranges import OF_WEEK
from replica.truth.terms import Coin
from replica.truth.timeline import LEAD_MINUTES, MINUTES

REGIMES: Final = ("calm", "trending", "cascade", "cascades")
STRESSED: Final = ("cascade", "cascades")
MINUTES_A_YEAR: Final = 525_600
TREND_VOL: Final = 1.3


@dataclass(frozen=True, slots=True)
class Paths:
    """``returns`` of each coin and minute (logs), and ``stress`` of each minute, from 0 to 1."""

    returns: Floats
    stress: Floats

    @property
    def points(self) -> Floats:
        """Log prices of each coin at the edges of minutes, from zero."""
        zero = np.zeros((self.returns.shape[0], 1))
        return np.concatenate((zero, np.cumsum(self.returns, axis=1)), axis=1)


def paths(rng: np.random.Generator, regime: str, coins: tuple[Coin, ...]) -> Paths:
    vol = OF_WEEK["calm_vol"].draw(rng) * (TREND_VOL if regime == "trending" else 1.0)
    drift, stress = np.zeros(MINUTES), np.zeros(MINUTES)
    if regime == "trending":
        drift += OF_WEEK["trend"].draw(rng) * rng.choice((-1.0, 1.0)) / MINUTES
    for _ in range(_cascades(rng, regime)):
        _fall(rng, drift, stress, deep=regime == "cascade")
    calm = vol / np.sqrt(MINUTES_A_YEAR) * (1.0 + 3.0 * stress)
    # Unrest comes and goes within hours, in calm weeks too.
    calm *= np.exp(0.4 * _slow(rng, 240))
    common = drift + calm * rng.standard_normal(MINUTES)
    beta = np.array([coin.beta for coin in coins])[:, None]
    own = np.array([coin.own_vol for coin in coins])[:, None] / np.sqrt(MINUTES_A_YEAR)
    alone = own * rng.standard_normal((len(coins), MINUTES)) * (1.0 + stress)
    return Paths(beta * common + alone, stress)


def _cascades(rng: np.random.Generator, regime: str) -> int:
    return {"cascade": 1, "cascades": int(rng.integers(2, 6))}.get(regime, 0)


def _fall(rng: np.random.Generator, drift: Floats, stress: Floats, *, deep: bool) -> None:
    """One cascade of the week: most of them down, with a rebound of a part."""
    length = int(np.exp(rng.uniform(np.log(12), np.log(300))))
    at = int(rng.integers(LEAD_MINUTES + 60, MINUTES - length - 600))
    depth = rng.uniform(0.06, 0.18) if deep else rng.uniform(0.03, 0.12)
    sign = 1.0 if rng.random() < 0.25 else -1.0
    shape = rng.gamma(0.7, size=length) * np.hanning(length + 2)[1:-1]
    drift[at : at + length] += sign * depth * shape / shape.sum()
    back = int(length * rng.uniform(1.0, 4.0))
    rebound = depth * rng.uniform(0.1, 0.6) / back
    drift[at + length : at + length + back] -= sign * rebound
    height = rng.uniform(0.6, 1.0)
    bell = np.sqrt(np.hanning(length + 2)[1:-1])
    stress[at : at + length] = np.maximum(stress[at : at + length], height * bell)
    tail = np.arange(MINUTES - at - length)
    decay = 0.5 * height * np.exp(-tail / rng.uniform(20, 240))
    stress[at + length :] = np.maximum(stress[at + length :], decay)


def _slow(rng: np.random.Generator, window: int) -> Floats:
    """Unit-variance noise that stays alike for about ``window`` minutes."""
    sums = np.cumsum(np.concatenate(([0.0], rng.standard_normal(MINUTES + window - 1))))
    steps: Floats = (sums[window:] - sums[:-window]) / np.sqrt(window)
    return steps
