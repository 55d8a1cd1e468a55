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
    r"accounts?|fills?|before|after|previous|yesterday|record|actual|volume|funding|price|cap|"
    r"inflows?|outflows?|etfs?|change|vs|versus|x\d)\b|\d{4}-\d{2}",
    re.IGNORECASE,
)
_DAILY: Final = re.compile(r"\s*(?:per|a|each|/)\s*day\b|\s+daily\b", re.IGNORECASE)
_TIMED: Final = re.compile(
    r"\s*(in (?:the )?(?:one |a |\d+ ?)?(?:min(?:ute)?s?|h(?:ours?)?)\b[^;,]*)", re.IGNORECASE
)
_HOUR: Final = re.compile(
    r"\b(?:(?:last|past|one|a|single|1)[\s-]*(?:hour|h|minute)|\d+[\s-]*min(?:ute)?s?)\b[^;]*$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"\s*(?:\(?\s*(?:in|of|from|were|was|for|on|worth of|:)?\s*)((?:[A-Za-z][\w.]*[\s-]?){1,2})",
    re.IGNORECASE,
)
# A list in brackets: 1.2B (longs 1.05B, shorts 150M); its first word is of the next number.
_OPENS: Final = re.compile(r"\s*\((?:\s*[A-Za-z][\w.]*){1,3}\s*[:=]?\s*[~$\d]")
_NUMBER: Final = r"\$?\d[\d.,]*\s*(?:[kmb]n?\b|(?:m|b)illion\b)?"
_SUM: Final = re.compile(rf"\s*=\s*({_NUMBER}(?:\s*\+\s*{_NUMBER})+)", re.IGNORECASE)
_PAIR: Final = re.compile(
    rf"\blongs?\s*/\s*shorts?\s*[:=]?\s*({_NUMBER})\s*/\s*({_NUMBER})", re.IGNORECASE
)
_PERCENT: Final = re.compile(
    r"(?P<how>[<>~≈]|about |around )?\s*(?P<n>\d+(?:\.\d+)?)\s*(?:%|percent)"
)
_SIDE_BEHIND: Final = re.compile(
    r"\s*(?:(?:of|were|was|in|from|by|as|came|them)\s+)*(long|short)s?\b", re.IGNORECASE
)
_SIDE_AHEAD: Final = re.compile(r"\b(long|short)s?\b[^;%\d]*$", re.IGNORECASE)
_SIDE_AROUND: Final = re.compile(r"\b(long|short)s?\b([^;%]{0,24})\(\s*$", re.IGNORECASE)
_LEAST_BARE: Final = 100_000  # dollars without a word for thousands


def read_note(note: str) -> Noted:
    """What of ``note`` can be read; nothing, where nothing can."""
    parts: list[Part] = list(_pairs(note))
    sums: list[Equation] = []
    daily: list[Printed] = []
    unit: str | None = None
    for segment in re.split(r";|\n", _PAIR.sub(" ", note)):
        for found, before, behind, label in _amounts(segment):
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


def _pairs(note: str) -> Iterator[Part]:
    """``long/short 350M/250M``"""
    for found in _PAIR.finditer(note):
        for side, told in zip(("long", "short"), found.groups(), strict=True):
            if number := AMOUNT.fullmatch(told.strip()):
                yield Part("side", side, of_match(number), side)


def _amounts(segment: str) -> Iterator[tuple[re.Match[str], str, str, str]]:
    """Each number of a segment with the words before it, all that follows it, and its label.

    A label that stood behind one number does not stand before the next.
    """
    spans = [*_PERCENT.finditer(segment), *_SUM.finditer(segment)]
    inside = [range(*one.span()) for one in spans]
    at = 0
    for found in AMOUNT.finditer(segment):
        if any(found.start("digits") in one for one in inside):
            continue
        before, behind = segment[at : found.start()], segment[found.end() :]
        at = found.end()
        label = before if _names(before) else ""
        named = None if label or _OPENS.match(behind) else _BEHIND.match(behind)
        if named and _names(named[1]):
            label = named[1]
            at += named.end(1)
        yield found, before, behind, label


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


def _names(words: str) -> bool:
    return bool(_SIDES.search(words) or _WHOLE.search(words) or venue_in(words) or coin_in(words))


def _part(number: Printed, label: str, before: str, behind: str) -> Part | None:
    if _APART.search(before):
        return None
    if timed := _TIMED.match(behind) or (None if label else _HOUR.search(before)):
        return Part("time", timed[0].strip(), number)
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
        told = [AMOUNT.fullmatch(one.strip(" .,$")) for one in found[1].split("+")]
        summands = tuple(printed(one["digits"], one["unit"] or unit) for one in told if one)
        if len(summands) == len(told):
            yield Equation(part.said, part.amount, summands)


def _shares(note: str) -> Iterator[Share]:
    """``88.85% long``, ``longs made up 70%``, ``long ~600M (64%)``."""
    at = 0
    for found in _PERCENT.finditer(note):
        before, after = note[at : found.start()], note[found.end() :]
        at = found.end()
        named = _SIDE_AROUND.search(before) or _SIDE_AHEAD.search(before)
        if named is None and (named := _SIDE_BEHIND.match(after)):
            at += named.end()
        if named:
            between = before[named.start() :] if named.string is before else ""
            about = re.search(r"~|≈|\b(?:about|around|roughly|nearly)\b", between)
            yield _share(named[1].lower(), found["n"], found["how"] or ("~" if about else None))


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
