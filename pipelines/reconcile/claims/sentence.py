"""A claim in one line, as a person types it: ``2.3B longs 7d 2025-11-07``."""

import re
from dataclasses import replace
from typing import Final

from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.figure import figure_of
from pipelines.reconcile.claims.notes import read_note
from pipelines.reconcile.claims.reading import claim_of
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
_COUNT: Final = re.compile(r"\d+\s*-?\s*[hdwm]", re.IGNORECASE)
_HOUR: Final = re.compile(
    r"\b(?:(?:the\s+)?(?:past|last|one|an|a|single)\s+){1,2}hour\b", re.IGNORECASE
)
_MINUTES: Final = re.compile(r"\b\d+\s*-?\s*min(?:ute)?s?\b", re.IGNORECASE)
_SOURCES: Final = {"coinglass": "CoinGlass", "bybt": "Bybt", "coinalyze": "Coinalyze",
                   "amberdata": "Amberdata", "glassnode": "Glassnode"}  # fmt: skip
HINT: Final = 'write it like "2.3B longs 7d 2025-11-07", with a venue, a coin or a source if told'


def read_sentence(text: str) -> Claim:
    """The figure, its side, window and date in any order, and a scope and a source where named.

    Without a side both are meant, without a window it is not told. Raises ValueError, in one line.
    """
    found = _date(text)
    days, rest = read_days(found[0]), text[: found.start()] + " " + text[found.end() :]
    rest = _HOUR.sub(" 1h ", rest)
    window = _window(rest)
    rest = rest.replace(window, " ", 1)
    told = window.strip() or ("" if days.one else "calendar month or year")
    told += f" to {found[0]}" if "T" in found[0] else ""
    figure = figure_of(rest.partition("=")[0]) or figure_of(rest)
    if figure is None:
        raise ValueError(f"{text!r} names no figure; {HINT}")
    if figure.amount.value_usd <= 0:
        raise ValueError(f"{text!r} names no figure to judge: it is zero")
    claim = claim_of(
        "claim",
        days,
        figure.amount,
        window=told,
        side=figure.of.side or "total",
        scope=f"{figure.of.venue or ''} {figure.of.coin or ''}".strip() or "market",
        source=next((name for word, name in _SOURCES.items() if word in rest.lower()), ""),
        note=rest if "=" in rest else "",
        parts=figure.parts,
    )
    shares = read_note(rest).shares if claim.side == "total" else ()
    return replace(claim, noted=replace(claim.noted, shares=shares))


def _date(text: str) -> re.Match[str]:
    """The longest, since a year alone is less than a day. Raises ValueError for none, and for two days."""
    every = sorted(_DATE.finditer(text), key=lambda one: -len(one[0]))
    if not every:
        raise ValueError(f"{text!r} names no date; {HINT}")
    days = {str(read_days(one[0])) for one in every if read_days(one[0]).one}
    if len(days) > 1 and read_days(every[0][0]).one:
        raise ValueError(f"{text!r} names {len(days)} days; write the one that the figure is of")
    return every[0]


def _window(text: str) -> str:
    """Its words, or none. Raises ValueError where it names two, or one that nothing is held of."""
    if _MINUTES.search(text):
        raise ValueError(f"{text.strip()!r} is about minutes; nothing under an hour is judged")
    every = [found[0] for found in _WINDOW.finditer(text)]
    counts = [found[0] for one in every if (found := _COUNT.search(one))]
    several = {re.sub(r"[^0-9a-z]", "", one.lower()) for one in counts}
    if len(several) > 1:
        raise ValueError(f"it names {len(several)} windows; write the one to be judged alone")
    return max(every, key=lambda one: bool(_COUNT.search(one)), default="")
