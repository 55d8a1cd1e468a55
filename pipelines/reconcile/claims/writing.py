"""A verdict as plain values: the fields of a row, and of the JSON that programs read."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from pipelines.reconcile.claims.claim import Claim, Unread
from pipelines.reconcile.claims.judging import Judged
from pipelines.reconcile.claims.searching import BaseRate, Search

Value = str | int | float | Decimal | date | datetime | None
_CLAIMED: Final = (
    "first_day", "last_day", "window_stated", "side", "scope", "value_usd", "low_usd", "high_usd",
)  # fmt: skip
_SEARCHED: Final = ("cells_searched", "cells_fitting", "dates_permuted", "chance_of_fit")
_RATED: Final = ("base_rate", "base_reached", "base_windows")
_BEST: Final = ("source", "venue", "coin", "length_s", "end", "usd")
_BASE: Final = ("source", "venue", "coin", "coins")


def fields_of(one: Judged) -> dict[str, Value]:
    """The columns of VERDICTS but ``time``; of a row that could not be read, those that there are."""
    said: dict[str, Value] = {
        "claim_id": one.id,
        "verdict": one.verdict.value,
        "reason": " ".join((one.reason, *one.beside)),
    }
    return said | _claimed(one.claim) | _searched(one.search) | _rated(one.rate)


def _claimed(claim: Claim | None) -> dict[str, Value]:
    if claim is None:
        return dict.fromkeys(_CLAIMED)
    first, last = claim.span.days
    amount = claim.amount
    values = (first, last, claim.span.words or "unclear", claim.side, claim.scope.words)
    figures = (amount.value_usd, amount.low_usd, amount.high_usd)
    return dict(zip(_CLAIMED, (*values, *figures), strict=True))


def _searched(found: Search | None) -> dict[str, Value]:
    if found is None:
        return dict.fromkeys((*_SEARCHED, *(f"best_{name}" for name in _BEST)))
    values: tuple[Value, ...] = (found.searched, found.fitting, found.dates, found.chance)
    best = found.best or dict.fromkeys(_BEST)
    return dict(zip(_SEARCHED, values, strict=True)) | {f"best_{n}": best[n] for n in _BEST}


def _rated(rate: BaseRate | None) -> dict[str, Value]:
    if rate is None:
        return dict.fromkeys((*_RATED, *(f"base_{name}" for name in _BASE)))
    values: tuple[Value, ...] = (rate.share, rate.reached, rate.windows)
    return dict(zip(_RATED, values, strict=True)) | {f"base_{n}": rate.cell[n] for n in _BASE}


def as_json(judged: Sequence[Judged]) -> str:
    """An array in the order of the claims; amounts as text with every digit."""
    return json.dumps([_entry(one) for one in judged], ensure_ascii=False, indent=1)


def _entry(one: Judged) -> dict[str, object]:
    fields: dict[str, Value] = fields_of(one)
    best = {name: _plain(fields.pop(f"best_{name}")) for name in _BEST}
    base = {name: _plain(fields.pop(f"base_{name}")) for name in _BASE}
    entry: dict[str, object] = {name: _plain(value) for name, value in fields.items()}
    entry["best_cell"] = best if one.search and one.search.best else None
    entry["base_series"] = base if one.rate else None
    entry["error"] = one.told.reason if isinstance(one.told, Unread) else None
    return entry


def _plain(value: Value) -> str | int | float | None:
    match value:
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
    return value
