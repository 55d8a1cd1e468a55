"""What stands behind a feed's shown dollars, told twice: by what was learned, and by the week itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final, Self

from pipelines.reconcile.estimate.unheard import Unheard
from pipelines.tables.words import Sides

FARTHEST: Final = 10.0  # times; two answers are never taken to lie farther apart
USUAL: Final = 1.0  # log; so far apart, half of the way to the own feeds is gone (decision 26)
SIDES: Final = ("long", "short")


@dataclass(frozen=True, slots=True)
class Sums:
    """Dollars of some venues and sides: shown, hidden by estimate, and hidden by each answer."""

    shown: float
    behind: float
    taught: float
    own: float


@dataclass(frozen=True, slots=True)
class Hidden:
    """Dollars of a venue by side: shown; hidden as was ``taught`` by other weeks; and hidden as the
    week's ``own`` full feeds hide when they are throttled. ``crowded`` is the share of the shown
    dollars that came in crowded minutes.
    """

    venue: str
    shown: Mapping[str, float]
    taught: Mapping[str, float]
    own: Mapping[str, float]
    crowded: float

    def behind(self) -> dict[str, float]:
        """The estimate of the hidden dollars by side, between the two answers."""
        times = leaning(sum(self.taught.values()), sum(self.own.values()))
        return {side: self.taught[side] * times for side in SIDES}

    def of(self, sides: Sides) -> Sums:
        """Of a side, or of both."""
        chosen = SIDES if sides is Sides.BOTH else (sides.value,)
        parts = (self.shown, self.behind(), self.taught, self.own)
        return Sums(*(sum(part[side] for side in chosen) for part in parts))

    def with_unheard(self, lost: Unheard) -> Self:
        """What others heard counts as shown, what is expected as hidden; the throttle hid of both."""
        more = {side: lost.told[side] + lost.expected[side] for side in SIDES}

        def raised(behind: Mapping[str, float]) -> dict[str, float]:
            return {
                side: behind[side]
                * (1.0 + more[side] / self.shown[side] if self.shown[side] else 1.0)
                + lost.expected[side]
                for side in SIDES
            }

        shown = {side: self.shown[side] + lost.told[side] for side in SIDES}
        return type(self)(self.venue, shown, raised(self.taught), raised(self.own), self.crowded)


def summed(parts: Sequence[Hidden], sides: Sides) -> Sums:
    """Of several venues."""
    each = [part.of(sides) for part in parts]
    return Sums(
        sum(one.shown for one in each),
        sum(one.behind for one in each),
        sum(one.taught for one in each),
        sum(one.own for one in each),
    )


def crowd_of(parts: Sequence[Hidden]) -> float:
    """The share of the throttled feeds' shown dollars that came in crowded minutes."""
    throttled = [part for part in parts if any(part.taught.values())]
    shown = sum(sum(part.shown.values()) for part in throttled)
    dense = sum(part.crowded * sum(part.shown.values()) for part in throttled)
    return dense / shown if shown else 0.0


def apart(taught: float, own: float) -> float:
    """How many times the larger answer is the smaller one, at least 1."""
    least, most = sorted((taught, own))
    return min(most / least, FARTHEST) if least > 0 else (FARTHEST if most > 0 else 1.0)


def leaning(taught: float, own: float) -> float:
    """What the taught answer is multiplied by: it stays where the two nearly agree, and goes over to
    the week's own where they part, since a chance of that size would be rare.
    """
    off = log(apart(taught, own)) * (1.0 if own > taught else -1.0)
    return exp(off**3 / (off**2 + USUAL**2))
