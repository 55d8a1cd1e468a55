"""The verdict on each claim: first by its own figures, then by other claims, then by what is held.

What is held is a floor of what happened, and the very thing that a tracker printed. So a claim of
a tracker can be excluded from both sides by that tracker's own series; a claim of what happened
only by a floor that is above it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.reconcile.claims.adding_up import faults, is_inside
from pipelines.reconcile.claims.alike import original_of, rivals
from pipelines.reconcile.claims.bounds import least, most
from pipelines.reconcile.claims.cells import covering, inside, named_tracker
from pipelines.reconcile.claims.claim import Claim, Told, Unread
from pipelines.reconcile.claims.saying import interval, percent, usd
from pipelines.reconcile.claims.scopes import Scope
from pipelines.reconcile.claims.searching import (
    BaseRate,
    Row,
    Search,
    base_rate,
    elsewhere,
    search,
)
from pipelines.reconcile.claims.spans import in_words
from pipelines.reconcile.claims.windows import Windows
from pipelines.reconcile.claims.wording import (
    SIDES,
    bound_in_words,
    brand,
    days_in_words,
    missing_days,
    rate_in_words,
    row_in_words,
    searched_in_words,
    window_of,
)
from pipelines.tables.words import Verdict

LUCK = 0.05  # a fit that comes on more of the other dates is no evidence


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict; ``search`` is None where no market was looked at.

    ``beside`` is what other claims say of the same day.
    """

    told: Told
    verdict: Verdict
    reason: str
    search: Search | None = None
    rate: BaseRate | None = None
    beside: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """The reason, then how much was searched, other claims and the base rate."""
        searched = searched_in_words(self.search) if self.search else ""
        rate = rate_in_words(self.rate, self.claim.span.length_s) if self.claim else ""
        said = (self.reason, searched, *self.beside, rate)
        return " ".join(sentence for sentence in said if sentence)

    @property
    def id(self) -> str:
        return self.told.id

    @property
    def claim(self) -> Claim | None:
        return self.told if isinstance(self.told, Claim) else None


def judge(told: Sequence[Told], windows: Windows, beside: Sequence[Told] = ()) -> list[Judged]:
    """A verdict on each of ``told``, in its order; ``beside`` are claims that are only compared."""
    own = {one.id for one in told}
    known = [one for one in told if isinstance(one, Claim)]
    known += [one for one in beside if isinstance(one, Claim) and one.id not in own]
    known.sort(key=lambda one: one.id)
    return [judge_one(one, known, windows) for one in told]


def judge_one(told: Told, known: Sequence[Claim], windows: Windows) -> Judged:
    if isinstance(told, Unread):
        return Judged(
            told, Verdict.NOT_CHECKABLE, f"It cannot be read: {told.reason.rstrip('.?')}."
        )
    rate = base_rate(told, windows)
    if found := faults(told):
        reason = ". ".join(_sentence(one) for one in found)
        return Judged(told, Verdict.INCONSISTENT, f"{reason}.", None, rate)
    if original := original_of(told, known):
        same = ", ".join(original.shared)
        reason = (
            f"The same figures were printed of {original.claim.when} ({original.claim.id}): the "
            f"total {usd(original.claim.amount.value_usd)}, {same}."
        )
        return Judged(told, Verdict.OTHER_DATE, reason, None, rate)
    searched = search(told, windows)
    verdict, reason = _by_what_is_held(told, windows, searched)
    return Judged(told, verdict, reason, searched, rate, tuple(map(_rival, rivals(told, known))))


def _by_what_is_held(claim: Claim, windows: Windows, found: Search) -> tuple[Verdict, str]:
    if not found.fitting and (other := elsewhere(claim, windows)) is not None:
        return Verdict.OTHER_DATE, (
            f"To the last digit it is what {row_in_words(other)} come to {window_of(other)}, and "
            "nothing held near its own date is."
        )
    for why in _floors(claim, windows):
        return Verdict.CONTRADICTED, why
    if found.own is not None and found.own["fits"]:
        said = f"{row_in_words(found.own)} come to {usd(found.own['usd'])} {window_of(found.own)}"
        lucky = found.chance is not None and found.chance > LUCK
        weak = " That many dates fit that it says little." if lucky else ""
        return Verdict.SUPPORTED, f"{said}, inside {interval(claim.amount)}.{weak}"
    is_evidence = found.chance is not None and found.chance <= LUCK
    if found.fitting and is_evidence and found.best is not None:
        said = f"Only if it means {row_in_words(found.best)} {window_of(found.best)}"
        return Verdict.COMPATIBLE, f"{said}: they come to {usd(found.best['usd'])}."
    for why in _ceilings(claim, windows):
        return Verdict.CONTRADICTED, why
    return Verdict.NOT_CHECKABLE, _what_lacks(claim, windows, found)


def _floors(claim: Claim, windows: Windows) -> Iterator[str]:
    """A part of what is claimed that is held and is more than the whole claim."""
    for one in (claim, *_parts(claim)):
        bound = least(one.span, windows, inside(one.scope, one.side))
        if bound is not None and bound.usd >= one.amount.high_usd:
            yield (
                f"{_what(one, claim)} cannot be {usd(one.amount.value_usd)}: {bound_in_words(bound)} "
                f"alone come to at least {usd(bound.usd)} in every window that it may mean."
            )


def _ceilings(claim: Claim, windows: Windows) -> Iterator[str]:
    """The named tracker's own series, which holds all that is claimed and never comes to it."""
    tracker = named_tracker(claim)
    for one in (claim, *_parts(claim)) if tracker else ():
        of_tracker = covering(one.scope, one.side) & (pl.col("source") == tracker)
        bound = most(one.span, windows, of_tracker)
        if bound is not None and bound.usd < one.amount.low_usd:
            yield (
                f"{_what(one, claim)} is given as {usd(one.amount.value_usd)}, and "
                f"{bound_in_words(bound)}, as they are served now, come to "
                f"{usd(bound.usd)} at most in any window that it may mean."
                f"{_renamed(claim, str(tracker))}"
            )


def _renamed(claim: Claim, tracker: str) -> str:
    if brand(tracker).lower() in claim.source_named.lower():
        return ""
    return f" {claim.source_named} is what {brand(tracker)} was called before."


def _parts(claim: Claim) -> Iterator[Claim]:
    """Each of its parts by coin, venue or side as a claim of its own."""
    if claim.scope.is_choice:
        return
    for part in claim.noted.parts:
        side = part.side or "total"  # where no side is told, both may be meant
        venue, coin = claim.scope.cell
        match part.by:
            case "coin" if is_inside(part, claim):
                yield claim.about(Scope(part.what, venue, part.what), side, part.amount)
            case "venue" if is_inside(part, claim):
                yield claim.about(Scope(part.what, part.what, coin), side, part.amount)
            case "side":
                yield claim.about(claim.scope, part.what, part.amount)


def _what(one: Claim, claim: Claim) -> str:
    if one is claim:
        return "It"
    venue, coin = one.scope.cell
    named = [coin, brand(venue) if venue else None]
    return f"Its part {' '.join(filter(None, named)) or SIDES[one.side]}"


def _what_lacks(claim: Claim, windows: Windows, found: Search) -> str:
    """Why nothing follows: days that are missing, or a scope that is narrower than the claim."""
    missing = days_in_words(missing_days(claim, windows))
    if found.best is None:
        length = in_words(claim.span.length_s) if claim.span.length_s else "any length"
        lacks = f"nothing is held of {missing}" if missing else "no series held has steps so short"
        return f"No window of {length} that it may mean is held: {lacks}."
    also = f"; nothing is held of {missing}" if missing else ""
    return f"{_nearest(claim, found, found.best)} {_uncovered(claim, found)}{also}."


def _nearest(claim: Claim, found: Search, best: Row) -> str:
    what = f"{row_in_words(best)} come to {usd(best['usd'])} {window_of(best)}"
    if found.fitting:
        return f"{what}, which fits, but so many other dates have a fit that it is no evidence."
    share = percent(round(best["usd"] / claim.amount.value_usd, 6))
    return f"The nearest that is held: {what}, {share} of it."


def _uncovered(claim: Claim, found: Search) -> str:
    if found.own is not None:
        return "Other makers may have counted more, and what happened may be more"
    what = "the whole market" if claim.scope.is_market else claim.scope.words
    return f"No series held covers {what} over the stated window, so the rest can be anything"


def _rival(sentence: str) -> str:
    return f"{_sentence(sentence)}."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
