"""Weeks of a market whose truth is known: every liquidation, and what each source says of it."""

from replica.truth.answers import Captured, Printed
from replica.truth.faults import Planted
from replica.truth.paths import REGIMES
from replica.truth.processes import HELD_OUT, PROCESSES
from replica.truth.weeks import TruthWeek, events, week

__all__ = [
    "HELD_OUT",
    "PROCESSES",
    "REGIMES",
    "Captured",
    "Planted",
    "Printed",
    "TruthWeek",
    "events",
    "week",
]
