"""Figures in the words beside a claim: sides, venues, coins, shares and sums.

Only what can be read without doubt is taken: a number with a label of ours before it, or right
behind it. Of a label that stands twice the first figure counts. Another day's figures, open
interest, single orders and other copies of the claim are not parts of it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pipelines.reconcile.claims.amounts import AMOUNT, ONE, Printed, of_match, printed
from pipelines.reconcile.claims.claim import Equation, Noted, Part, Share
from pipelines.reconcile.claims.scopes import coin_in, venue_in

_SIDES: Final = re.compile(r"\b(long|short)s?\b", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\b(total|overall|altogether|market|combined|sum)\b", re.IGNORECASE)
_APART: Final = re.compile(
    r"\b(oi|open interest|largest|biggest|single|other|others|also|quoted|copies|copy|list|traders?|"
    r"accounts?|fills?|before|after|previous|actual|volume|funding|price|change|x\d)\b|\d{4}-\d{2}",
    re.IGNORECASE,
)
_DAILY: Final = re.compile(r"\s*(?:per|a|each|/)\s*day\b|\s+daily\b", re.IGNORECASE)
_TIMED: Final = re.compile(
    r"\s*(in (?:the )?(?:one |a |\d+ ?)?(?:min(?:ute)?s?|h(?:ours?)?)\b[^;,]*)", re.IGNORECASE
)
_BEHIND: Final = re.compile(
    r"\s*(?:\(?\s*(?:in|of|from|were|was|for|on|worth of|:)?\s*)((?:[A-Za-z][\w.]*[\s-]?){1,2})",
    re.IGNORECASE,
)
_SUM: Final = re.compile(r"\s*=\s*(\d[\d.,]*(?:\s*\+\s*\d[\d.,]*)+)")
_PERCENT: Final = re.compile(
    r"(?P<how>[<>~≈]|about |around )?\s*(?P<n>\d+(?:\.\d+)?)\s*(?:%|percent)"
)
_LEAST_BARE: Final = 100_000  # dollars without a word for thousands


def read_note(note: str) -> Noted:
    """What of ``note`` can be read; nothing, where nothing can."""
    parts: list[Part] = []
    sums: list[Equation] = []
    daily: list[Printed] = []
    unit: str | None = None
    for segment in re.split(r";|\n", note):
        for found, before, behind in _amounts(segment):
            label = _label(before, behind)
            unit = found["unit"] or unit
            number = _number(found, before, unit if label else None)
            if number is None:
                continue
            if _DAILY.match(behind):
                daily.append(number)
            elif (part := _part(number, label, before, behind)) is not None:
                parts.append(part)
                sums += _sums(part, behind, unit)
    return Noted(_first_of(parts), tuple(_shares(note)), tuple(sums), tuple(daily))


def _amounts(segment: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """Each number of a segment with the words before it and all that follows it."""
    spans = [*_PERCENT.finditer(segment), *_SUM.finditer(segment)]
    inside = [range(*one.span()) for one in spans]
    at = 0
    for found in AMOUNT.finditer(segment):
        if any(found.start("digits") in one for one in inside):
            continue
        yield found, segment[at : found.start()], segment[found.end() :]
        at = found.end()


def _number(found: re.Match[str], before: str, unit: str | None) -> Printed | None:
    """The number, if it is one of dollars: with a word for thousands, a large one, or one that
    stands right behind a label of ours where such a word was used before.
    """
    if found["unit"] or "$" in found[0]:
        return of_match(found)
    if found["end"]:
        return None
    plain = Decimal(found["digits"].replace(",", ""))
    if plain >= _LEAST_BARE:
        return of_match(found)
    if unit and re.search(r"[A-Za-z]\s*$", before) and len(before.split()) <= 2:
        return printed(found["digits"], unit, found["how"])
    return None


def _label(before: str, behind: str) -> str:
    """The words that name a number: those before it, else those right behind it."""
    if _names(before):
        return before
    named = _BEHIND.match(behind)
    return named[1] if named and _names(named[1]) else ""


def _names(words: str) -> bool:
    return bool(_SIDES.search(words) or _WHOLE.search(words) or venue_in(words) or coin_in(words))


def _part(number: Printed, label: str, before: str, behind: str) -> Part | None:
    if _APART.search(before):
        return None
    if timed := _TIMED.match(behind):
        return Part("time", timed[1].strip(), number)
    sides = {side.lower() for side in _SIDES.findall(label)}
    if not label or len(sides) > 1:
        return None
    side = next(iter(sides), None)
    venue, coin = venue_in(label.replace("-", " ")), coin_in(label.replace("-", " "))
    match venue, coin, side:
        case str(), str(), _:
            return Part("cell", f"{coin} at {venue}", number, side)
        case str(), None, _:
            return Part("venue", venue, number, side)
        case None, str(), _:
            return Part("coin", coin, number, side)
        case _, _, str():
            return Part("side", side, number, side)
    is_market = re.search(r"\bmarket\b", label, re.IGNORECASE)
    return Part("whole", "market" if is_market else "total", number)


def _sums(part: Part, behind: str, unit: str | None) -> Iterator[Equation]:
    if found := _SUM.match(behind):
        summands = tuple(printed(n.strip(), unit) for n in found[1].rstrip(".,").split("+"))
        yield Equation(part.said, part.amount, summands)


def _shares(note: str) -> Iterator[Share]:
    """``88.85% long``, ``about 90% longs``, ``long ~600M (64%)``."""
    for found in _PERCENT.finditer(note):
        before, after = note[: found.start()], note[found.end() :]
        behind = re.match(r"\s*(?:of |were |was |in |from )*(long|short)s?\b", after, re.IGNORECASE)
        inside = re.search(r"\b(long|short)s?\b([^;%]{0,24})\(\s*$", before, re.IGNORECASE)
        ahead = re.search(
            r"\b(long|short)s?\b(?: are| is| given as|:|=|\s)*$", before, re.IGNORECASE
        )
        if named := behind or inside or ahead:
            about = found["how"] or (inside and re.search(r"~|≈|about", inside[2]) and "~")
            yield _share(named[1].lower(), found["n"], about or None)


def _share(side: str, digits: str, how: str | None) -> Share:
    value = Decimal(digits)
    unit = ONE.scaleb(int(value.as_tuple().exponent))
    half = max(unit, ONE) * Decimal("2.5") if how else unit / 2  # about 90 %: 87.5 to 92.5
    low, high = (value - half) / 100, (value + half) / 100
    if how and how.strip() in "<>":
        low, high = (Decimal(0), value / 100) if how.strip() == "<" else (value / 100, Decimal(1))
    return Share(side, low, high)


def _first_of(parts: list[Part]) -> tuple[Part, ...]:
    found: dict[tuple[str, str, str | None], Part] = {}
    for part in parts:
        found.setdefault((part.by, part.what, part.side), part)
    return tuple(found.values())
