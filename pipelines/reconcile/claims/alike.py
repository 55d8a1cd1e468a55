"""What claims say of each other: figures that return under another date, and rivals of one day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipelines.reconcile.claims.amounts import last_place
from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.saying import times, usd

LEAST_SHARED = 2  # parts that come again with the total: one alone may be chance
LEAST_DIGITS = 3  # of a total whose return under another date is no accident
RIVALS_TOLD = 2
LEAST_RATIO = 1.1  # nearer than that, clocks and roundings tell two copies apart


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier claim whose figures a later one prints again, and what is the same."""

    claim: Claim
    shared: tuple[str, ...]


def original_of(claim: Claim, others: Sequence[Claim]) -> Original | None:
    """The earliest claim of another date with the same total and the same parts, if there is one.

    Two parts at least must be the same, or the count of traders to the last of them.
    """
    if _digits(claim) < LEAST_DIGITS:
        return None
    found = []
    for other in others:
        if other.id != claim.id and _is_earlier(other, claim) and _is_same(other, claim):
            shared = _shared(claim, other)
            traders = claim.traders is not None and claim.traders == other.traders
            if len(shared) >= LEAST_SHARED or (traders and _exact(claim.traders)):
                told = [f"{claim.traders} traders"] if traders else []
                found.append(Original(other, (*shared, *told)))
    return min(found, key=lambda one: (one.claim.span.last_end, one.claim.id), default=None)


def _digits(claim: Claim) -> int:
    value = claim.amount.value_usd
    return value.adjusted() - last_place(value) + 1


def _exact(traders: int | None) -> bool:
    return bool(traders) and len(str(traders).rstrip("0")) > LEAST_DIGITS


def _is_earlier(other: Claim, claim: Claim) -> bool:
    """Whether no window of the other can be one of the claim's."""
    length = timedelta(seconds=claim.span.length_s or 0)
    return other.span.last_end <= claim.span.first_end - length


def _is_same(a: Claim, b: Claim) -> bool:
    return a.side == b.side and a.amount.meets(b.amount)


def _shared(claim: Claim, other: Claim) -> tuple[str, ...]:
    theirs = {(p.by, p.what, p.side): p.amount for p in other.noted.parts if p.by != "whole"}
    return tuple(
        f"{part.said} {usd(part.amount.value_usd)}"
        for part in claim.noted.parts
        if (amount := theirs.get((part.by, part.what, part.side))) and amount.meets(part.amount)
    )


def rivals(claim: Claim, others: Sequence[Claim]) -> list[str]:
    """What other claims print for the same day and thing, where no number fits both."""
    if claim.event_day is None:
        return []
    told = [*_totals(claim, others), *_parts(claim, others)]
    found = [one for one in told if one[0] >= LEAST_RATIO]
    found.sort(key=lambda one: (-one[0], one[1]))
    return [sentence for _, sentence in found[:RIVALS_TOLD]]


def _beside(claim: Claim, others: Sequence[Claim]) -> Iterator[Claim]:
    for other in others:
        is_same = other.event_day == claim.event_day and other.side == claim.side
        if other.id != claim.id and is_same and other.span.length_s == claim.span.length_s:
            yield other


def _totals(claim: Claim, others: Sequence[Claim]) -> Iterator[tuple[float, str]]:
    for other in _beside(claim, others):
        if other.scope.cell == claim.scope.cell and not other.amount.meets(claim.amount):
            a, b = other.amount.value_usd, claim.amount.value_usd
            who = f" ({other.source_named})" if other.source_named else ""
            more = f"{times(a, b)} times as much" if a > b else f"this is {times(b, a)} times that"
            yield float(max(a, b) / min(a, b)), f"{other.id}{who} has {usd(a)} for it, {more}"


def _parts(claim: Claim, others: Sequence[Claim]) -> Iterator[tuple[float, str]]:
    for other in _beside(claim, others):
        if other.scope.cell != claim.scope.cell:
            continue
        theirs = {(p.by, p.what, p.side): p.amount for p in other.noted.parts}
        for part in claim.noted.parts:
            amount = theirs.get((part.by, part.what, part.side))
            if amount is not None and part.by != "whole" and not amount.meets(part.amount):
                a, b = amount.value_usd, part.amount.value_usd
                yield (
                    float(max(a, b) / min(a, b)),
                    f"of {part.said} it has {usd(b)}, and {other.id} has {usd(a)}",
                )
