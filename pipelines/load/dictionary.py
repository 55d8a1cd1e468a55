"""``docs/tables.md`` and ``docs/mart_contract.json``, written from the declarations.

python -m pipelines.load.dictionary          write both; other mart columns, next version
python -m pipelines.load.dictionary --check  say what differs, and fail if anything does
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pipelines.lake import Lake
from pipelines.load.connection import connect
from pipelines.load.evidence import BOUNDS, FILES, REGIMES
from pipelines.load.models import SCHEMAS, Model, read_all
from pipelines.load.promises import all_checks
from pipelines.load.warehouse import build
from pipelines.tables import TABLES, Table

ROOT = Path(__file__).parents[2]
SQL = ROOT / "sql"
TABLES_PAGE = ROOT / "docs" / "tables.md"
CONTRACT = ROOT / "docs" / "mart_contract.json"

ABOUT = {
    "lake": (
        "Views on the canonical Parquet, and what the loader knows of its files. "
        "The views need the lake; all other tables stand alone."
    ),
    "core": "Facts by venue, coin, side and hour or day.",
    "mart": (
        "Answers, which the report and other readers select from. "
        "Their columns are a contract: `docs/mart_contract.json`."
    ),
    "check": (
        'Our own promises. A row here blocks the warehouse. In SQL the schema is written `"check"`.'
    ),
    "finding": "Faults found in sources. A row here is printed and blocks nothing.",
}
UNITS = (
    ("_usd", "US dollars"),
    ("_quote", "quote"),
    ("_coins", "coins"),
    ("_pct", "percent"),
    ("_s", "seconds"),
    ("_mask", "bits"),
)
PRICES_OF_DAYS = {
    "price_open",
    "price_high",
    "price_low",
    "price_close",
    "price_before",
    "mark_close",
}
PRICES = {"open", "high", "low", "close", "price"} | PRICES_OF_DAYS
FUNDING = {"funding_last", "funding_sum", "funding_mean", "funding_before"}
FRACTIONS = {"funding_rate", "binance_rate", "coinalyze_rate"} | FUNDING

Types = Mapping[str, Mapping[str, str]]  # table, column, type


class Contract(msgspec.Struct, frozen=True):
    """The columns that readers of ``mart`` may rely on."""

    version: int
    tables: dict[str, dict[str, str]]


def unit_of(column: str) -> str:
    """The unit that a column's name tells; empty for counts, words and instants."""
    if column in PRICES:
        return "quote per base"
    if column in FRACTIONS:
        return "fraction"
    if column.startswith("rows_"):
        return ""
    return next((unit for ending, unit in UNITS if column.endswith(ending)), "")


def types_of(models: Sequence[Model]) -> Types:
    """The types that a warehouse over an empty lake has."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "warehouse.duckdb"
        build(place, Lake(Path(folder) / "lake"), models)
        with connect(place, read_only=True) as warehouse:
            rows = warehouse.execute(
                """
                select schema_name || '.' || table_name, column_name, data_type
                from duckdb_columns()
                where not internal
                order by schema_name, table_name, column_index
                """
            ).fetchall()
    types: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        types.setdefault(table, {})[column] = kind
    return types


def page(models: Sequence[Model], types: Types) -> str:
    """``docs/tables.md``."""
    return "\n".join(_lines(models, types)) + "\n"


def contract(types: Types, before: Contract | None) -> Contract:
    """What holds now; the version is one more than that of ``before`` where columns differ."""
    tables = {name: dict(held) for name, held in types.items() if name.startswith("mart.")}
    if before is None:
        return Contract(1, tables)
    same = [*before.tables.items()] == [*tables.items()]
    return before if same else Contract(before.version + 1, tables)


def contract_text(now: Contract) -> str:
    return msgspec.json.format(msgspec.json.encode(now), indent=2).decode() + "\n"


def kept_contract() -> Contract | None:
    if not CONTRACT.exists():
        return None
    return msgspec.json.decode(CONTRACT.read_bytes(), type=Contract)


def _lines(models: Sequence[Model], types: Types) -> Iterator[str]:
    yield from ("# Tables", "")
    yield "Made by `python -m pipelines.load.dictionary` from `pipelines/tables` and the"
    yield "headers in `sql/`. Days are UTC days, weeks ISO weeks (`%G-W%V`). Where the cell"
    yield "under *null* is empty, the column is never null."
    stated = [FILES, BOUNDS, REGIMES, *models, *all_checks(models)]
    for schema in ("lake", *SCHEMAS):
        yield from ("", f"## {schema}", "", ABOUT[schema])
        for table in TABLES.values() if schema == "lake" else ():
            yield from _canonical(table, types[f"lake.{table.name}"])
        for model in sorted((m for m in stated if m.schema == schema), key=lambda m: m.table):
            yield from _model(model, types[model.table])


def _canonical(table: Table, types: Mapping[str, str]) -> Iterator[str]:
    yield from _head(f"lake.{table.name}", table.about, table.key, "")
    for column in table.columns:
        unit = unit_of(column.name)
        yield _row(column.name, types[column.name], unit, column.about, column.null)


def _model(model: Model, types: Mapping[str, str]) -> Iterator[str]:
    reads = ", ".join(f"`{name}`" for name in sorted(model.reads))
    shown = "every table" if model.table.startswith("check.declared_") else reads
    yield from _head(model.table, model.about, model.key, shown)
    for name, kind in types.items():
        meaning = model.columns[name]
        yield _row(name, kind, unit_of(name), meaning.about, _sentence(meaning.null))


def _head(table: str, about: str, key: Sequence[str], reads: str) -> Iterator[str]:
    yield from ("", f"### {table}", "", about, "")
    yield f"Key: {', '.join(f'`{name}`' for name in key)}."
    if reads:
        yield f"Made from: {reads}."
    yield from ("", "| column | type | unit | meaning | null |", f"|{' --- |' * 5}")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row(*cells: str) -> str:
    name, *others = (cell.replace("|", "\\|") for cell in cells)
    return " | ".join((f"| `{name}`", *others)) + " |"


def differences() -> list[str]:
    """One line for each document that is not what the declarations say now."""
    models = read_all(SQL)
    types = types_of(models)
    before = kept_contract()
    said = []
    kept_page = TABLES_PAGE.read_text(encoding="utf-8") if TABLES_PAGE.exists() else ""
    if kept_page != page(models, types):
        said.append("docs/tables.md differs from the declarations; make it again")
    if before is None or contract(types, before) != before:
        said.append("docs/mart_contract.json differs from the columns of mart; make it again")
    return said


def write() -> None:
    """Write both documents."""
    models = read_all(SQL)
    types = types_of(models)
    TABLES_PAGE.write_text(page(models, types), encoding="utf-8")
    CONTRACT.write_text(contract_text(contract(types, kept_contract())), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m pipelines.load.dictionary")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        write()
        return 0
    said = differences()
    print("\n".join(said) or "docs/tables.md and docs/mart_contract.json are as declared")
    return bool(said)


if __name__ == "__main__":
    raise SystemExit(main())
