"""A printed number, the warehouse rows it is, and the lake rows from which it came."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from pipelines.report import figures


class UnknownKeyError(KeyError):
    """No number of that edition has the key."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of ``table`` where each column in ``filters`` has its value, on those UTC days."""

    table: str
    filters: Mapping[str, str | int]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Number:
    """``value`` is None where it is missing; ``printed`` then says so in words.

    ``source`` is the warehouse rows that hold it or whose exact sum it is, ``trail`` the lake
    rows behind those. ``notes`` are the words that stand beside it.
    """

    key: str
    label: str
    value: Decimal | None
    unit: str
    printed: str
    source: Selection
    trail: tuple[Selection, ...]
    missing_days: tuple[date, ...] = ()
    is_par: bool = False
    notes: tuple[str, ...] = ()

    @property
    def exact(self) -> str:
        return "" if self.value is None else figures.exact(self.value)


def key_of(*parts: object) -> str:
    """Parts joined by dots; what is not a letter, digit, ``_`` or ``-`` is written ``~XX``."""
    return ".".join(_plain(str(part)) for part in parts)


def _plain(part: str) -> str:
    return re.sub(
        r"[^A-Za-z0-9_-]",
        lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode()),
        part,
    )


def number(
    key: str,
    label: str,
    value: Decimal | float | int | None,
    unit: str,
    source: Selection,
    trail: tuple[Selection, ...],
    *,
    absent: str = "missing",
    printed: str = "",
    missing_days: tuple[date, ...] = (),
    is_par: bool = False,
    notes: tuple[str, ...] = (),
) -> Number:
    """A Number printed as its unit is printed, or ``absent``."""
    known = figures.decimal(value)
    text = absent if known is None else printed or figures.printed(known, unit)
    return Number(
        key,
        label,
        known,
        unit,
        text,
        source,
        trail,
        missing_days,
        is_par and known is not None,
        notes,
    )


def as_entry(number: Number) -> dict[str, Any]:
    """The number as it stands in report.json."""
    return {
        "key": number.key,
        "label": number.label,
        "value": None if number.value is None else number.exact,
        "unit": number.unit,
        "printed": number.printed,
        "source": _selection(number.source),
        "trail": [_selection(step) for step in number.trail],
        "missing_days": [day.isoformat() for day in number.missing_days],
        "is_par": number.is_par,
        "notes": list(number.notes),
    }


def find(report_json: bytes, key: str) -> Number:
    """The number of that key. Raises UnknownKeyError, which names the nearest keys."""
    entries = {entry["key"]: entry for entry in msgspec.json.decode(report_json)["numbers"]}
    if key in entries:
        return msgspec.convert(entries[key], Number)
    near = difflib.get_close_matches(key, entries, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "see the keys in report.json"
    raise UnknownKeyError(f"no number of this edition has the key {key!r}; {hint}")


def _selection(rows: Selection) -> dict[str, Any]:
    return {
        "table": rows.table,
        "filters": dict(rows.filters),
        "first_day": rows.first_day.isoformat(),
        "last_day": rows.last_day.isoformat(),
    }
