"""Guards beside what was planted: which fired rightly, which wrongly, and what none noticed."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from replica.truth import Planted

OURS, SEVERAL = "ours", "several"
# Faults that make figures too high, or double them: the floor must not count them.
INFLATING = ("contract_size", "rows_doubled")
# The tracker's pairs are told by the same source.
SOURCE = {"coinglass_pairs": "coinglass"}


@dataclass(frozen=True, slots=True)
class Fired:
    """A guard that refused a series, and the kinds of faults that were planted there."""

    guard: str
    source: str
    venue: str
    kinds: tuple[str, ...]


def fired(refused: pl.DataFrame, planted: Sequence[Planted]) -> list[Fired]:
    """One for each guard, source and venue."""
    rows = refused.select("guard", "source", "venue").unique().sort("guard", "source", "venue")
    return [
        Fired(
            guard, source, venue, tuple(sorted({p.kind for p in planted if _at(p, source, venue)}))
        )
        for guard, source, venue in rows.iter_rows()
    ]


def unnoticed(refused: pl.DataFrame, planted: Sequence[Planted]) -> list[str]:
    """Kinds of inflating faults where no guard fired."""
    places = list(refused.select("source", "venue").unique().iter_rows())
    return [
        fault.kind
        for fault in planted
        if fault.kind in INFLATING
        and fault.effect_usd > 0
        and not any(_at(fault, source, venue) for source, venue in places)
    ]


def _at(fault: Planted, source: str, venue: str) -> bool:
    of = fault.venue if fault.source == OURS else SOURCE.get(fault.source, fault.source)
    return of == source and (fault.venue in ("", venue) or venue == SEVERAL)
