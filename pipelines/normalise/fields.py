"""From what a source wrote, as text, to typed columns: each either exact or null, never guessed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Any

import polars as pl

from pipelines.normalise.eras import FIELD, Refused
from pipelines.raw import Page
from pipelines.strict_json import read
from pipelines.tables import INSTANT
from pipelines.units import exact

# Instants outside these are in the wrong unit: the first is before any market in perpetuals.
FIRST_MS, LAST_MS = 1_230_768_000_000, 4_102_444_800_000  # 2009-01-01, 2100-01-01
ROW_SHOWN = 500
_TEXT_OR_NULL = frozenset((str, type(None)))


def said(name: str) -> pl.Expr:
    """What the source wrote in that field, as text."""
    return pl.col(f"said_{name}")


def instant_ms(text: pl.Expr) -> pl.Expr:
    """Milliseconds since 1970 as a UTC instant; null for anything that cannot be one."""
    value = pl.when(text.str.contains(r"^[0-9]{13}$")).then(text).cast(pl.Int64)
    return pl.when(value.is_between(FIRST_MS, LAST_MS)).then(value).cast(INSTANT)


def instant_s(text: pl.Expr) -> pl.Expr:
    """Seconds since 1970 as a UTC instant; null for anything that cannot be one."""
    value = pl.when(text.str.contains(r"^[0-9]{9,10}$")).then(text).cast(pl.Int64) * 1000
    return pl.when(value.is_between(FIRST_MS, LAST_MS)).then(value).cast(INSTANT)


def instant_text(text: pl.Expr) -> pl.Expr:
    """``2025-11-02 00:05:00``, UTC; null for anything else."""
    whole = pl.when(text.str.contains(r"^[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-5][0-9]){2}$")).then(
        text
    )
    read_as = whole.str.strptime(pl.Datetime("ms"), "%Y-%m-%d %H:%M:%S", strict=False)
    return read_as.dt.replace_time_zone("UTC").cast(INSTANT)


def instant_iso(text: pl.Expr) -> pl.Expr:
    """``2025-11-02T00:05:00.013Z`` to the millisecond; null for anything else."""
    whole = text.str.extract(
        r"^([0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-5][0-9]){2})(?:\.[0-9]{1,9})?Z$"
    )
    part = text.str.extract(r"\.([0-9]{1,3})[0-9]*Z$").fill_null("0").str.pad_end(3, "0")
    read_as = pl.concat_str(whole, pl.lit("."), part).str.strptime(
        pl.Datetime("ms"), "%Y-%m-%dT%H:%M:%S%.3f", strict=False
    )
    at = read_as.dt.replace_time_zone("UTC").cast(INSTANT)
    return pl.when(at.dt.epoch("ms").is_between(FIRST_MS, LAST_MS)).then(at)


def word(text: pl.Expr, meanings: Mapping[str, StrEnum], kind: type[StrEnum]) -> pl.Expr:
    """The meaning of a word; null for one that nobody has explained to us."""
    return text.replace_strict(dict(meanings), default=None, return_dtype=pl.Enum(kind))


def told(meaning: StrEnum) -> pl.Expr:
    """One word for every row."""
    return pl.lit(meaning, dtype=pl.Enum(type(meaning)))


def first_reason(*checks: tuple[pl.Expr, str]) -> pl.Expr:
    """The reason of the first check that holds; null where none does. Null counts as holding."""
    return pl.coalesce(
        pl.when(fails.fill_null(value=True)).then(pl.lit(why)) for fails, why in checks
    )


def unknown(text: pl.Expr, read_as: pl.Expr, what: str) -> pl.Expr:
    """The reason ``unknown <what> '<text>'`` where ``read_as`` found no meaning, else null."""
    said = pl.concat_str(pl.lit(f"unknown {what} '"), text.fill_null("null"), pl.lit("'"))
    return pl.when(read_as.is_null()).then(said)


def inexact(text: pl.Expr, what: str) -> pl.Expr:
    """The reason for a number that is given and that is no exact one, else null."""
    why = pl.concat_str(pl.lit(f"{what} '"), text, pl.lit("' is no exact number"))
    return pl.when(text.is_not_null() & exact(text).is_null()).then(why)


def body_of(page: Page) -> Any:
    """The JSON of an answer. Raises NotStrictJsonError."""
    return read(page.body)


def objects(rows: object, names: Sequence[str]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The named fields of each object of a list; a field that is not there is None."""
    if not isinstance(rows, list):
        yield Refused("no list of rows where one was expected", shown(rows))
        return
    pick = itemgetter(*names) if len(names) > 1 else None
    for row in rows:
        if not isinstance(row, dict):
            yield Refused("a row that is not an object", shown(row))
            continue
        try:
            found = pick(row) if pick else (row[names[0]],)
        except KeyError:
            found = tuple(row.get(name) for name in names)
        yield found if _TEXT_OR_NULL.issuperset(map(type, found)) else plain(found)


def arrays(rows: object, least: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The first ``least`` places of each array of a list of arrays."""
    if not isinstance(rows, list):
        yield Refused("no list of rows where one was expected", shown(rows))
        return
    for row in rows:
        if not isinstance(row, list) or len(row) < least:
            yield Refused(f"a row that is not an array of {least} places", shown(row))
        else:
            yield plain(tuple(row[:least]))


def plain(values: tuple[Any, ...]) -> tuple[FIELD, ...]:
    """Text stays text; what is neither text nor null is shown as JSON, for a reader to refuse."""
    if _TEXT_OR_NULL.issuperset(map(type, values)):
        return values
    return tuple(v if v is None or type(v) is str else shown(v) for v in values)


def shown(value: object) -> str:
    """A value as text for the quarantine, cut."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
    except RecursionError:
        text = "nested too deep to be shown"
    return text[:ROW_SHOWN]
