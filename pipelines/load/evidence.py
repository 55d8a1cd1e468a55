"""What the warehouse knows of the lake: views of its tables, its files and what is in them."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines.files import DamagedError
from pipelines.lake import Lake, Made
from pipelines.load.connection import quoted
from pipelines.load.models import Meaning, Model
from pipelines.regimes import ABOUT, NULLS, regimes
from pipelines.tables import TABLES, Column, Table
from pipelines.units import AMOUNT

DIGESTS_AT_ONCE = 2
_FILE = {
    "table_name": Meaning("Canonical table."),
    "day": Meaning("UTC day of the file."),
    "part": Meaning("Part of the day."),
}
FILES = Model(
    "lake.files",
    "The files of the lake that the warehouse was built from, each checked against its digest.",
    ("table_name", "day", "part"),
    _FILE
    | {
        "rows": Meaning("Rows in it."),
        "sha256": Meaning("Digest of its bytes."),
        "as_of": Meaning("The state of knowledge that it was made at, UTC."),
    },
    "select * exclude (path) from files_held order by table_name, day, part",
    frozenset(),
)
BOUNDS = Model(
    "lake.bounds",
    "Lowest and highest value of the columns that checks measure, as written in each file.",
    ("table_name", "day", "part", "row_group", "column_name"),
    _FILE
    | {
        "row_group": Meaning("Row group of the file, from 0."),
        "column_name": Meaning("The column: time, an amount, or text of the table's key."),
        "is_amount": Meaning("Whether it is an exact decimal."),
        "rows": Meaning("Rows in the row group."),
        "nulls": Meaning("Of these, rows without a value.", "the file does not say."),
        "lowest": Meaning("Lowest value, as text.", "no value, or the file does not say."),
        "highest": Meaning("Highest value, as text.", "no value, or the file does not say."),
    },
    """
    select
        files.table_name,
        files.day,
        files.part,
        row_group_id as row_group,
        path_in_schema as column_name,
        is_amount,
        row_group_num_rows as rows,
        stats_null_count as nulls,
        stats_min_value as lowest,
        stats_max_value as highest
    from row_groups
    inner join files_held as files on row_groups.file_name = files.path
    inner join columns_measured using (table_name, path_in_schema)
    order by all
    """,
    frozenset(),
)
REGIMES = Model(
    "lake.regimes",
    "What each feed could have shown on any day: the eras of the readers, one row each.",
    ("canonical", "feed"),
    {name: Meaning(about, NULLS.get(name, "")) for name, about in ABOUT.items()},
    "select * from regimes_declared order by canonical, feed",
    frozenset(),
)
NO_ROW_GROUP = """
    select
        '' as file_name, 0::bigint as row_group_id, '' as path_in_schema,
        0::bigint as row_group_num_rows, 0::bigint as stats_null_count,
        '' as stats_min_value, '' as stats_max_value
    where false
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the lake whose digest was right when the build began."""

    table: Table
    day: date
    part: str
    path: Path
    made: Made


def held_files(lake: Lake) -> list[Held]:
    """Every file of every canonical table. Raises DamagedError on one that is not whole."""
    places = [
        (table, path)
        for table in TABLES.values()
        for path in sorted((lake.root / table.name).glob("day=*/*.parquet"))
    ]
    with ThreadPoolExecutor(DIGESTS_AT_ONCE) as pool:  # hashing lets other threads run
        return list(pool.map(lambda place: _held(lake, *place), places))


def _held(lake: Lake, table: Table, path: Path) -> Held:
    day = date.fromisoformat(path.parent.name.removeprefix("day="))
    made = lake.made(table, day, path.stem)
    if made is None:
        why = "its manifest has another digest; normalise that day again"
        raise DamagedError(f"{path} is not what was written: {why}")
    return Held(table, day, path.stem, path, made)


def attach(warehouse: duckdb.DuckDBPyConnection, lake: Lake, held: Sequence[Held]) -> None:
    """A view for each canonical table: over its files, or empty where it has none."""
    with_files = {file.table.name for file in held}
    for table in TABLES.values():
        query = _view(table, lake.root) if table.name in with_files else _empty(table)
        warehouse.execute(f"create view lake.{table.name} as {query}")


def register(warehouse: duckdb.DuckDBPyConnection, held: Sequence[Held]) -> None:
    """Hand the loader's own tables what they select from."""
    warehouse.execute(
        """
        create temp table files_held (
            table_name varchar, day date, part varchar, path varchar,
            rows bigint, sha256 varchar, as_of varchar
        );
        create temp table columns_measured (
            table_name varchar, path_in_schema varchar, is_amount boolean
        );
        """
    )
    _insert(warehouse, "files_held", [_described(file) for file in held])
    measured = [
        (table.name, column.name, str(column.dtype == AMOUNT))
        for table in TABLES.values()
        for column in measured_columns(table)
    ]
    _insert(warehouse, "columns_measured", measured)
    _declare_regimes(warehouse)
    paths = ", ".join(quoted(str(file.path)) for file in held)
    row_groups = f"from parquet_metadata([{paths}])" if held else NO_ROW_GROUP
    warehouse.execute(f"create temp view row_groups as {row_groups}")


def _declare_regimes(warehouse: duckdb.DuckDBPyConnection) -> None:
    declared = regimes()
    columns = ", ".join(f"{name} {sql_type(kind)}" for name, kind in declared.schema.items())
    warehouse.execute(f"create temp table regimes_declared ({columns})")
    _insert(warehouse, "regimes_declared", declared.cast(pl.String).rows())


def _described(file: Held) -> tuple[str, ...]:
    made = str(file.made.rows), file.made.sha256, file.made.as_of
    return (file.table.name, file.day.isoformat(), file.part, str(file.path), *made)


def _insert(
    warehouse: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[str | None, ...]]
) -> None:
    # As literals: a frame or a parameter makes DuckDB import pandas where there is one.
    values = ", ".join(
        "(" + ", ".join("null" if text is None else quoted(text) for text in row) + ")"
        for row in rows
    )
    if values:
        warehouse.execute(f"insert into {table} values {values}")


def measured_columns(table: Table) -> list[Column]:
    """Columns whose bounds tell something: the time, amounts, and text of the key."""
    return [
        column
        for column in table.columns
        if column.dtype == AMOUNT
        or column.name == table.time
        or (column.name in table.key and column.dtype == pl.String)
    ]


def sql_type(dtype: pl.DataType) -> str:
    """The type that DuckDB reads a column of Parquet as."""
    match dtype:
        case pl.Decimal(precision=precision, scale=scale):
            return f"DECIMAL({precision},{scale})"
        case pl.Datetime():
            return "TIMESTAMP WITH TIME ZONE"
        case pl.Enum() | pl.String():
            return "VARCHAR"
    return _PLAIN[dtype.base_type()]


_PLAIN: Mapping[type[pl.DataType], str] = {
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Float64: "DOUBLE",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.UInt8: "UTINYINT",
    pl.UInt32: "UINTEGER",
}


def _view(table: Table, root: Path) -> str:
    # The files carry every column; a folder named day= is not one of them.
    folder = re.sub(r"([*?\[])", r"[\1]", str((root / table.name).absolute()))
    files = quoted(f"{folder}/day=*/*.parquet")
    names = ", ".join(column.name for column in table.columns)
    return f"select {names} from read_parquet({files}, hive_partitioning = false)"


def _empty(table: Table) -> str:
    nulls = ", ".join(f"null::{sql_type(c.dtype)} as {c.name}" for c in table.columns)
    return f"select {nulls} where false"
