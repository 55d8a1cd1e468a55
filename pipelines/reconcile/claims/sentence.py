"""A claim in one line, as a person types it: ``2.3B longs 7d 2025-11-07``."""

import re
from dataclasses import replace
from typing import Final

from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.figure import figure_of
from pipelines.reconcile.claims.reading import claim_of, dollars
from pipelines.reconcile.claims.scopes import coin_of_word, venue_in
from pipelines.reconcile.claims.spans import read_days

_DAY: Final = r"(?<![\d.,])20\d{2}(?:-W\d{2}|-\d{2}(?:-\d{2})?)?(?![\d.,]*\d)"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE: Final = re.compile(
    rf"{_DAY}(?:T\d\d:\d\d(?::\d\d)?Z)?(?:\s*(?:\.\.|\s+to\s+|\N{{EN DASH}})\s*{_DAY})?"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?,?\s+\d{{4}}",
    re.IGNORECASE,
)
_WINDOW: Final = re.compile(
    r"(?:(?:rolling|past|last|in|over|the|within)\s+)*(?:\d+\s*-?\s*(?:h|hrs?|hours?|d|days?|w|weeks?"
    r"|months?)\b|utc day|calendar day|calendar year|iso week|\b(?:week(?:ly)?|day|daily|month|year)\b)",
    re.IGNORECASE,
)
_SIDE: Final = re.compile(r"\b(longs?|shorts?|total|liquidations|liquidated)\b", re.IGNORECASE)
_SOURCES: Final = {"coinglass": "CoinGlass", "bybt": "Bybt", "coinalyze": "Coinalyze",
                   "amberdata": "Amberdata", "glassnode": "Glassnode"}  # fmt: skip
HINT: Final = 'write it like "2.3B longs 7d 2025-11-07", with a venue, a coin or a source if told'


def read_sentence(text: str) -> Claim:
    """The figure, its side, window and date in any order, and a scope and a source where named.

    Without a side both are meant, without a window it is not told. Raises ValueError, in one line.
    """
    found = max(_DATE.finditer(text), key=lambda one: len(one[0]), default=None)
    if not found:
        raise ValueError(f"{text!r} names no date; {HINT}")
    days, rest = read_days(found[0]), text[: found.start()] + " " + text[found.end() :]
    window = _WINDOW.search(rest)
    rest = rest.replace(window[0], " ", 1) if window else rest
    told = window[0].strip() if window else "" if days.one else "calendar month or year"
    told += f" to {found[0]}" if "T" in found[0] else ""
    figure = figure_of(rest)
    if figure is None:
        raise ValueError(f"{text!r} names no figure; {HINT}")
    sides = [word.lower() for word in _SIDE.findall(figure.about)]
    named = {side for word in sides for side in ("long", "short") if word.startswith(side)}
    claim = claim_of(
        "claim",
        days,
        dollars(figure.text),
        window=told,
        side=next(iter(named)) if len(named) == 1 else "total",
        scope=_scope(figure.about),
        source=next((name for word, name in _SOURCES.items() if word in rest.lower()), ""),
        note="" if figure.is_alone and "=" not in rest else rest,
    )
    return _beside(claim)


def _beside(claim: Claim) -> Claim:
    """Without the figure among its own parts."""
    others = tuple(part for part in claim.noted.parts if part.amount != claim.amount)
    return replace(claim, noted=replace(claim.noted, parts=others))


def _scope(text: str) -> str:
    venue = venue_in(text) or ""
    coin = next(filter(None, map(coin_of_word, re.findall(r"[A-Za-z]\w*", text))), "")
    return f"{venue} {coin}".strip() or "market"
