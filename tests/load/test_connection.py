"""The only door to DuckDB: UTC for everyone, and nothing but reading for strangers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.load.connection import Analyst, QueryError, analyst, connect
from pipelines.tables import LIQUIDATION_TOTALS

A_FRAME_OF_OURS = pl.DataFrame({"secret": [1]})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, ground_in: Any) -> Any:
    ground = ground_in(tmp_path_factory.mktemp("door"))
    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    return ground


@pytest.fixture
def stranger(built: Any) -> Iterator[Analyst]:
    with analyst(built.place, built.lake.root) as opened:
        yield opened


def test_a_day_is_a_utc_day_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with connect() as connection:
        answer = connection.execute("select cast(timestamptz '2022-06-13 23:30:00Z' as varchar)")
        assert answer.fetchall() == [("2022-06-13 23:30:00+00",)]


def test_a_stranger_reads_tables_and_the_lake(stranger: Analyst) -> None:
    sql = "select count(*) as n from lake.liquidation_totals join mart.weekly_totals using (source)"
    assert stranger.query(sql).rows["n"].to_list() == [1]


@pytest.mark.parametrize("sql", ["describe mart.weekly_totals", "with a as (select 1) from a"])
def test_other_ways_of_reading_are_reading(stranger: Analyst, sql: str) -> None:
    assert stranger.query(sql).rows.height > 0


ESCAPES = [
    "copy mart.weekly_totals to '{folder}/out.csv'",
    "copy mart.weekly_totals to '{lake}/out.csv'",
    "copy (select 1) to '{lake}/liquidation_totals/day=2022-06-13/rows.parquet'",
    "explain analyze copy (select 1) to '{lake}/out.csv'",
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "select * from read_text('{lake}/../secret.txt')",
    "attach '{folder}/other.duckdb' as other",
    "attach ':memory:' as other",
    "install httpfs",
    "load httpfs",
    "select * from read_csv('https://example.org/a.csv')",
    "select * from read_parquet('s3://bucket/a.parquet')",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset allowed_directories",
    "pragma enable_profiling",
    "export database '{folder}/dump'",
    "import database '{folder}/dump'",
    "create table main.t as select 1",
    "create temp table t as select 1",
    "delete from mart.weekly_totals",
    "select 1; drop table mart.weekly_totals",
    "call pragma_version()",
    "select * from sniff_csv('/etc/passwd')",
    "select * from A_FRAME_OF_OURS",
    "checkpoint",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_way_out_is_open(built: Any, stranger: Analyst, escape: str) -> None:
    (built.folder / "secret.txt").write_text("secret")
    before = sorted(built.folder.rglob("*"))
    with pytest.raises(QueryError) as refused:
        stranger.query(escape.format(folder=built.folder, lake=built.lake.root))
    assert "\n" not in str(refused.value)
    assert sorted(built.folder.rglob("*")) == before


@pytest.mark.parametrize(
    "escape", [e for e in ESCAPES if e.startswith(("select * from", "install"))]
)
def test_duckdb_itself_refuses_what_would_reach_outside(
    built: Any, stranger: Analyst, escape: str
) -> None:
    with pytest.raises(duckdb.Error):
        stranger.connection.execute(escape.format(folder=built.folder, lake=built.lake.root))


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_works(stranger: Analyst) -> None:
    endless = "select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 7"
    with pytest.raises(QueryError, match=r"took longer than 0\.2 s"):
        stranger.query(endless, seconds=0.2)
    assert stranger.query("select 1 as one").rows["one"].to_list() == [1]


def test_more_rows_than_wanted_are_cut_and_said_to_be(stranger: Analyst) -> None:
    cut = stranger.query("select * from range(50000)", most_rows=7)
    whole = stranger.query("select * from range(7)", most_rows=7)
    assert (cut.rows.height, cut.is_cut) == (7, True)
    assert (whole.rows.height, whole.is_cut) == (7, False)


def test_a_wrong_query_is_told_in_one_line(stranger: Analyst) -> None:
    with pytest.raises(QueryError) as refused:
        stranger.query("select nothing_of_that_name from mart.weekly_totals")
    assert "\n" not in str(refused.value)
    assert "nothing_of_that_name" in str(refused.value)


def test_a_warehouse_without_its_lake_still_answers(built: Any, tmp_path: Path) -> None:
    copy = shutil.copy(built.place, tmp_path / "copied.duckdb")
    with analyst(Path(copy), tmp_path / "nowhere") as opened:
        assert opened.query("from mart.weekly_totals").rows.height == 1
        with pytest.raises(QueryError):
            opened.query("from lake.liquidation_totals")
