"""Entries of the files that people edit: strict TOML, each entry checked by itself.

A file is a list of tables of one name. An entry that is not as its kind says is refused in one line
that names it and the field; the others are kept. Of a file that is no TOML nothing can be kept.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Annotated, Any, TypeVar

import msgspec

from pipelines.normalise.eras import Refused
from pipelines.normalise.fields import shown
from pipelines.raw import Page

# Digits in quotes: what is written without them would pass through a float.
Digits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}(\.[0-9]{1,18})?$")]
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"^\S(.*\S)?$")]  # one line
NATIVE = (datetime, date, time)  # what TOML has beside the kinds of JSON


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an entry may hold; the first field names it."""


Kind = TypeVar("Kind", bound=Entry)


def entries(page: Page, table: str, kind: type[Kind]) -> Iterator[Kind | Refused]:
    """Each ``[[table]]`` of the file."""
    text = page.body.decode("utf-8", "replace")
    try:
        told = tomllib.loads(page.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        yield Refused(f"{page.address} is not TOML: {error}", shown(text))
        return
    for name in sorted(set(told) - {table}):
        yield Refused(f"{page.address}: only [[{table}]] may stand here, not {name!r}", name)
    found = told.get(table, [])
    if not isinstance(found, list):
        yield Refused(f"{page.address}: [[{table}]] needs two brackets", shown(found))
        return
    seen: set[str] = set()
    for number, fields in enumerate(found, 1):
        yield _checked(fields, number, table, kind, seen)


def _checked(
    fields: Any, number: int, table: str, kind: type[Kind], seen: set[str]
) -> Kind | Refused:
    named_by = kind.__struct_fields__[0]
    name = fields.get(named_by) if isinstance(fields, dict) else None
    who = f"{table} {name!r}" if isinstance(name, str) else f"{table} number {number}"
    if isinstance(name, str) and name in seen:
        return Refused(f"{who}: this {named_by} is given twice", shown(fields))
    seen |= {name} if isinstance(name, str) else set()
    try:
        return msgspec.convert(fields, kind, builtin_types=NATIVE, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        return Refused(f"{who}: {error}", shown(fields))
