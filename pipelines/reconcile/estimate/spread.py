"""How far an estimate of what is hidden may be off, and where the learned figures are kept."""

from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from pipelines.reconcile.estimate.capture import Model
from pipelines.reconcile.estimate.throttling import Rule
from pipelines.tables.words import Level, Sides

CROWD: Final = 16  # busy seconds of a minute from which it counts as crowded
LEARNED: Final = Path(__file__).with_name("learned.json")


class Spread(msgspec.Struct, frozen=True):
    """The interval of 95 % around hidden dollars, as multiples of their estimate.

    ``edges`` part weeks by the share of the shown dollars that came in crowded minutes; each class
    has its multiples, taken from the errors in weeks whose truth was known: so much narrower or
    wider would have left out more or less than one in twenty of them.
    """

    edges: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def around(self, hidden: float, crowded: float) -> tuple[float, float]:
        """The ends of the interval, in dollars behind what is shown; never below zero."""
        at = bisect_right(self.edges, crowded)
        return hidden * self.low[at], hidden * self.high[at]


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
