"""The plan of the week: a slow trend, then a cascade of several hours and a partial rebound."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from replica.simulated import timeline
from replica.simulated.draws import Draws, Floats


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the cascade; moves are logs of the market's price."""

    minutes: tuple[int, int]
    move: tuple[float, float]
    stress: float


# Creep, first leg down, pause, capitulation, bounce, retest, recovery of a part.
PHASES: Final = (
    Phase((60, 100), (-0.034, -0.026), 0.35),
    Phase((30, 50), (-0.044, -0.034), 0.75),
    Phase((18, 30), (0.006, 0.012), 0.45),
    Phase((35, 50), (-0.082, -0.064), 1.00),
    Phase((35, 55), (0.034, 0.044), 0.65),
    Phase((30, 45), (-0.018, -0.010), 0.45),
    Phase((80, 120), (0.014, 0.022), 0.20),
)
TREND_WEEK_MOVE: Final = 0.05
CALM_AFTER_MINUTES: Final = 540.0


@dataclass(frozen=True, slots=True)
class Plan:
    """`drift` is the planned log move of each minute; `stress` runs from 0 (calm) to 1."""

    drift: Floats
    stress: Floats
    phases: tuple[slice, ...]
    start_ms: int
    end_ms: int


def plan(draws: Draws) -> Plan:
    rng = draws.of("cascade")
    drift = np.zeros(timeline.MINUTES)
    drift[timeline.TREND_WEEK] = TREND_WEEK_MOVE / (7 * timeline.DAY_MINUTES)
    level = np.zeros(timeline.MINUTES)
    # Tuesday to Friday, from late morning to early evening, so that the week holds it all.
    day, minute = int(rng.integers(1, 5)), int(rng.integers(10 * 60, 17 * 60))
    start = at = timeline.CASCADE_WEEK.start + day * timeline.DAY_MINUTES + minute
    spans: list[slice] = []
    for phase in PHASES:
        length = int(rng.integers(*phase.minutes))
        spans.append(slice(at, at + length))
        drift[spans[-1]] = rng.uniform(*phase.move) / length
        level[spans[-1]] = phase.stress
        at += length
    after = np.arange(timeline.MINUTES - at)
    level[at:] = PHASES[-1].stress * np.exp(-after / CALM_AFTER_MINUTES)
    stress = np.convolve(level, np.full(9, 1 / 9), mode="same")
    return Plan(drift, stress, tuple(spans), _instant(start), _instant(at))


def _instant(minute: int) -> int:
    return timeline.FIRST_MS + minute * timeline.MINUTE_MS
