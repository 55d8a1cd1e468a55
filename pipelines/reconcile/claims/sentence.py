"""A claim in one line, as a person types it: ``2.3B longs 7d 2025-11-07``."""

import re
from typing import Final

from pipelines.reconcile.claims.amounts import AMOUNT, BETWEEN
from pipelines.reconcile.claims.claim import Claim
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
    figure, rest = _figure(rest)
    sides = [word.lower() for word in _SIDE.findall(rest)]
    named = {side for word in sides for side in ("long", "short") if word.startswith(side)}
    return claim_of(
        "claim",
        days,
        dollars(figure),
        window=told,
        side=next(iter(named)) if len(named) == 1 else "total",
        scope=_scope(rest),
        source=next((name for word, name in _SOURCES.items() if word in rest.lower()), ""),
        note=rest if "=" in rest else "",
    )


def _figure(text: str) -> tuple[str, str]:
    """The first number of dollars, and the text without it."""
    if between := BETWEEN.search(text):
        low, unit, high, last = between.groups()
        rest = text[: between.start()] + " " + text[between.end() :]
        return (f"{low}-{high}{last}" if unit in (None, last) else between[0]), rest
    found = max(
        AMOUNT.finditer(text), key=lambda one: (bool(one["unit"]), -one.start()), default=None
    )
    if not found:
        raise ValueError(f"{text!r} names no figure; {HINT}")
    return found[0], text[: found.start()] + " " + text[found.end() :]


def _scope(text: str) -> str:
    venue = venue_in(text) or ""
    coin = next(filter(None, map(coin_of_word, re.findall(r"[A-Za-z]\w*", text))), "")
    return f"{venue} {coin}".strip() or "market"
