"""What could be wrong with a telling, each with the hours that suit it best and what it explains."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np

from pipelines.reconcile.faults.expected import OF_SECOND, Expected, Fault, Kind
from pipelines.reconcile.faults.stretch import best_stretch
from pipelines.reconcile.tellings.reference import Flags, Floats

TWICE: Final = (2.0, 0.5)  # rows of the telling, or of the orders, are there twice
POWERS: Final = (-3, -2, -1, 1, 2, 3)
LATE: Final = tuple(hours for hours in range(-24, 49) if hours)
# Of what may be not told at all, and of what in another unit.
SCOPES: Final = (("coin",), ("margin",), ("venue", "coin"), ("venue", "margin"))
UNITS: Final = (("venue",), ("venue", "coin"), ("venue", "margin"), ("venue", "coin", "margin"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is left of a telling under the faults found so far; ``least`` is what one must explain."""

    one: Expected
    content: Floats
    residual: Floats
    judged: Flags
    least: float

    def could(self, rows: Flags) -> bool:
        """Whether what is left of these series' groups would be enough for a fault."""
        groups = np.unique(self.one.group[rows])
        rest = np.where(self.judged[groups], np.abs(self.residual[groups]), 0.0)
        return bool(rest.sum() >= self.least)


def is_unit(fault: Fault) -> bool:
    return fault.kind is Kind.TIMES and fault.factor not in TWICE


def candidates(seen: Seen, *, of_days: bool) -> Iterator[Fault]:
    one = seen.one
    venues = one.rows["venue"].unique().sort().to_list()
    for venue in venues if len(venues) == 1 else (None, *venues):
        if seen.could(one.rows_of(venue)):
            yield from _of_place(seen, venue)
    yield from _units(seen)
    for venue in venues if of_days else ():
        rows = one.rows_of(venue)
        if seen.could(rows) and not one.late[rows].any():
            yield from _late(seen, venue, rows)
    if not one.at_par:
        yield _par(seen)


def _units(seen: Seen) -> Iterator[Fault]:
    """Markets in another unit; and coins and margins that are not told at all."""
    for places, kind, factors in (
        (SCOPES, Kind.LACKS, (0.0,)),
        (UNITS, Kind.TIMES, tuple(10.0**power for power in POWERS)),
    ):
        for venue, coin, margin in chain.from_iterable(_places(seen, names) for names in places):
            place = Fault(kind, venue, coin, margin, 0, 0, 0.0)
            yield from _scaled(seen, [replace(place, factor=factor) for factor in factors])


def _places(seen: Seen, names: tuple[str, ...]) -> Iterator[tuple[str | None, ...]]:
    """Venue, coin and margin, those of ``names`` given, of which enough is left to explain."""
    rows = seen.one.rows.select(names).unique().sort(names)
    for place in rows.iter_rows(named=True):
        found = tuple(place.get(name) for name in ("venue", "coin", "margin"))
        if seen.could(seen.one.rows_of(*found)):
            yield found


def _of_place(seen: Seen, venue: str | None) -> Iterator[Fault]:
    whole = Fault(Kind.LACKS, venue, None, None, 0, 0, 0.0)
    if venue is None:
        yield from _scaled(seen, [whole])
        return
    twice = [replace(whole, kind=Kind.TIMES, factor=times) for times in TWICE]
    yield from _scaled(seen, [whole, *twice])
    yield _turned(seen, replace(whole, kind=Kind.TURNED, factor=1.0))
    for kind in OF_SECOND:
        yield from _of_second(seen, replace(whole, kind=kind, factor=1.0))


def _scaled(seen: Seen, faults: list[Fault]) -> Iterator[Fault]:
    """Faults of one place that multiply what is there."""
    own = seen.one.by_group(_own(seen, faults[0]), seen.one.turned, seen.one.late)
    for fault in faults:
        yield _stretched(seen, fault, own * (fault.factor - 1))


def _turned(seen: Seen, fault: Fault) -> Fault:
    one, own = seen.one, _own(seen, fault)
    change = one.by_group(own, ~one.turned, one.late) - one.by_group(own, one.turned, one.late)
    return _stretched(seen, fault, change)


def _of_second(seen: Seen, fault: Fault) -> Iterator[Fault]:
    """What a feed of one order a second hides, where it would hide any."""
    one = seen.one
    hidden = _own(seen, fault) * (1 - one.shown[fault.kind])
    if hidden.any():
        yield _stretched(seen, fault, -one.by_group(hidden, one.turned, one.late))


def _own(seen: Seen, fault: Fault) -> Floats:
    """What is there of the place of a fault, by series and hour."""
    rows = seen.one.rows_of(fault.venue, fault.coin, fault.margin)
    own: Floats = np.where(rows[:, None], seen.content, 0.0)
    return own


def _stretched(seen: Seen, fault: Fault, change: Floats) -> Fault:
    """The fault in the hours that suit it best."""
    best = best_stretch(seen.residual, seen.judged, change)
    return replace(fault, first=best.first, end=best.end, gain=best.gain, crisp=best.crisp)


def _late(seen: Seen, venue: str, rows: Flags) -> Iterator[Fault]:
    one = seen.one
    own = np.where(rows[:, None], seen.content, 0.0)
    now = one.by_group(own, one.turned, one.late).sum(axis=2)
    for hours in LATE:
        late = np.where(rows, hours, one.late)
        change = one.by_group(own, one.turned, late).sum(axis=2) - now
        whole = Fault(Kind.LATE, venue, None, None, 0, one.base.shape[1], float(hours))
        yield of_span(whole, seen.residual, seen.judged & one.judged(late), change)


def _par(seen: Seen) -> Fault:
    """At the orders' own prices: a rate that is a cent off looks like a price that is."""
    one = seen.one
    change = one.by_group(one.weight * (one.par - one.base), one.turned, one.late).sum(axis=2)
    residual = one.told - one.expected().sum(axis=2)
    whole = Fault(Kind.PAR, None, None, None, 0, one.base.shape[1], 1.0)
    return of_span(whole, residual, seen.judged, change)


def of_span(fault: Fault, residual: Floats, judged: Flags, change: Floats) -> Fault:
    """A fault of the whole span."""
    taken = np.abs(residual) - np.abs(residual - change)
    gain, moved = float(taken[judged].sum()), float(np.abs(change)[judged].sum())
    return replace(fault, gain=gain, crisp=gain / moved if moved > 0 else 0.0)
