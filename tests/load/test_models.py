"""What a SQL file says of itself, and in which order files are built."""

from pathlib import Path

import pytest

from pipelines.load.models import Meaning, ModelError, read_all

GOOD = """\
-- Dollars of each day.
-- Missing days have no row.
-- key: day
-- day: UTC day.
-- dollars: Dollars. Null: not known.

select cast(time as date) as day, sum(notional_usd) as dollars
from lake.liquidations
group by day
order by day
"""


@pytest.fixture
def sql(tmp_path: Path) -> "Folder":
    return Folder(tmp_path / "sql")


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, name: str, text: str) -> "Folder":
        path = self.root / f"{name.replace('.', '/')}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self


def reading(*tables: str) -> str:
    joined = " cross join ".join(tables)
    return f"-- A table.\n-- key: a\n-- a: A number.\n\nselect 1 as a from {joined}\n"


def test_a_header_tells_meaning_key_columns_and_what_null_means(sql: Folder) -> None:
    (model,) = read_all(sql.add("core.days", GOOD).root)
    assert model.table == "core.days"
    assert model.about == "Dollars of each day. Missing days have no row."
    assert model.key == ("day",)
    assert model.columns == {
        "day": Meaning("UTC day."),
        "dollars": Meaning("Dollars.", "not known."),
    }
    assert model.reads == {"lake.liquidations"}
    assert model.query.startswith("select")


def test_inputs_are_found_in_ctes_joins_and_subqueries_and_names_of_ctes_are_none(
    sql: Folder,
) -> None:
    text = (
        "-- A table.\n-- key: a\n-- a: A number.\n\n"
        "with lake_rows as (select * from lake.funding)\n"
        "select 1 as a from lake_rows join core.b using (x)\n"
        "where x in (select x from core.c) union all select 2 from lake.candles\n"
    )
    sql.add("core.b", reading("lake.funding")).add("core.c", reading("lake.funding"))
    models = {model.table: model for model in read_all(sql.add("mart.a", text).root)}
    assert models["mart.a"].reads == {"lake.funding", "core.b", "core.c", "lake.candles"}


def test_a_table_is_built_after_those_it_reads(sql: Folder) -> None:
    sql.add("core.a", reading("mart.b")).add("mart.b", reading("finding.c"))
    sql.add("finding.c", reading("lake.funding"))
    assert [m.table for m in read_all(sql.root)] == ["finding.c", "mart.b", "core.a"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("core.a", reading("core.nowhere"), "core.a reads core.nowhere, which nothing makes"),
        ("core.a", reading("lake.no_such_table"), "reads lake.no_such_table"),
        ("core.a", reading("somewhere"), "reads somewhere without its schema"),
        ("core.a", reading("read_parquet('x')"), "opens files with read_parquet"),
        ("core.a", reading("core.a"), "circle: core.a reads core.a"),
        ("core.a", GOOD.replace("from lake", "form lake"), "core.a: "),
        ("core.a", GOOD + "; select 1", "one query, not 2"),
        ("core.a", GOOD.replace("key: day", "key: hour"), "key names hour"),
        ("core.a", GOOD.replace("-- key: day\n", ""), "needs a meaning, a key and its columns"),
        ("core.a", GOOD.replace("-- dollars", "-- day"), "says day twice"),
        ("core.a", GOOD.replace("-- dollars: ", "-- dollars "), "no '-- name: meaning'"),
        ("odd.a", GOOD, "a model is sql/<core|mart|check|finding>"),
    ],
)
def test_a_model_that_does_not_hold_is_told_in_one_line(
    sql: Folder, name: str, text: str, complaint: str
) -> None:
    with pytest.raises(ModelError) as told:
        read_all(sql.add(name, text).root)
    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


def test_a_circle_is_named(sql: Folder) -> None:
    sql.add("core.a", reading("core.b")).add("core.b", reading("core.a"))
    with pytest.raises(ModelError, match=r"core\.a reads core\.b|core\.b reads core\.a"):
        read_all(sql.root)


def test_a_folder_without_models_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no SQL model"):
        read_all(tmp_path / "nothing")
