"""The week's tables as CSV: numbers stay numbers, and no text is a formula to a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from pipelines.report import figures
from pipelines.report.evidence import Evidence
from pipelines.report.page import Page
from pipelines.report.rows import TABLES, WeekRows
from pipelines.report.totals import POSITIONS
from pipelines.report.trail import Number

# What Excel, LibreOffice and Sheets take for the beginning of a formula, or strip to find one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", " ", "\N{FULLWIDTH EQUALS SIGN}")

Value = str | Decimal | float | int | bool | date | datetime | None


def csv_files(rows: WeekRows, page: Page, evidence: Evidence) -> dict[str, bytes]:
    """Each mart table under its own name, coins by source, and the inputs."""
    made = {
        f"tables/{table.partition('.')[2]}.csv": _file(list(columns), getattr(rows, field).rows())
        for field, (table, columns, _) in TABLES.items()
    }
    made["tables/by_coin.csv"] = _by_coin(page)
    made["tables/inputs.csv"] = _file(
        ["path", "sha256", "asked_at"],
        [(one.path, one.sha256, one.asked_at) for one in evidence.inputs],
    )
    return made


def _by_coin(page: Page) -> bytes:
    lines = []
    for voice, sheet in zip(page.voices, page.coins, strict=True):
        for line in sheet.lines:
            for position, cell in zip(POSITIONS, line.cells, strict=True):
                one = cell.main
                assert isinstance(one, Number)
                lacking = ",".join(day.isoformat() for day in one.missing_days)
                notes = "; ".join(one.notes)
                named = (voice.source, voice.scope, line.head, position)
                lines.append((*named, one.value, one.is_par, lacking, notes, one.key))
    heads = "source scope coin position notional_usd is_par missing_days notes key"
    return _file(heads.split(), lines)


def _file(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([written(value) for value in row] for row in rows)
    return out.getvalue().encode()


def written(value: Value) -> str:
    """A missing value is empty, never 0."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal() | int():
            return figures.exact(Decimal(value))
        case float():
            return figures.exact(Decimal(repr(value)))
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S}Z"
        case date():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    from pipelines.files import digest_of

    return {name: digest_of(files[name]) for name in sorted(files)}
