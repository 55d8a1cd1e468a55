"""Claims of a CSV file, a row each. A row that cannot be read says why and spoils no other."""

import csv
import io
from collections.abc import Iterator, Mapping

from pipelines.reconcile.claims.claim import Claim, Told, Unread
from pipelines.reconcile.claims.reading import claim_of, dollars, read_side, whole_number
from pipelines.reconcile.claims.spans import read_days

NEEDED = ("event_date_utc", "value_usd")
OPTIONAL = (
    "claim_id", "window", "side", "scope", "source_named", "traders", "url", "quality", "note",
)  # fmt: skip
Row = Mapping[str | None, str | list[str] | None]


def read_file(body: bytes) -> list[Told]:
    """Every row of the file, in its order. Raises ValueError where it is no such file at all."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8: {error.reason} at byte {error.start}") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    heads = [name.strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = heads
    if lost := [name for name in NEEDED if name not in heads]:
        raise ValueError(f"its first line does not name the column {' and '.join(lost)}")
    return list(_rows(rows))


def _rows(rows: "csv.DictReader[str]") -> Iterator[Told]:
    seen: set[str] = set()
    try:
        for number, row in enumerate(rows, 1):
            one = _row(row, f"row {number}")
            if one.id in seen:
                one = Unread(f"row {number}", f"claim_id {one.id!r} is given twice")
            seen.add(one.id)
            yield one
    except csv.Error as error:
        yield Unread(f"line {rows.line_num}", f"the file cannot be read from here on: {error}")


def _row(row: Row, place: str) -> Told:
    name = _said(row, "claim_id") or place
    if None in row:
        return Unread(name, "it has more fields than the first line names; is a comma unquoted?")
    try:
        return _claim(name, row)
    except (ValueError, ArithmeticError) as error:
        return Unread(name, str(error) or "a number in it cannot be read")


def _claim(name: str, row: Row) -> Claim:
    if not _said(row, "value_usd"):
        raise ValueError("it has no value_usd")
    return claim_of(
        name,
        read_days(_said(row, "event_date_utc")),
        dollars(_said(row, "value_usd")),
        window=_said(row, "window"),
        side=read_side(_said(row, "side")),
        scope=_said(row, "scope") or "market",
        source=_said(row, "source_named"),
        note=_said(row, "note"),
        traders=whole_number(_said(row, "traders")),
        address=_said(row, "url"),
    )


def _said(row: Row, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
