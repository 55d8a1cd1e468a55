"""How forced orders cluster in time and how large they are: three ways that differ on purpose.

An estimator that is fitted on one of them can be tested on another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from replica.simulated import timeline
from replica.simulated.draws import Flags, Floats

LARGEST: Final = 2_000.0
# The mean slice of `split_orders`, measured on ten million positions: dividing by it makes
# the mean multiple one, as in the other processes.
SLICE_MEAN: Final = 0.92


@dataclass(frozen=True, slots=True)
class Intensity:
    """Relative rates of each minute: of all forced orders, and the share that closes longs."""

    cumulative: Floats
    long_share: Floats

    def starts(self, rng: np.random.Generator, count: int) -> tuple[Floats, Flags]:
        """Instants in ms after the first, and whether a long is closed."""
        minute = np.searchsorted(self.cumulative, rng.random(count), side="right")
        instant = (minute + rng.random(count)) * timeline.MINUTE_MS
        return instant, rng.random(count) < self.long_share[minute]


@dataclass(frozen=True, slots=True)
class Burst:
    """Forced orders: ms after the first instant, side, and size as a multiple of the mean."""

    instant: Floats
    is_long: Flags
    multiple: Floats


Process: TypeAlias = Callable[[np.random.Generator, Intensity, int], Burst]


def lognormal_bursts(rng: np.random.Generator, intensity: Intensity, count: int) -> Burst:
    """Bursts of geometric length within seconds; sizes are lognormal and independent."""
    length = rng.geometric(1 / 4.0, size=count)
    bursts = int(np.searchsorted(np.cumsum(length), count)) + 1
    instant, is_long = intensity.starts(rng, bursts)
    member = np.repeat(np.arange(bursts), length[:bursts])[:count]
    delay = rng.exponential(900.0, size=count)
    return Burst(instant[member] + delay, is_long[member], _lognormal(rng, 1.7, count))


def pareto_hawkes(rng: np.random.Generator, intensity: Intensity, count: int) -> Burst:
    """Each order sets off others, some at once and some seconds later; sizes are Pareto."""
    branching, tail = 0.68, 1.55
    instants: list[Floats] = []
    sides: list[Flags] = []
    held = 0
    while held < count:
        seeds = int((count - held) * (1 - branching)) + 1
        instant, is_long = intensity.starts(rng, seeds)
        while instant.size:
            instants.append(instant)
            sides.append(is_long)
            held += instant.size
            children = rng.poisson(branching, size=instant.size)
            scale = np.where(rng.random(int(children.sum())) < 0.75, 250.0, 9_000.0)
            instant = np.repeat(instant, children) + rng.exponential(scale)
            is_long = np.repeat(is_long, children)
    # 1 / (1 - u) to the power 1 / tail has the mean tail / (tail - 1).
    multiple = (tail - 1) / tail * (1 - rng.random(count)) ** (-1 / tail)
    return Burst(
        np.concatenate(instants)[:count],
        np.concatenate(sides)[:count],
        np.minimum(multiple, LARGEST),
    )


def split_orders(rng: np.random.Generator, intensity: Intensity, count: int) -> Burst:
    """Lone positions; a large one is closed in equal slices at a steady pace."""
    limit, most = 6.0, 40
    position = _lognormal(rng, 2.1, count)
    slices = np.minimum(most, np.ceil(position / limit)).astype(np.int64)
    positions = int(np.searchsorted(np.cumsum(slices), count)) + 1
    instant, is_long = intensity.starts(rng, positions)
    slices = slices[:positions]
    member = np.repeat(np.arange(positions), slices)[:count]
    turn = np.arange(member.size) - (np.cumsum(slices) - slices)[member]
    pace = rng.uniform(60.0, 260.0, size=positions)
    multiple = (position[:positions] / slices)[member] / SLICE_MEAN
    return Burst(instant[member] + turn * pace[member], is_long[member], multiple)


PROCESSES: Final[Mapping[str, Process]] = MappingProxyType(
    {
        "lognormal_bursts": lognormal_bursts,
        "pareto_hawkes": pareto_hawkes,
        "split_orders": split_orders,
    }
)


def _lognormal(rng: np.random.Generator, sigma: float, count: int) -> Floats:
    """Sizes with the mean one."""
    multiple = np.exp(sigma * rng.standard_normal(count) - sigma**2 / 2)
    return np.minimum(multiple, LARGEST)
