"""What is known to part two tellings and cannot be computed from what is held."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from pipelines.reconcile.gap.pair import OTHER, Pair
from pipelines.reconcile.gap.scope import listed
from pipelines.reconcile.tellings.telling import DAY_S
from pipelines.tables.words import Adl, Cause

NOTHING: Final = "nothing is known that would part them further"


def not_computable(pair: Pair) -> str:
    """Causes without a figure, in words; they are in what is left unexplained."""
    of_each = chain.from_iterable(_of_side(pair, side) for side in OTHER)
    words = [*of_each, *_of_both(pair)]
    return "; ".join(words) if words else NOTHING


def _of_side(pair: Pair, side: str) -> Iterator[str]:
    one, other = pair.of(side), pair.of(OTHER[side])
    if one.is_several and (alone := sorted(set(one.venues) - set(other.venues))):
        is_told = any(t.cause is Cause.VENUES and t.is_estimated for t in pair.toggles)
        rest = "what no third telling has of them" if is_told else f"their part of {one.name}"
        yield (
            f"{one.name} adds up {len(one.venues)} venues, of which {other.name} lacks "
            f"{listed(alone)}: {rest} is not held"
        )
    if one.markets["margin"].null_count() and not other.markets["margin"].null_count():
        kinds = listed(sorted(set(other.markets["margin"])))
        yield f"{one.name} does not say which margin its contracts have, {other.name} tells {kinds}"
    counts_coins = one.cells["coins"].null_count() < one.cells.height
    if not counts_coins and not one.cells.is_empty():
        yield f"{one.name} prints dollars alone, so its prices cannot be held against any"
    if one.adl is Adl.IN and other.adl is Adl.OUT and not _found(pair, Cause.ADL):
        yield f"{one.name} counts auto-deleveraging in, and not apart; {other.name} does not"


def _of_both(pair: Pair) -> Iterator[str]:
    known = [one.throttled for one in (pair.a, pair.b) if one.throttled is not None]
    if len(known) == 2 and not _found(pair, Cause.THROTTLE):
        shared = set(pair.a.venues) & set(pair.b.venues)
        if parted := sorted((known[0] ^ known[1]) & shared):
            yield f"one of them hears {listed(parted)} through a throttled feed: no rate is held"
    if pair.a.interval_s != pair.b.interval_s and pair.interval_s >= DAY_S:
        yield "days are compared, since one of them tells no hours"


def _found(pair: Pair, cause: Cause) -> bool:
    return any(toggle.cause is cause for toggle in pair.toggles)
