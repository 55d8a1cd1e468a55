"""How far an estimate of what is hidden may be off, and where the learned figures are kept."""

from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from pipelines.reconcile.estimate.capture import Model
from pipelines.reconcile.estimate.hidden import apart
from pipelines.reconcile.estimate.throttling import Rule
from pipelines.tables.words import Level, Sides

REACH: Final = 3.0  # times; answers that lie farther apart add no more than that
CROWD: Final = 16  # busy seconds of a minute from which it counts as crowded
LEARNED: Final = Path(__file__).with_name("learned.json")


class Spread(msgspec.Struct, frozen=True):
    """The interval of 95 % around two answers to how many dollars are hidden, as multiples of them.

    ``edges`` part weeks by the share of the shown dollars that came in crowded minutes; each class
    has its multiples, ``low`` of the smaller answer and ``high`` of the larger one, taken from the
    errors in weeks whose truth was known: so much narrower or wider would have left out more or less
    than one in twenty of them. ``doubt`` is the part of the distance between the answers (in logs)
    that is added at either end, so that weeks of a process that nobody had learned are hit too.
    """

    edges: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    doubt: float

    def around(self, taught: float, own: float, crowded: float) -> tuple[float, float]:
        """The ends of the interval, in dollars behind what is shown; never below zero."""
        at = bisect_right(self.edges, crowded)
        more = beyond(taught, own, self.doubt)
        return min(taught, own) * self.low[at] / more, max(taught, own) * self.high[at] * more


def beyond(taught: float, own: float, doubt: float) -> float:
    """How many times farther than usual the interval reaches beyond two answers that part."""
    times: float = min(apart(taught, own), REACH) ** doubt
    return times


class Learned(msgspec.Struct, frozen=True):
    """Everything that was learned beforehand; ``about`` says from what, and how it was judged."""

    about: str
    models: Mapping[Rule, Model]
    total: Spread
    side: Spread  # of longs or shorts of the total
    venue: Spread

    def spread(self, level: Level, sides: Sides) -> Spread:
        """The interval that was judged for figures of that kind."""
        if level is Level.VENUE:
            return self.venue
        return self.total if sides is Sides.BOTH else self.side


def learned(place: Path = LEARNED) -> Learned:
    """As it is shipped with the code."""
    return msgspec.json.decode(place.read_bytes(), type=Learned)
