"""The faults of one telling, found one after the other against the venues' own orders.

Each step takes the fault that brings the telling nearest to what the reference would make of it, as
long as that fault explains most of what it touches (Mallat and Zhang 1993, matching pursuit, on absolute
residuals). In the end only those stay whose figures come to par.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from typing import Final

import numpy as np

from pipelines.reconcile.faults.expected import Expected, Fault, Kind
from pipelines.reconcile.faults.stretch import best_stretch
from pipelines.reconcile.tellings.reference import Flags, Floats

MOST_FAULTS: Final = 6
LEAST_SHARE: Final = 0.003  # of the telling's dollars that a fault must explain
# Where figures are usually off by so much, chance makes stretches that look like a fault: a fault must
# explain this part of it as well.
NOISE: Final = 0.2
CRISP: Final = 0.7  # of what a fault touches, what it must explain
# What a fault leaves of what it touches weighs so much more than what it explains: of two, the one
# that fits is taken before the one that covers more.
AGAINST: Final = 3.0
# What a fault touches has to be as expected in the end: what is left over what it changes, in the middle
# and for most, in so many figures (of one size, for their weight).
AT_PAR: Final = 0.15
NEAR: Final = 0.3
MOST_NEAR: Final = 0.6
LEAST_CELLS: Final = 2.0
TWICE: Final = (2.0, 0.5)  # rows of the telling, or of the orders, are there twice
LEAST_UNIT_HOURS: Final = 20
# A thousandth of a venue looks like nothing of it, which is the plainer word.
PLAINER: Final = 0.985
POWERS: Final = (-3, -2, -1, 1, 2, 3)
LATE: Final = tuple(hours for hours in range(-24, 49) if hours)
# Of what may be not told at all, and of what in another unit.
SCOPES: Final = (("coin",), ("margin",), ("venue", "coin"), ("venue", "margin"))
UNITS: Final = (("venue",), ("venue", "coin"), ("venue", "margin"), ("venue", "coin", "margin"))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is left of a telling under the faults found so far."""

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


def faults_of(
    one: Expected, known: tuple[Fault, ...] = (), *, of_days: bool = True
) -> tuple[Expected, tuple[Fault, ...]]:
    """What the telling comes to under its faults, and these, in the order in which they were found.

    ``known`` are those that were found in finer figures of the same source. Days that begin at
    another hour are looked for only where ``of_days``.
    """
    start = one
    found = list(known)
    one = under(start, found)
    while len(found) < MOST_FAULTS and (best := _best(one, found, of_days=of_days)):
        found.append(best)
        one = one.under(best)
    while wrong := [fault for fault in found if not comes_to_par(start, found, fault)]:
        found.remove(wrong[-1])
    return under(start, found), tuple(found)


def under(one: Expected, faults: Iterable[Fault]) -> Expected:
    return reduce(Expected.under, faults, one)


def comes_to_par(start: Expected, found: list[Fault], fault: Fault) -> bool:
    """Whether the figures that a fault touches are as expected once all faults are reckoned with.

    An excess that is not the fault's own is explained in part by any fault that is smaller than it,
    without a trace of what is wrong: only figures that agree in the end show what it was.
    """
    one = under(start, found)
    without = under(start, [other for other in found if other is not fault])
    judged = one.judged() & without.judged()
    expected = one.scaled(one.expected(), judged).sum(axis=2)
    change = np.abs(one.expected() - without.expected()).sum(axis=2)
    touched = judged & (change > 0)
    if not touched.any():
        return False
    weight = change[touched]
    off = np.abs(one.told[touched] - expected[touched]) / weight
    order = off.argsort()
    upto = weight[order].cumsum() / weight.sum()
    middle = float(off[order][np.searchsorted(upto, 0.5)])
    near = float(weight[off <= NEAR].sum() / weight.sum())
    cells = float(weight.sum() ** 2 / (weight**2).sum())
    return middle <= AT_PAR and near >= MOST_NEAR and cells >= LEAST_CELLS


def gained(one: Expected, fault: Fault) -> bool:
    """Whether a fault that was found elsewhere brings this telling nearer, for the most part."""
    judged = one.judged()
    before, after = one.expected().sum(axis=2), one.under(fault).expected().sum(axis=2)
    both = judged & one.under(fault).judged()
    taken = _whole(fault, one.told - before, both, after - before)
    return taken.gain > 0 and taken.crisp >= CRISP


def _best(one: Expected, found: list[Fault], *, of_days: bool) -> Fault | None:
    judged = one.judged()
    expected = one.scaled(one.expected(), judged).sum(axis=2)
    residual = one.told - expected
    least = float(one.told.sum()) * (LEAST_SHARE + NOISE * _unlike(one.told, expected, judged))
    seen = _Seen(one, one.content(), residual, judged, least)
    tried = [
        fault
        for fault in _candidates(seen, of_days=of_days)
        if fault.gain >= least and fault.crisp >= CRISP and _can_be(fault, found)
    ]
    return max(tried, key=_worth, default=None)


def _can_be(fault: Fault, found: list[Fault]) -> bool:
    """A unit is not another for a few hours, and nothing is found twice in the same hours."""
    if _is_unit(fault) and fault.end - fault.first < LEAST_UNIT_HOURS:
        return False
    return not any(
        replace(fault, first=other.first, end=other.end, gain=other.gain, crisp=other.crisp)
        == other
        and fault.first < other.end
        and other.first < fault.end
        for other in found
    )


def _unlike(told: Floats, expected: Floats, judged: Flags) -> float:
    """By what share of the larger a figure is usually off."""
    both = judged & (told > 0) & (expected > 0)
    if not both.any():
        return 0.0
    one, other = told[both], expected[both]
    return float(np.median(np.abs(one - other) / np.maximum(one, other)))


def _worth(fault: Fault) -> tuple[float, float]:
    left = fault.gain / fault.crisp - fault.gain
    plain = PLAINER if _is_unit(fault) else 1.0
    return round((fault.gain - AGAINST * left) * plain, 2), fault.crisp


def _is_unit(fault: Fault) -> bool:
    return fault.kind is Kind.TIMES and fault.factor not in TWICE


def _candidates(seen: _Seen, *, of_days: bool) -> Iterator[Fault]:
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


def _units(seen: _Seen) -> Iterator[Fault]:
    """Markets in another unit; and coins and margins that are not told at all."""
    for places, kind, factors in (
        (SCOPES, Kind.LACKS, (0.0,)),
        (UNITS, Kind.TIMES, tuple(10.0**power for power in POWERS)),
    ):
        for venue, coin, margin in chain.from_iterable(_places(seen, names) for names in places):
            for factor in factors:
                yield _stretched(seen, Fault(kind, venue, coin, margin, 0, 0, factor))


def _places(seen: _Seen, names: tuple[str, ...]) -> Iterator[tuple[str | None, ...]]:
    """Venue, coin and margin, those of ``names`` given, of which enough is left to explain."""
    rows = seen.one.rows.select(names).unique().sort(names)
    for place in rows.iter_rows(named=True):
        found = tuple(place.get(name) for name in ("venue", "coin", "margin"))
        if seen.could(seen.one.rows_of(*found)):
            yield found


def _of_place(seen: _Seen, venue: str | None) -> Iterator[Fault]:
    whole = Fault(Kind.LACKS, venue, None, None, 0, 0, 0.0)
    yield _stretched(seen, whole)
    if venue is not None:
        for times in TWICE:
            yield _stretched(seen, replace(whole, kind=Kind.TIMES, factor=times))
        yield _stretched(seen, replace(whole, kind=Kind.TURNED, factor=1.0))


def _stretched(seen: _Seen, fault: Fault) -> Fault:
    """The fault in the hours that suit it best."""
    one = seen.one
    rows = one.rows_of(fault.venue, fault.coin, fault.margin)
    own = np.where(rows[:, None], seen.content, 0.0)
    if fault.kind is Kind.TURNED:
        change = one.by_group(own, ~one.turned, one.late) - one.by_group(own, one.turned, one.late)
    else:
        change = one.by_group(own * (fault.factor - 1), one.turned, one.late)
    best = best_stretch(seen.residual, seen.judged, change)
    return replace(fault, first=best.first, end=best.end, gain=best.gain, crisp=best.crisp)


def _late(seen: _Seen, venue: str, rows: Flags) -> Iterator[Fault]:
    one = seen.one
    own = np.where(rows[:, None], seen.content, 0.0)
    now = one.by_group(own, one.turned, one.late).sum(axis=2)
    for hours in LATE:
        late = np.where(rows, hours, one.late)
        change = one.by_group(own, one.turned, late).sum(axis=2) - now
        whole = Fault(Kind.LATE, venue, None, None, 0, one.base.shape[1], float(hours))
        yield _whole(whole, seen.residual, seen.judged & one.judged(late), change)


def _par(seen: _Seen) -> Fault:
    """At the orders' own prices: a rate that is a cent off looks like a price that is."""
    one = seen.one
    change = one.by_group(one.weight * (one.par - one.base), one.turned, one.late).sum(axis=2)
    residual = one.told - one.expected().sum(axis=2)
    whole = Fault(Kind.PAR, None, None, None, 0, one.base.shape[1], 1.0)
    return _whole(whole, residual, seen.judged, change)


def _whole(fault: Fault, residual: Floats, judged: Flags, change: Floats) -> Fault:
    """A fault of the whole span."""
    taken = np.abs(residual) - np.abs(residual - change)
    gain, moved = float(taken[judged].sum()), float(np.abs(change)[judged].sum())
    return replace(fault, gain=gain, crisp=gain / moved if moved > 0 else 0.0)
