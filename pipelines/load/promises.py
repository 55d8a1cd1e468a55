"""Checks that follow from declarations: keys are unique, and what may not be null is not."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import duckdb
import polars as pl

from pipelines.load.connection import quoted
from pipelines.load.evidence import BOUNDS, FILES, Held
from pipelines.load.models import Meaning, Model
from pipelines.tables import TABLES, Table

Day = tuple[str, date]  # a canonical table, and a day of it

NO_ROW = "select '' as table_name, date '1970-01-01' as day, 0::bigint as rows where false"


def declared(models: Sequence[Model]) -> list[Model]:
    """That every key is unique, and that no column is null which may not be."""
    stated = [FILES, BOUNDS, *(model for model in models if model.schema != "check")]
    return [_keys(stated), _nulls(stated)]


def keys_of_lake(
    warehouse: duckdb.DuckDBPyConnection | None = None, held: Sequence[Held] = ()
) -> Model:
    """The check that keys of the lake are unique over the parts of a day.

    Within a file they are, since it was written by ``Table.conform`` and its digest is right.
    Parts whose rows differ in the range of a key column cannot share a key; others are counted.
    """
    parts = defaultdict(list)
    for file in held:
        parts[file.table.name, file.day].append(file)
    several = {day: files for day, files in parts.items() if len(files) > 1}
    ranges = _ranges(warehouse) if warehouse and several else {}
    queries = [
        _repeated(TABLES[day[0]], day[1], files)
        for day, files in sorted(several.items())
        if _may_share_keys(TABLES[day[0]], files, ranges)
    ]
    return Model(
        "check.lake_keys",
        "The key of every canonical table is unique over the parts of a day.",
        ("table_name", "day"),
        {
            "table_name": Meaning("Canonical table."),
            "day": Meaning("UTC day of the files."),
            "rows": Meaning("Keys that stand more than once."),
        },
        " union all ".join([NO_ROW, *queries]) + " order by table_name, day",
        frozenset({"lake.files", "lake.bounds"}),
    )


def _keys(models: Sequence[Model]) -> Model:
    queries = [
        f"""
        select {quoted(model.table)} as table_name, count(*) as rows
        from (
            select 1 from {model.sql_name} group by {", ".join(model.key)} having count(*) > 1
        )
        having count(*) > 0
        """
        for model in models
    ]
    return Model(
        "check.declared_keys",
        "The key of every table of the warehouse is unique.",
        ("table_name",),
        {
            "table_name": Meaning("The table."),
            "rows": Meaning("Keys that stand more than once."),
        },
        " union all ".join(queries) + " order by table_name",
        frozenset(model.table for model in models),
    )


def _nulls(models: Sequence[Model]) -> Model:
    queries = [_null_counts(model) for model in models]
    return Model(
        "check.declared_nulls",
        "No column of the warehouse is null where its meaning does not say what null means.",
        ("table_name", "column_name"),
        {
            "table_name": Meaning("The table."),
            "column_name": Meaning("The column."),
            "rows": Meaning("Rows without a value."),
        },
        f"""
        select table_name, held.column_name, held.rows
        from ({" union all ".join(queries)})
        where held.rows > 0
        order by table_name, held.column_name
        """,
        frozenset(model.table for model in models),
    )


def _null_counts(model: Model) -> str:
    counts = ", ".join(
        f"{{'column_name': {quoted(name)}, 'rows': count(*) - count({name})}}"
        for name, meaning in model.columns.items()
        if not meaning.null
    )
    name = quoted(model.table)
    return f"select {name} as table_name, unnest([{counts}]) as held from {model.sql_name}"


def _ranges(
    warehouse: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, date, str, str], tuple[str | None, str | None]]:
    """Lowest and highest text of each file's key columns; None where it does not say."""
    rows = warehouse.execute(
        """
        select
            table_name, day, part, column_name,
            if(count(lowest) = count(*), min(lowest), null),
            if(count(highest) = count(*), max(highest), null)
        from lake.bounds
        where not is_amount
        group by all
        """
    ).fetchall()
    return {(table, day, part, name): (low, high) for table, day, part, name, low, high in rows}


def _may_share_keys(
    table: Table,
    files: Sequence[Held],
    ranges: dict[tuple[str, date, str, str], tuple[str | None, str | None]],
) -> bool:
    texts = [c.name for c in table.columns if c.name in table.key and c.dtype == pl.String]

    def apart(a: Held, b: Held, name: str) -> bool:
        low_a, high_a = ranges.get((table.name, a.day, a.part, name), ("", ""))
        low_b, high_b = ranges.get((table.name, b.day, b.part, name), ("", ""))
        if low_a is None or high_a is None or low_b is None or high_b is None:
            return False
        return high_a < low_b or high_b < low_a

    filled = [file for file in files if file.made.rows]
    return any(not any(apart(a, b, name) for name in texts) for a, b in combinations(filled, 2))


def _repeated(table: Table, day: date, files: Sequence[Held]) -> str:
    paths = ", ".join(quoted(str(file.path)) for file in files)
    return f"""
        select
            {quoted(table.name)} as table_name,
            date '{day.isoformat()}' as day,
            count(*) as rows
        from (
            select 1 from read_parquet([{paths}], hive_partitioning = false)
            group by {", ".join(table.key)} having count(*) > 1
        )
        having count(*) > 0
    """


def all_checks(models: Sequence[Model]) -> Iterator[Model]:
    """The checks that no file of ``sql/`` states, as they are over an empty lake."""
    yield from declared(models)
    yield keys_of_lake()
