"""One claim from its fields as text, wherever these come from: a sentence, a file, our ledger."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pipelines.reconcile.claims import amounts
from pipelines.reconcile.claims.amounts import AMOUNT, Printed
from pipelines.reconcile.claims.claim import Claim, Noted, Part, Told, Unread
from pipelines.reconcile.claims.notes import read_note
from pipelines.reconcile.claims.scopes import read_scope
from pipelines.reconcile.claims.spans import Days, read_days, read_span
from pipelines.tables.words import ClaimedSide

SIDES: Mapping[str, str] = {
    "long": "long", "longs": "long", "long positions": "long", "sell": "long", "forced sell": "long",
    "short": "short", "shorts": "short", "short positions": "short", "forced buy": "short",
    "total": "total", "both": "total", "all": "total", "": "total", "liquidations": "total",
    "long+short": "total", "longs and shorts": "total",
}  # fmt: skip


def read_side(text: str) -> str:
    """``longs``, ``short (forced buy)``, ``total``. Raises ValueError, in one line."""
    plain = re.sub(r"\(.*?\)", "", text).strip().lower()
    if plain not in SIDES:
        raise ValueError(f"side {text!r} is none of {', '.join(ClaimedSide)}")
    return SIDES[plain]


def claim_of(
    name: str,
    days: Days,
    amount: Printed,
    *,
    window: str = "",
    side: str = "total",
    scope: str = "market",
    source: str = "",
    note: str = "",
    parts: tuple[Part, ...] = (),
    traders: int | None = None,
    address: str = "",
) -> Claim:
    """A claim of its parts; what its note says of the figure itself moves the figure's interval.

    ``parts`` are those that were entered by hand; a note then adds only what they do not name.
    """
    noted = read_note(note)
    known = {(part.by, part.what) for part in parts}
    more = tuple(p for p in noted.parts if (p.by, p.what) not in known)
    return Claim(
        name,
        days.one,
        read_span(window, days, note),
        side,
        read_scope(scope),
        "" if source.lower().startswith("unnamed") else source,
        _as_noted(amount, note),
        replace(noted, parts=(*parts, *more)),
        traders,
        address,
    )


def _as_noted(amount: Printed, note: str) -> Printed:
    """The figure as its note has it: with a range around it, or with a word before it."""
    for one in amounts.ranges_of(note):
        if one.low_usd <= amount.value_usd <= one.high_usd and "day" not in note.lower():
            return one.over(one.low_usd, one.high_usd)
    for found in AMOUNT.finditer(note):
        if found["how"] and found["unit"] and amounts.of_match(found).value_usd == amount.value_usd:
            return amounts.qualified(amount, found["how"])
    bare = re.match(rf"\s*(?:told as |given as )?({amounts.QUALIFIER})\b", note, re.IGNORECASE)
    if bare and not re.match(r"\s*[\d$%.]", note[bare.end() :]):
        return amounts.qualified(amount, bare[1])
    return amount


def whole_number(text: str) -> int | None:
    """A count of traders; None where it is empty or no count, which no verdict rests on."""
    plain = text.replace(",", "").strip()
    return int(plain) if plain.isdigit() else None


def dollars(text: str) -> Printed:
    """A figure of dollars that is not negative. Raises ValueError."""
    number = amounts.read_amount(text)
    if number.value_usd <= Decimal(0):
        raise ValueError(f"{text!r} is no figure to judge: it is zero")
    return number


__all__ = ["Claim", "Noted", "Told", "Unread", "claim_of", "dollars", "read_days", "read_side"]
