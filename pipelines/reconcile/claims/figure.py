"""Which number of a sentence is the claim's figure, and which of its words are about that number.

A headline prints several: the whole, its sides, a coin, a price, the largest order, how many traders it
hit. Prices, orders and counts are passed over, and the first sum that is left is the figure. Where it is
not plain what each of several sums is of, the sentence is refused: a wrong reading would be judged with
confidence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pipelines.reconcile.claims.amounts import AMOUNT, BETWEEN, Printed, of_match, ranged, ranges_of
from pipelines.reconcile.claims.claim import Part
from pipelines.reconcile.claims.money import refuse_other_money
from pipelines.reconcile.claims.words import Named, is_plain, named_in, named_next_to

_LEAST_SUM: Final = Decimal(1_000_000)  # beside a larger number, less is a price or one order
_LEAST_BARE: Final = Decimal(100_000)  # a number with no sign and no word for thousands
_COUNTED: Final = re.compile(
    r"\+?\s*(?:[a-z-]+\s+)?(?:traders?|accounts?|people|users?|investors?|wallets?)\b",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(  # what else headlines count in dollars
    r"\b(?:largest|biggest|single|whale|order|oi|open interest|market cap|capitali[sz]ation|inflows?|"
    r"outflows?|etfs?|volumes?)\b",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"[;()|/]|(?<![A-Za-z]):|:(?!\s*[~$]?\d)|[,.!?](?=\s|$)|\s[-\N{EN DASH}\N{EM DASH}]\s"
    r"|\b(?:and|as|while|after|amid|when|with|of which|including|plus)\b",
    re.IGNORECASE,
)
_DASH: Final = re.compile(r"\s*[-\N{EN DASH}]\s*")
_TIED: Final = re.compile(r"\s*(?:of|to|from)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure, what it is of, and the sums that stand beside it."""

    amount: Printed
    of: Named
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sum:
    amount: Printed
    start: int
    end: int


def figure_of(text: str) -> Figure | None:
    """Of a sentence without its date and window; None without a number. Raises ValueError where it is none
    of dollars, or where it is not plain what several are of, in one line.
    """
    if between := BETWEEN.search(text):
        (told,) = ranges_of(between[0])
        own = _Sum(told, *between.span())
        refuse_other_money(text, own.start, own.end)
        return Figure(own.amount, _around(text, own, []))
    every = _joined(_sums(text), text)
    sums = [one for one in every if not _is_of_another(one, text, every)]
    if not sums:
        return None
    first, *others = sums
    refuse_other_money(text, first.start, first.end)
    around = _around(text, first, [one for one in every if one is not first])
    if not others:
        return Figure(first.amount, around)
    label, *labels = _labels(text, sums)
    if not label and max(one.amount.low_usd for one in others) >= first.amount.high_usd:
        raise _not_plain(text, sums)
    parts = tuple(_part(named, one.amount) for named, one in zip(labels, others, strict=True))
    return Figure(first.amount, label.within(around.of_any_side()), parts)


def _sums(text: str) -> Iterator[_Sum]:
    """Numbers of dollars by their sign, their word for thousands or their size; counts are none."""
    every = [one for one in AMOUNT.finditer(text) if not text[one.end() :][:1].isalpha()]
    found = [one for one in every if not _is_count(one, text)]
    told = [
        one
        for one in found
        if one["unit"] or "$" in one[0] or of_match(one).value_usd >= _LEAST_SUM
    ]
    for one in told or [one for one in found if of_match(one).value_usd >= _LEAST_BARE]:
        start = one.start() + len(one[0]) - len(one[0].lstrip())
        yield _Sum(of_match(one), start, one.end())


def _is_count(found: re.Match[str], text: str) -> bool:
    """Of traders, or a percentage."""
    behind = text[found.end() :]
    is_percent = bool(re.match(r"\s*(?:%|percent)", behind))
    return is_percent or ("$" not in found[0] and bool(_COUNTED.match(behind)))


def _joined(sums: Iterator[_Sum], text: str) -> list[_Sum]:
    """With ``$1.1B-$1.3B`` as one."""
    made: list[_Sum] = []
    for one in sums:
        last = made[-1] if made else None
        if last and _DASH.fullmatch(text[last.end : one.start]):
            low, high = sorted((last.amount.value_usd, one.amount.value_usd))
            made[-1] = _Sum(ranged(low, high), last.start, one.end)
        else:
            made.append(one)
    return made


def _is_of_another(one: _Sum, text: str, every: Sequence[_Sum]) -> bool:
    """Whether it is a price, a single order or open interest, beside a sum."""
    if len(every) < 2:
        return False
    if one.amount.value_usd < _LEAST_SUM <= max(other.amount.value_usd for other in every):
        return True
    start, end = _clause(text, one)
    inside = [other for other in every if start <= other.start < end]
    return len(inside) == 1 and bool(_ANOTHER.search(text[start:end]))


def _clause(text: str, one: _Sum) -> tuple[int, int]:
    """The part of the sentence around it."""
    cuts = [cut for cut in _CUT.finditer(text) if not one.start <= cut.start() < one.end]
    start = max((cut.end() for cut in cuts if cut.end() <= one.start), default=0)
    end = min((cut.start() for cut in cuts if cut.start() >= one.end), default=len(text))
    return start, end


def _around(text: str, own: _Sum, others: Sequence[_Sum]) -> Named:
    """What the clause of ``own`` names, and clauses of no number in which every word is plain."""
    mine, taken = _clause(text, own), [_clause(text, one) for one in others]
    found = Named()
    if mine not in taken:
        found = named_in(f"{text[mine[0] : own.start]} {text[own.end : mine[1]]}")
    at = 0
    for start, end in [*(cut.span() for cut in _CUT.finditer(text)), (len(text), len(text))]:
        is_free = not any(first < start and at < last for first, last in (mine, *taken))
        if is_free and is_plain(text[at:start]):
            found = found.within(named_in(text[at:start]))
        at = end
    return found


def _labels(text: str, sums: Sequence[_Sum]) -> list[Named]:
    """What each of several sums is of; the first may be of all. Raises ValueError where it is not plain."""
    made: list[Named] = []
    while len(made) < len(sums):
        start, end = _clause(text, sums[len(made)])
        run = [one for one in sums[len(made) :] if one.start < end]
        made += _of_run(text, run, start, end)
    gaps = [text[one.end : other.start] for one, other in pairwise(sums)]
    if not all(made[1:]) or any(_TIED.fullmatch(gap) for gap in gaps):
        raise _not_plain(text, sums)
    return made


def _of_run(text: str, run: Sequence[_Sum], start: int, end: int) -> list[Named]:
    """Of the sums of one clause: ``800M longs 150M shorts``, ``350M long 300M short 50M``."""
    edges = [start, *(one.end for one in run)], [*(one.start for one in run), end]
    gaps = [text[first:last] for first, last in zip(*edges, strict=True)]
    ahead = [named_next_to(gap, is_ahead=True) for gap in gaps[:-1]]
    behind = [named_next_to(gap, is_ahead=False) for gap in gaps[1:]]
    if len(run) == 1:
        return [ahead[0].within(behind[0])]
    if behind[-1]:
        return [Named()] * len(run) if ahead[0] else behind
    return ahead


def _not_plain(text: str, sums: Sequence[_Sum]) -> ValueError:
    told = ", ".join(text[one.start : one.end].strip() for one in sums)
    return ValueError(
        f"it is not plain what each of {told} is of; write the one to be judged alone"
    )


def _part(of: Named, amount: Printed) -> Part:
    if of.venue and of.coin:
        return Part("cell", f"{of.coin} at {of.venue}", amount, of.side)
    if of.venue or of.coin:
        return Part("venue" if of.venue else "coin", str(of.venue or of.coin), amount, of.side)
    return Part("side", of.side, amount, of.side) if of.side else Part("whole", "total", amount)
