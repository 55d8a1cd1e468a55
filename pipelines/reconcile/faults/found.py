"""The faults of one telling, found one after the other against the venues' own orders.

Each step takes the fault that brings the telling nearest to what the reference would make of it, as
long as that fault explains most of what it touches (Mallat and Zhang 1993, matching pursuit, on absolute
residuals). In the end only those stay whose figures come to par.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from typing import Final

import numpy as np

from pipelines.reconcile.faults.candidates import Seen, candidates, is_unit, of_span
from pipelines.reconcile.faults.expected import OF_SECOND, Expected, Fault, Kind
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
LEAST_MENDED: Final = 6  # or in so many that were far from it, whatever their weight
LEAST_UNIT_HOURS: Final = 20
LEVEL: Final = 0.75  # of what one level leaves; what a throttle leaves has to be less
# A thousandth of a venue looks like nothing of it, which is the plainer word.
PLAINER: Final = 0.985


def faults_of(
    one: Expected, finer: tuple[Fault, ...] = (), *, of_days: bool = True
) -> tuple[Expected, tuple[Fault, ...]]:
    """What the telling comes to under its faults, and these, in the order in which they were found.

    ``finer`` are those that were found in shorter buckets of the same source, which may be right
    where it is wrong. Days that begin at another hour are looked for only where ``of_days``.
    """
    known = tuple(fault for fault in finer if _gained(one, fault))
    best = _one_by_one(one, known, of_days=of_days)
    for start in _other_starts(one, known, finer, best):
        found = _one_by_one(one, start, of_days=of_days)
        if _is_nearer(one, found, best):
            best = found
    return under(one, best), best


def _one_by_one(start: Expected, known: tuple[Fault, ...], *, of_days: bool) -> tuple[Fault, ...]:
    found = list(known)
    one = under(start, found)
    while len(found) < MOST_FAULTS and (best := _best(one, found, of_days=of_days)):
        found.append(best)
        one = one.under(best)
    while wrong := [fault for fault in found if not comes_to_par(start, found, fault)]:
        found.remove(wrong[-1])
    return tuple(found)


def _other_starts(
    one: Expected, known: tuple[Fault, ...], finer: tuple[Fault, ...], found: tuple[Fault, ...]
) -> Iterator[tuple[Fault, ...]]:
    """Faults that others can hide when they are looked for one after the other: what finer figures
    show, a dollar a little off in all figures, and what is made up for by the opposite for a part of
    the span.
    """
    if len(known) < len(finer):
        yield finer
    hours = one.base.shape[1]
    par_usd = float(np.abs(one.par - one.base)[one.known].sum())
    is_off = par_usd > LEAST_SHARE * float(one.told.sum())
    if is_off and not any(fault.kind is Kind.PAR for fault in found):
        yield (*known, Fault(Kind.PAR, None, None, None, 0, hours, 1.0))
    for fault in found:
        if fault.kind in (Kind.LACKS, Kind.TIMES) and fault.end - fault.first < hours:
            yield (*known, replace(fault, first=0, end=hours))


def _is_nearer(start: Expected, faults: tuple[Fault, ...], others: tuple[Fault, ...]) -> bool:
    """Whether these bring the telling nearer than the others, by more than one fault more is worth."""
    one, other = under(start, faults), under(start, others)
    both = one.judged() & other.judged()
    off, others_off = (
        float(np.abs(x.told - x.scaled(x.expected(), both).sum(axis=2))[both].sum())
        for x in (one, other)
    )
    least = LEAST_SHARE * float(start.told.sum())
    return off + least * max(len(faults) - len(others), 1) < others_off


def under(one: Expected, faults: Iterable[Fault]) -> Expected:
    return reduce(Expected.under, faults, one)


def comes_to_par(start: Expected, found: list[Fault], fault: Fault) -> bool:
    """Whether the figures that a fault touches are as expected once all faults are reckoned with.

    An excess that is not the fault's own is explained in part by any fault that is smaller than it,
    without a trace of what is wrong: only figures that agree in the end show what it was. So must
    those of the same markets beside it: a stretch can be cut to fit whatever is off all along.
    """
    one = under(start, found)
    without = under(start, [other for other in found if other is not fault])
    judged = one.judged() & without.judged()
    expected = one.scaled(one.expected(), judged).sum(axis=2)
    change = np.abs(one.expected() - without.expected()).sum(axis=2)
    touched = judged & (change > 0)
    beside = judged & (change == 0) & touched.any(axis=1)[:, None]
    if not touched.any() or _unlike(one.told, expected, beside) > AT_PAR:
        return False
    weight = change[touched]
    off = np.abs(one.told[touched] - expected[touched]) / weight
    order = off.argsort()
    upto = weight[order].cumsum() / weight.sum()
    middle = float(off[order][np.searchsorted(upto, 0.5)])
    near = float(weight[off <= NEAR].sum() / weight.sum())
    cells = float(weight.sum() ** 2 / (weight**2).sum())
    before = np.abs(one.told - without.scaled(without.expected(), judged).sum(axis=2))[touched]
    mended = int(((off <= AT_PAR) & (before > (1 - AT_PAR) * weight)).sum())
    is_often = cells >= LEAST_CELLS or mended >= LEAST_MENDED
    return middle <= AT_PAR and near >= MOST_NEAR and is_often


def _gained(one: Expected, fault: Fault) -> bool:
    """Whether a fault that was found elsewhere brings this telling nearer, for the most part."""
    judged = one.judged()
    before, after = one.expected().sum(axis=2), one.under(fault).expected().sum(axis=2)
    both = judged & one.under(fault).judged()
    taken = of_span(fault, one.told - before, both, after - before)
    return taken.gain > 0 and taken.crisp >= CRISP


def _best(one: Expected, found: list[Fault], *, of_days: bool) -> Fault | None:
    judged = one.judged()
    expected = one.scaled(one.expected(), judged).sum(axis=2)
    residual = one.told - expected
    least = float(one.told.sum()) * (LEAST_SHARE + NOISE * _unlike(one.told, expected, judged))
    seen = Seen(one, one.content(), residual, judged, least)
    tried = [
        fault
        for fault in candidates(seen, of_days=of_days)
        if fault.gain >= least and fault.crisp >= CRISP and _can_be(fault, found)
        if not _looks_lost(one, fault) and not _looks_level(one, fault)
    ]
    return max(tried, key=_worth, default=None)


def _can_be(fault: Fault, found: list[Fault]) -> bool:
    """A unit is not another for a few hours, nor does one market fail for these, and nothing is found
    twice, or undone, in the same hours.
    """
    is_market = is_unit(fault) or fault.coin is not None or fault.margin is not None
    if is_market and fault.end - fault.first < LEAST_UNIT_HOURS:
        return False
    return not any(
        _is_of(fault, other)
        and (fault.factor == other.factor or fault.factor * other.factor == 1)
        and fault.first < other.end
        and other.first < fault.end
        for other in found
    )


def _is_of(fault: Fault, other: Fault) -> bool:
    """Whether two are of one kind and place."""
    one, two = ((each.kind, each.venue, each.coin, each.margin) for each in (fault, other))
    return one == two


def _looks_lost(one: Expected, fault: Fault) -> bool:
    """Whether the little that a unit would leave of a whole venue is not in the figures: then it is
    lost. Contracts differ by market, so of one market alone a unit is the likelier.
    """
    rows = one.rows_of(fault.venue, fault.coin, fault.margin)
    is_whole = bool((rows == one.rows_of(fault.venue)).all())
    if not is_unit(fault) or fault.factor > 1 or not is_whole:
        return False
    lost = one.under(replace(fault, kind=Kind.LACKS, factor=0.0))
    little = one.under(fault).expected().sum(axis=2) - lost.expected().sum(axis=2)
    touched = lost.judged() & (little > 0)
    rest = one.told - lost.scaled(lost.expected(), touched).sum(axis=2)
    explained = (np.abs(rest) - np.abs(rest - little))[touched].sum()
    return bool(explained < CRISP * little[touched].sum())


def _looks_level(one: Expected, fault: Fault) -> bool:
    """Whether what a throttle would show explains a venue hardly better than one level of it does:
    then it is told lower all along, for whatever reason.
    """
    if fault.kind not in OF_SECOND:
        return False
    before, after = one.expected().sum(axis=2), one.under(fault).expected().sum(axis=2)
    none = one.under(replace(fault, kind=Kind.LACKS, factor=0.0)).expected().sum(axis=2)
    touched = one.judged() & (before > after)
    own, rest = (before - none)[touched], (one.told - none)[touched]
    level = rest.sum() / own.sum() if own.size else 0.0
    by_throttle = np.abs((one.told - after)[touched]).sum()
    return bool(by_throttle > LEVEL * np.abs(rest - level * own).sum())


def _unlike(told: Floats, expected: Floats, judged: Flags) -> float:
    """By what share of the larger a figure is usually off."""
    both = judged & (told > 0) & (expected > 0)
    if not both.any():
        return 0.0
    one, other = told[both], expected[both]
    return float(np.median(np.abs(one - other) / np.maximum(one, other)))


def _worth(fault: Fault) -> tuple[float, float]:
    left = fault.gain / fault.crisp - fault.gain
    plain = PLAINER if is_unit(fault) else 1.0
    return round((fault.gain - AGAINST * left) * plain, 2), fault.crisp
