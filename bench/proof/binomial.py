"""The exact binomial interval of a share (Clopper and Pearson 1934), by bisection on the tail."""

from collections.abc import Callable
from math import exp, fsum, lgamma, log, log1p

STEPS = 60  # halvings: more digits than a double has


def interval(hits: int, tries: int, level: float = 0.99) -> tuple[float, float]:
    """Lowest and highest chance that makes ``hits`` of ``tries`` no wonder at ``level``, two-sided."""
    if tries == 0:
        return 0.0, 1.0
    tail = (1.0 - level) / 2.0
    low = 0.0 if hits == 0 else _root(lambda p: at_least(hits, tries, p) - tail)
    high = 1.0 if hits == tries else _root(lambda p: tail - at_most(hits, tries, p))
    return low, high


def at_least(hits: int, tries: int, chance: float) -> float:
    """The chance of so many hits or more."""
    return fsum(_mass(k, tries, chance) for k in range(hits, tries + 1))


def at_most(hits: int, tries: int, chance: float) -> float:
    """The chance of so many hits or fewer."""
    return fsum(_mass(k, tries, chance) for k in range(hits + 1))


def _mass(hits: int, tries: int, chance: float) -> float:
    ways = lgamma(tries + 1) - lgamma(hits + 1) - lgamma(tries - hits + 1)
    return exp(ways + hits * log(chance) + (tries - hits) * log1p(-chance))


def _root(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2.0
