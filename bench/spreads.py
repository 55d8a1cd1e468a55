"""Intervals: from the errors in weeks, and in processes, that the weights were not fitted on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from bench.lessons import Miss, Misses, Taught, misses_of, models_of
from pipelines.reconcile.estimate.capture import Floats
from pipelines.reconcile.estimate.spread import Learned, Spread, beyond
from replica.truth import PROCESSES, REGIMES

CLASSES: Final = 4
ONE_IN_FORTY: Final = 0.025
ASKED: Final = 0.95
FOLDS: Final = 5
ROUND: Final = len(PROCESSES) * len(REGIMES)  # so many weeks in a row have each of both once
DOUBTS: Final = tuple(n / 4 for n in range(13))


def process_of(seed: int) -> int:
    """Which process a week is of, as a number; processes take turns."""
    return seed // len(REGIMES) % len(PROCESSES)


def learned_from(weeks: Mapping[int, Taught], about: str) -> Learned:
    """Weights from all weeks; spreads from a fifth of them at a time, by the weights of the others;
    and doubt from one process at a time, by the weights of the others, by the week's total alone.
    """
    inside = left_out(weeks, lambda seed: seed // ROUND % FOLDS)
    doubt = doubted(inside["total"], left_out(weeks, process_of)["total"])
    return Learned(
        about,
        models_of(weeks.values()),
        *(spread_of(inside[kind], doubt) for kind in ("total", "side", "venue")),
    )


def left_out(weeks: Mapping[int, Taught], part_of: Callable[[int], int]) -> Misses:
    """One part of the weeks after the other, by weights of all other parts."""
    found: Misses = {"total": [], "side": [], "venue": []}
    for part in sorted({part_of(seed) for seed in weeks}):
        fit = [week for seed, week in weeks.items() if part_of(seed) != part]
        judge = {seed: week for seed, week in weeks.items() if part_of(seed) == part}
        for kind, misses in misses_of(judge, models_of(fit)).items():
            found[kind] += misses
    return found


def doubted(inside: Sequence[Miss], outside: Sequence[Miss]) -> float:
    """The least doubt by which 95 of 100 weeks of processes that were left out are hit; where none
    suffices, the largest.
    """
    for doubt in DOUBTS:
        if sum(hits_outside(inside, outside, doubt)) >= ASKED * len(outside):
            return doubt
    return DOUBTS[-1]


def hits_outside(inside: Sequence[Miss], outside: Sequence[Miss], doubt: float) -> list[bool]:
    """Of each process by the spread of the others alone: nothing of it is known to anybody."""
    hits = []
    for process in sorted({process_of(one.seed) for one in outside}):
        others = [one for one in inside if process_of(one.seed) != process]
        spread = spread_of(others, doubt)
        hits += [is_hit(spread, one) for one in outside if process_of(one.seed) == process]
    return hits


def is_hit(spread: Spread, one: Miss) -> bool:
    low, high = spread.around(one.taught, one.own, one.crowded)
    return low <= one.true <= high


def spread_of(misses: Sequence[Miss], doubt: float) -> Spread:
    """Classes of alike size, and in each the multiples that one in forty lies below, and above."""
    crowd, low, high = np.array([(one.crowded, *_times(one, doubt)) for one in misses]).T
    edges = np.quantile(crowd, np.arange(1, CLASSES) / CLASSES)
    of = np.searchsorted(edges, crowd, "right")
    least = [float(_one_in_forty(np.sort(low[of == n]))) for n in range(CLASSES)]
    most = [1 / float(_one_in_forty(np.sort(1 / high[of == n]))) for n in range(CLASSES)]
    return Spread(tuple(edges.tolist()), tuple(least), tuple(most), doubt)


def _times(one: Miss, doubt: float) -> tuple[float, float]:
    """Multiples of the smaller and of the larger answer that would just reach the truth."""
    more = beyond(one.taught, one.own, doubt)
    least, most = sorted((one.taught, one.own))
    true = max(one.true, 1.0)  # dollars; a feed that hid nothing
    return true / max(least, 1.0) * more, true / max(most, 1.0) / more


def _one_in_forty(ordered: Floats) -> float:
    """The next of its kind lies below the k-th of n with chance k / (n + 1): conformal, not fitted."""
    k = max(1, int(ONE_IN_FORTY * (ordered.size + 1)))
    return float(ordered[k - 1])
