"""The faults of one telling, found one after the other against the venues' own orders.

Each step takes the fault that brings the telling nearest to what the reference would make of it, as
long as that fault explains nearly all that it touches (Mallat and Zhang 1993, matching pursuit, on
absolute residuals).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pipelines.reconcile.faults.expected import Expected, Fault, Flags, Floats, Kind
from pipelines.reconcile.faults.stretch import best_stretch

MOST_FAULTS: Final = 6
LEAST_SHARE: Final = 0.003  # of the telling's dollars that a fault must explain
# Where figures are usually off by so much, chance makes stretches that look like a fault: a fault must
# explain this part of it as well.
NOISE: Final = 0.2
CRISP: Final = 0.7  # of what a fault touches, what it must explain
# What a fault leaves of what it touches weighs so much more than what it explains: of two, the one
# that fits is taken before the one that covers more.
AGAINST: Final = 3.0
POWERS: Final = (-3, -2, -1, 1, 2, 3)
LATE: Final = tuple(hours for hours in range(-24, 49) if hours)


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

    ``known`` are those that ``one`` is under already. Days that begin at another hour are looked
    for only where ``of_days``.
    """
    found = list(known)
    while len(found) < MOST_FAULTS and (best := _best(one, of_days=of_days)):
        found.append(best)
        one = one.under(best)
    return one, tuple(found)


def _best(one: Expected, *, of_days: bool) -> Fault | None:
    judged = one.judged()
    expected = one.scaled(one.expected(), judged).sum(axis=2)
    residual = one.told - expected
    least = float(one.told.sum()) * (LEAST_SHARE + NOISE * _unlike(one.told, expected, judged))
    seen = _Seen(one, one.content(), residual, judged, least)
    tried = [f for f in _candidates(seen, of_days=of_days) if f.gain >= least and f.crisp >= CRISP]
    return max(tried, key=_worth, default=None)


def _unlike(told: Floats, expected: Floats, judged: Flags) -> float:
    """By what share of the larger a figure is usually off."""
    both = judged & (told > 0) & (expected > 0)
    if not both.any():
        return 0.0
    one, other = told[both], expected[both]
    return float(np.median(np.abs(one - other) / np.maximum(one, other)))


def _worth(fault: Fault) -> tuple[float, float]:
    left = fault.gain / fault.crisp - fault.gain
    return round(fault.gain - AGAINST * left, 2), fault.crisp


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
    markets = seen.one.rows.select("venue", "coin", "margin").unique()
    for venue, coin, margin in markets.sort(markets.columns).iter_rows():
        if seen.could(seen.one.rows_of(venue, coin, margin)):
            for power in POWERS:
                yield _stretched(seen, Fault(Kind.TIMES, venue, coin, margin, 0, 0, 10.0**power))


def _of_place(seen: _Seen, venue: str | None) -> Iterator[Fault]:
    whole = Fault(Kind.LACKS, venue, None, None, 0, 0, 0.0)
    yield _stretched(seen, whole)
    if venue is not None:
        yield _stretched(seen, replace(whole, kind=Kind.TIMES, factor=2.0))
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
