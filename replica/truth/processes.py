"""How forced orders cluster in time and how large they are: five ways that differ on purpose.

Each takes its numbers from ranges of its own, drawn anew for each venue and week. One of them is
held out: nothing may ever be fitted on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from replica.simulated.draws import Floats, Integers
from replica.truth.ranges import Range, Ranges
from replica.truth.timeline import MINUTE_MS, MINUTES

LARGEST: Final = 800.0
Manner: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Starts:
    """Where and when something begins: cumulative weights of (coin, side, minute), and the stress."""

    cumulative: Floats
    stress: Floats

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Floats, Integers]:
        """Milliseconds after the first, and place: twice the coin, plus one if a short is closed."""
        cell = np.searchsorted(self.cumulative, rng.random(count), side="right")
        cell = np.minimum(cell, self.cumulative.size - 1)
        place, minute = np.divmod(cell, MINUTES)
        return (minute + rng.random(count)) * MINUTE_MS, place.astype(np.int64)

    def stress_at(self, instant: Floats) -> Floats:
        minute = np.minimum((instant / MINUTE_MS).astype(np.int64), MINUTES - 1)
        levels: Floats = self.stress[minute]
        return levels


@dataclass(frozen=True, slots=True)
class Burst:
    """Forced orders: ms after the first instant, place, and size as a multiple of some mean."""

    instant: Floats
    place: Integers
    multiple: Floats


Process: TypeAlias = Callable[[np.random.Generator, Starts, int, Manner], Burst]


def lognormal_bursts(rng: np.random.Generator, starts: Starts, count: int, how: Manner) -> Burst:
    """Bursts of geometric length within seconds; sizes are lognormal and independent."""
    length = rng.geometric(1 / how["length"], size=count)
    bursts = int(np.searchsorted(np.cumsum(length), count)) + 1
    instant, place = starts.draw(rng, bursts)
    member = np.repeat(np.arange(bursts), length[:bursts])[:count]
    delay = rng.exponential(how["delay_ms"], size=member.size)
    return Burst(instant[member] + delay, place[member], _lognormal(rng, how["sigma"], member.size))


def pareto_hawkes(rng: np.random.Generator, starts: Starts, count: int, how: Manner) -> Burst:
    """Each order sets off others, some at once and some seconds later; sizes are Pareto."""
    branching = how["branching"]
    instants, places, held = [], [], 0
    instant, place = starts.draw(rng, int(count * (1 - branching)) + 1)
    while instant.size and held < count:
        instants.append(instant)
        places.append(place)
        held += instant.size
        children = rng.poisson(branching, size=instant.size)
        quick = rng.random(int(children.sum())) < how["quick_share"]
        wait = rng.exponential(np.where(quick, how["quick_ms"], how["slow_ms"]))
        instant, place = np.repeat(instant, children) + wait, np.repeat(place, children)
    multiple = (1 - rng.random(held)) ** (-1 / how["tail"])
    return Burst(np.concatenate(instants), np.concatenate(places), np.minimum(multiple, LARGEST))


def split_orders(rng: np.random.Generator, starts: Starts, count: int, how: Manner) -> Burst:
    """Lone positions; a large one is closed in equal slices at a steady pace."""
    position = _lognormal(rng, how["sigma"], count)
    slices = np.minimum(how["most"], np.ceil(position / how["limit"])).astype(np.int64)
    positions = int(np.searchsorted(np.cumsum(slices), count)) + 1
    slices = slices[:positions]
    instant, place = starts.draw(rng, slices.size)
    member = np.repeat(np.arange(slices.size), slices)
    turn = np.arange(member.size) - (np.cumsum(slices) - slices)[member]
    pace = rng.uniform(how["pace_ms"] / 2, how["pace_ms"] * 2, size=slices.size)
    multiple = (position[: slices.size] / slices)[member]
    return Burst(instant[member] + turn * pace[member], place[member], multiple)


def margin_ladders(rng: np.random.Generator, starts: Starts, count: int, how: Manner) -> Burst:
    """Herds of positions of two kinds, each closed by shrinking steps with growing waits."""
    herd = np.minimum(rng.zipf(how["herd_tail"], size=count), 400)
    herds = int(np.searchsorted(np.cumsum(herd), count / how["steps"])) + 1
    herd = herd[:herds]
    began, place = starts.draw(rng, herd.size)
    member = np.repeat(np.arange(herd.size), herd)
    at = began[member] + rng.exponential(how["herd_ms"], size=member.size)
    # What a herd has in common is leverage: large herds are of large positions.
    alike = np.exp(0.5 * rng.standard_normal(herd.size))[member] * herd[member] ** 0.25
    whale = np.where(rng.random(member.size) < how["whales"], how["whale_size"], 1.0)
    position = _lognormal(rng, how["sigma"], member.size) * alike * whale
    steps = rng.geometric(1 / how["steps"], size=member.size)
    of = np.repeat(np.arange(member.size), steps)
    step = np.arange(of.size) - (np.cumsum(steps) - steps)[of]
    wait = how["step_ms"] * ((1 + step) ** 1.3 - 1)
    size = position[of] * how["kept"] ** step
    return Burst(at[of] + wait, place[member][of], np.minimum(size, LARGEST))


def price_feedback(rng: np.random.Generator, starts: Starts, count: int, how: Manner) -> Burst:
    """Orders that moved the price and so set off others (:mod:`replica.truth.feedback`): all
    venues in the same seconds; Pareto sizes whose tail grows heavier with stress.
    """
    instant, place = starts.draw(rng, count)
    minute = np.floor(instant / MINUTE_MS)
    stress = starts.stress_at(instant)
    # The hot second of a minute is the same for everybody: a hash of the minute, not a draw.
    hot = np.mod(np.sin(minute * 12.9898) * 43_758.5453, 1.0) * MINUTE_MS
    is_hot = rng.random(count) < how["hot_share"] * (0.6 + 0.4 * stress)
    near = minute * MINUTE_MS + hot + rng.gamma(2.0, how["hot_ms"], size=count)
    tail = how["tail"] - how["heavier"] * stress
    multiple = (1 - rng.random(count)) ** (-1 / tail)
    return Burst(np.where(is_hot, near, instant), place, np.minimum(multiple, LARGEST))


PROCESSES: Final[Mapping[str, Process]] = MappingProxyType(
    {
        "lognormal_bursts": lognormal_bursts,
        "pareto_hawkes": pareto_hawkes,
        "split_orders": split_orders,
        "margin_ladders": margin_ladders,
        "price_feedback": price_feedback,
    }
)
HELD_OUT: Final = "price_feedback"
MANNERS: Final[Mapping[str, Ranges]] = MappingProxyType(
    {
        "lognormal_bursts": {
            "length": Range(2.0, 9.0),
            "delay_ms": Range(200.0, 4_000.0, by_log=True),
            "sigma": Range(1.2, 2.2),
        },
        "pareto_hawkes": {
            "branching": Range(0.5, 0.8),
            "tail": Range(1.3, 2.2),
            "quick_share": Range(0.5, 0.9),
            "quick_ms": Range(80.0, 600.0, by_log=True),
            "slow_ms": Range(3_000.0, 30_000.0, by_log=True),
        },
        "split_orders": {
            "sigma": Range(1.6, 2.4),
            "limit": Range(3.0, 10.0),
            "most": Range(20.0, 60.0),
            "pace_ms": Range(60.0, 500.0, by_log=True),
        },
        "margin_ladders": {
            "herd_tail": Range(1.8, 2.6),
            "herd_ms": Range(500.0, 20_000.0, by_log=True),
            "steps": Range(1.5, 5.0),
            "step_ms": Range(300.0, 4_000.0, by_log=True),
            "kept": Range(0.5, 0.9),
            "whales": Range(0.005, 0.04),
            "whale_size": Range(10.0, 60.0),
            "sigma": Range(0.8, 1.4),
        },
        "price_feedback": {
            "hot_share": Range(0.4, 0.95),
            "hot_ms": Range(150.0, 1_500.0, by_log=True),
            "tail": Range(1.8, 2.6),
            "heavier": Range(0.3, 0.6),
        },
    }
)


def _lognormal(rng: np.random.Generator, sigma: float, count: int) -> Floats:
    """Sizes with the mean one."""
    multiple = np.exp(sigma * rng.standard_normal(count) - sigma**2 / 2)
    return np.minimum(multiple, LARGEST)
