"""Whether a claim's own figures add up. No market data is needed for it.

A list of venues or coins need not be whole: it is bounded by the claim and need not reach it,
unless the claim says how many venues it adds up and names so many.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import permutations

from pipelines.reconcile.claims.amounts import EXACT, Printed
from pipelines.reconcile.claims.claim import Claim, Part
from pipelines.reconcile.claims.saying import interval, percent, usd
from pipelines.reconcile.claims.spans import DAY_S, HOUR_S

ZERO = Decimal(0)


def faults(claim: Claim) -> list[str]:
    """One sentence for each of its figures that cannot stand beside another; empty where all can."""
    return [*_sides(claim), *_wholes(claim), *_lists(claim), *_shares(claim), *_sums(claim)]


def _sides(claim: Claim) -> Iterator[str]:
    if claim.side != "total":
        return
    sides = {part.what: part.amount for part in claim.noted.parts if part.by == "side"}
    for side, amount in sides.items():
        if amount.low_usd >= claim.amount.high_usd:
            yield f"{side}s of {usd(amount.value_usd)} are more than both sides together"
    if len(sides) == 2:
        added = total_of(sides.values())
        if not added.meets(claim.amount):
            yield (
                f"longs of {usd(sides['long'].value_usd)} and shorts of "
                f"{usd(sides['short'].value_usd)} come to {usd(added.value_usd)}, not to "
                f"{usd(claim.amount.value_usd)}{_shifted(claim, sides['long'], sides['short'])}"
            )


def _shifted(claim: Claim, long: Printed, short: Printed) -> str:
    """How the three figures would add up in other columns, if they would."""
    names = ("total", "long", "short")
    for total, one, other in permutations((claim.amount, long, short)):
        if total_of((one, other)).meets(total):  # as printed they do not
            told = zip(names, (total, one, other), strict=True)
            said = ", ".join(f"{name} {usd(figure.value_usd)}" for name, figure in told)
            return f"; in other columns they do: {said}"
    for total, one in ((long, short), (short, long)):
        rest = EXACT.subtract(total.value_usd, one.value_usd)
        if rest > 0 and _tail(claim.amount.value_usd, rest):
            return (
                f"; with the columns shifted by one they do: total {usd(total.value_usd)}, long "
                f"{usd(one.value_usd)}, short {usd(rest)}, which are the last digits of the "
                "printed total"
            )
    return ""


def _tail(printed: Decimal, rest: Decimal) -> bool:
    """Whether the digits of ``rest`` are the last ones that were printed: 1.239 and 0.239."""
    digits = str(int(rest)).rstrip("0")
    return len(digits) > 1 and printed > rest and str(int(printed)).endswith(str(int(rest)))


def _wholes(claim: Claim) -> Iterator[str]:
    """Totals that were printed beside it: of the same thing, or of more than it."""
    for part in claim.noted.parts:
        if part.by != "whole":
            continue
        is_same = claim.side == "total" and (part.what == "total" or claim.scope.is_market)
        if is_same and claim.scope.is_market and not part.amount.meets(claim.amount):
            yield (
                f"it gives its own total once as {usd(claim.amount.value_usd)} and once as "
                f"{usd(part.amount.value_usd)}"
            )
        elif part.amount.high_usd <= claim.amount.low_usd:
            yield (
                f"the {part.what} of {usd(part.amount.value_usd)} is less than the "
                f"{usd(claim.amount.value_usd)} that are a part of it"
            )


def _lists(claim: Claim) -> Iterator[str]:
    """Venues, coins and stretches of time, each alone and each list together."""
    for by in ("venue", "coin", "cell", "time"):
        parts = [part for part in claim.noted.parts if part.by == by and is_inside(part, claim)]
        for part in parts:
            whole = whole_of(claim, part.side)
            if whole and part.amount.low_usd >= whole.high_usd:
                yield (
                    f"the part {part.said} of {usd(part.amount.value_usd)} is more than the whole "
                    f"of {usd(whole.value_usd)}"
                )
        if by in ("venue", "coin"):
            yield from _together(claim, parts, "venues" if by == "venue" else "coins")


def _together(claim: Claim, parts: list[Part], what: str) -> Iterator[str]:
    """Parts of one side are bounded by that side; those of both stand for whatever they hold."""
    alone = [part for part in parts if part.side in (None, claim.side)] or parts
    sides = {part.side for part in alone if part.side}
    side = next(iter(sides)) if len(sides) == 1 and all(p.side for p in alone) else None
    once = {part.what: part.amount for part in alone}
    whole = whole_of(claim, side)
    if len(once) < 2 or whole is None:
        return
    added = total_of(once.values())
    if added.low_usd >= whole.high_usd:
        yield (
            f"{len(once)} {what} alone come to {usd(added.value_usd)}, more than the whole of "
            f"{usd(whole.value_usd)}"
        )
    elif what == "venues" and len(once) == claim.scope.venues and not added.meets(whole):
        yield (
            f"its {len(once)} venues come to {usd(added.value_usd)}, not to {usd(whole.value_usd)}"
        )


def _shares(claim: Claim) -> Iterator[str]:
    """A percentage of a side against that side's figure, and the two against a hundred."""
    if claim.side != "total":
        return
    sides = {part.what: part.amount for part in claim.noted.parts if part.by == "side"}
    for share in claim.noted.shares:
        other = "short" if share.side == "long" else "long"
        for side, low, high in (
            (share.side, share.low, share.high),
            (other, 1 - share.high, 1 - share.low),
        ):
            least, most = low * claim.amount.low_usd, high * claim.amount.high_usd
            if side in sides and (sides[side].high_usd <= least or sides[side].low_usd >= most):
                told = sides[side].value_usd / claim.amount.value_usd
                yield (
                    f"{side}s of {usd(sides[side].value_usd)} are {percent(told)} of it, not "
                    f"{percent(low)} to {percent(high)}"
                )
    by_side = {share.side: share for share in claim.noted.shares}
    if len(by_side) == 2:
        low, high = (sum(getattr(s, end) for s in by_side.values()) for end in ("low", "high"))
        if not low <= 1 <= high:
            yield f"its shares of longs and shorts come to {percent((low + high) / 2)}"
    yield from (f"a share of {percent(s.low)} is none" for s in by_side.values() if s.low >= 1)


def _sums(claim: Claim) -> Iterator[str]:
    for one in claim.noted.equations:
        added = total_of(one.parts)
        if not added.meets(one.whole):
            yield (
                f"{one.what} is given as {usd(one.whole.value_usd)} and its parts come to "
                f"{usd(added.value_usd)}"
            )
    length_s = claim.span.length_s
    if length_s is None or length_s < 2 * DAY_S:
        return
    days = Decimal(length_s) / DAY_S
    for daily in claim.noted.daily:
        low, high = daily.low_usd * days, daily.high_usd * days
        if low >= claim.amount.high_usd or high <= claim.amount.low_usd:
            made = daily.over(low, high)
            yield (
                f"{usd(daily.value_usd)} a day over {days:f} days are {interval(made)}, not "
                f"{usd(claim.amount.value_usd)}"
            )


def is_inside(part: Part, claim: Claim) -> bool:
    """Whether it is a part of the claim and no figure of another side, venue or coin beside it."""
    if part.side not in (None, claim.side) and claim.side != "total":
        return False
    if part.by == "time" and (claim.span.length_s or 0) <= HOUR_S:
        return False
    if part.by == "venue" and claim.scope.venue is not None:
        return False
    return not (part.by == "coin" and claim.scope.coin is not None)


def whole_of(claim: Claim, side: str | None) -> Printed | None:
    """What parts of that side add up to at most; the side's own figure where one was printed."""
    if side in (None, claim.side):
        return claim.amount
    told = [p.amount for p in claim.noted.parts if p.by == "side" and p.what == side]
    return next(iter(told), claim.amount)


def total_of(numbers: Iterable[Printed]) -> Printed:
    """The sum, and between which ends it lies."""
    value = low = high = ZERO
    for one in numbers:
        value = EXACT.add(value, one.value_usd)
        low, high = EXACT.add(low, one.low_usd), EXACT.add(high, one.high_usd)
    return Printed(value, low, high)
