"""The week's tables as CSV: numbers stay numbers, and no text is a formula to a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from pipelines.report import allowed, figures
from pipelines.report.evidence import Evidence
from pipelines.report.page import Page
from pipelines.report.rows import TABLES, WeekRows
from pipelines.report.totals import POSITIONS
from pipelines.report.trail import Number

# What Excel, LibreOffice and Sheets take for the beginning of a formula, or strip to find one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", " ", "\N{FULLWIDTH EQUALS SIGN}")

Value = str | Decimal | float | int | bool | date | datetime | None


def csv_files(rows: WeekRows, page: Page, evidence: Evidence) -> dict[str, bytes]:
    """Each mart table under its own name, coins by source, the inputs, and the terms.

    Rows of a source that may not be passed on are in none of them; how many, the terms say.
    """
    market, made = evidence.market, {}
    for field, (table, columns, _) in TABLES.items():
        held = allowed.passed_on(getattr(rows, field), market)
        made[f"tables/{table.partition('.')[2]}.csv"] = _file(list(columns), held.rows())
    made["tables/by_coin.csv"] = _by_coin(page, market)
    made["tables/terms.csv"] = _terms(rows, market)
    made["tables/inputs.csv"] = _file(
        ["path", "sha256", "asked_at"],
        [(one.path, one.sha256, one.asked_at) for one in evidence.inputs],
    )
    return made


def _terms(rows: WeekRows, market: str) -> bytes:
    """What may be done with each source's figures, and how many rows of it were left out."""
    lines = []
    for credit in allowed.credits(rows, market):
        frames = [getattr(rows, field) for field in TABLES]
        held = sum(f.height - allowed.without(f, [credit.source]).height for f in frames)
        terms = credit.terms
        may = (terms.keep.value, terms.show.value, terms.pass_on.value)
        left_out = 0 if credit.is_passed_on else held
        lines.append((credit.source, *may, left_out, terms.address, terms.words))
    heads = "source may_be_kept may_be_shown may_be_passed_on rows_left_out address words"
    return _file(heads.split(), lines)


def _by_coin(page: Page, market: str) -> bytes:
    lines = []
    for voice, sheet in zip(page.voices, page.coins, strict=True):
        for line in sheet.lines if allowed.may_pass_on(voice.source, market) else ():
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
