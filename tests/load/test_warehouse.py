"""The file as a whole: built beside its place, whole or not at all, and standing alone."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.files import DamagedError
from pipelines.load.connection import connect
from pipelines.load.models import Model, ModelError, read_all
from pipelines.load.warehouse import BrokenPromiseError, NotBuiltError
from pipelines.tables import LIQUIDATION_TOTALS, TABLES

EDITION = """\
-- The dollars of the edition, in one of two tables that always agree.
-- key: dollars
-- dollars: Dollars.

select cast(sum(notional_usd) as bigint) as dollars from lake.liquidation_totals
"""
SLOW = """\
-- A table that takes longer than anybody waits.
-- key: n
-- n: A number.

select count(*) as n from range(100000000) as a, range(100000000) as b
"""


def written(folder: Path, **files: str) -> list[Model]:
    (folder / "mart").mkdir(parents=True)
    for name, text in files.items():
        (folder / "mart" / f"{name}.sql").write_text(text)
    return read_all(folder)


@pytest.fixture
def editions(tmp_path: Path) -> list[Model]:
    return written(tmp_path / "sql", one=EDITION, two=EDITION)


def broken_by(models: Sequence[Model], table: str, query: str) -> list[Model]:
    """The same models, one with a query that does something else."""
    return [replace(m, query=query) if m.table == table else m for m in models]


def test_an_empty_lake_makes_a_warehouse_with_every_table(ground: Any, models: list[Model]) -> None:
    built = ground.build()
    assert built.broken == ()
    assert {model.table for model in models} <= built.rows.keys()
    views = ground.ask("select view_name from duckdb_views() where schema_name = 'lake'")
    assert {name for (name,) in views} == set(TABLES)


def test_a_view_of_the_lake_has_the_same_types_with_files_and_without(ground: Any) -> None:
    types = (
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'lake'"
    )
    ground.build()
    without = ground.ask(types)
    for table in TABLES.values():
        ground.put(table, ground.at(0))
    ground.build(publish_broken=True)
    assert ground.ask(types) == without


def test_every_model_has_the_columns_of_its_header_unique_keys_and_comments(
    ground: Any, models: list[Model]
) -> None:
    for table in TABLES.values():
        ground.put(table, ground.at(0))
    ground.build(publish_broken=True)
    with connect(ground.place, read_only=True) as warehouse:
        for model in models:
            made = warehouse.execute(f"describe {model.sql_name}").fetchall()
            assert sorted(name for name, *_ in made) == sorted(model.columns), model.table
            keys = f"count(distinct ({', '.join(model.key)}))"
            counts = warehouse.execute(f"select count(*), {keys} from {model.sql_name}").fetchall()
            assert counts[0][0] == counts[0][1], model.table
    silent = ground.ask(
        """
        select table_name from duckdb_tables() where coalesce(comment, '') = ''
        union all select view_name from duckdb_views() where not internal and coalesce(comment, '') = ''
        union all
        select table_name || '.' || column_name from duckdb_columns()
        where not internal and coalesce(comment, '') = ''
        """
    )
    assert silent == []


def test_a_column_that_nobody_documented_is_refused(ground: Any, tmp_path: Path) -> None:
    models = written(tmp_path / "sql", one=EDITION.replace(" as dollars", " as dollars, 1 as odd"))
    with pytest.raises(ModelError, match="undocumented odd, not made none"):
        ground.build(models=models)


def test_a_column_that_the_query_does_not_make_is_refused(ground: Any, tmp_path: Path) -> None:
    text = EDITION.replace("-- dollars: Dollars.", "-- dollars: Dollars.\n-- odd: Odd.")
    with pytest.raises(ModelError, match="undocumented none, not made odd"):
        ground.build(models=written(tmp_path / "sql", one=text))


def test_a_query_that_fails_is_told_in_one_line_and_leaves_the_old_file(
    ground: Any, models: list[Model]
) -> None:
    ground.build()
    before = ground.place.read_bytes()
    with pytest.raises(ModelError) as told:
        ground.build(models=broken_by(models, "mart.quarantined", "select no_such as week"))
    assert "mart.quarantined cannot be built" in str(told.value)
    assert "\n" not in str(told.value)
    assert ground.place.read_bytes() == before
    assert [path.name for path in ground.folder.glob(".*")] == []


def test_a_flipped_bit_in_the_lake_is_refused_in_one_line(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    file = ground.lake.path(LIQUIDATION_TOTALS, ground.at(0).date())
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    ground.rows.clear()
    with pytest.raises(DamagedError) as told:
        ground.build()
    assert str(file) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_broken_check_keeps_the_old_file_and_says_which_rows(
    ground: Any, models: list[Model]
) -> None:
    ground.build()
    before = ground.place.read_bytes()
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=-5)
    with pytest.raises(BrokenPromiseError) as told:
        ground.build()
    assert "check.negative_amounts" in str(told.value)
    assert "-5.000000000000000000" in str(told.value)
    assert "\n" not in str(told.value)
    assert [check.rows for check in told.value.broken] == [1]
    assert ground.place.read_bytes() == before
    assert sorted(path.name for path in ground.folder.glob(".*")) == []


def test_a_broken_warehouse_can_be_published_on_purpose(ground: Any) -> None:
    built = ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=-5).build(publish_broken=True)
    assert [check.table for check in built.broken] == ["check.negative_amounts"]
    assert ground.ask('select count(*) from "check".negative_amounts') == [(1,)]


def test_every_table_is_told_as_it_is_made(ground: Any, models: list[Model]) -> None:
    told: dict[str, float] = {}
    built = ground.build(progress=told.__setitem__)
    assert told == dict(built.seconds)
    assert {model.table for model in models} < told.keys()


def test_the_copied_file_stands_alone_for_a_plain_client(ground: Any, tmp_path: Path) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    copy = tmp_path / "elsewhere.duckdb"
    shutil.copy(ground.place, copy)
    shutil.rmtree(ground.lake.root)
    with duckdb.connect(copy) as plain:
        tables = plain.execute(
            "select schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
        )
        for (name,) in tables.fetchall():
            plain.execute(f'select * from "{name.replace(".", chr(34) + ".", 1)}').fetchall()
        assert plain.execute("select count(*) from mart.weekly_totals").fetchall() == [(1,)]


def test_the_files_that_it_was_built_from_are_in_it_with_their_digests(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    made = ground.lake.made(LIQUIDATION_TOTALS, ground.at(0).date())
    assert ground.ask("select table_name, day, rows, sha256 from lake.files") == [
        ("liquidation_totals", ground.at(0).date(), 1, made.sha256)
    ]


def test_a_lake_folder_with_odd_letters_is_read(ground: Any, tmp_path: Path) -> None:
    ground.folder = tmp_path / "it's [odd] *"
    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    assert ground.ask("select count(*) from mart.weekly_totals") == [(1,)]


def test_a_day_without_rows_is_a_file_like_others(ground: Any) -> None:
    ground.lake.write(
        LIQUIDATION_TOTALS, ground.at(1).date(), LIQUIDATION_TOTALS.empty(), as_of="x"
    )
    built = ground.put(LIQUIDATION_TOTALS, ground.at(0)).build()
    assert built.rows["lake.files"] == 2
    assert built.rows["core.liquidation_days"] == 1


def test_whoever_has_the_old_file_open_keeps_it(ground: Any, editions: list[Model]) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=1).build(models=editions)
    with duckdb.connect(ground.place, read_only=True) as old:
        ground.put(LIQUIDATION_TOTALS, ground.at(1), notional_usd=1).build(models=editions)
        assert old.execute("select dollars from mart.one").fetchall() == [(1,)]
    assert ground.ask("select dollars from mart.one") == [(2,)]


READER = """
import os, sys, duckdb
from pathlib import Path
os.nice(19)  # it reads without a pause, and the builder needs the machine too
place, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen, reads = set(), 0
print("reading", flush=True)
while True:
    last_round = stop.exists()
    with duckdb.connect(place, read_only=True) as reader:
        (one,), (two,) = (reader.execute(f"select dollars from mart.{t}").fetchone() for t in ("one", "two"))
    assert one == two, (one, two)
    seen.add(one)
    reads += 1
    if last_round:
        break
print(len(seen), reads, max(seen), flush=True)
"""


def test_a_process_that_reads_through_fifty_rebuilds_sees_no_half_and_no_error(
    ground: Any, editions: list[Model], tmp_path: Path
) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=1).build(models=editions)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(ground.place), str(stop)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        for edition in range(2, 52):
            ground.rows.clear()
            ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=edition).build(
                models=editions
            )
        stop.touch()
        out, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    editions_seen, reads, newest = (int(word) for word in out.split())
    assert editions_seen > 5, f"{reads} reads saw {editions_seen} editions"
    assert newest == 51


BUILDER = """
import sys
from pathlib import Path
from pipelines.lake import Lake
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
root = Path(sys.argv[1])
said = lambda table, seconds: print(table, flush=True)
build(root / "warehouse.duckdb", Lake(root / "lake"), read_all(root / "slow"), progress=said)
"""


def test_a_kill_in_the_middle_leaves_the_old_file_and_the_next_build_clears_up(
    ground: Any, editions: list[Model]
) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=7).build(models=editions)
    before = ground.place.read_bytes()
    written(ground.folder / "slow", one=EDITION, slow=SLOW)
    command = [sys.executable, "-c", BUILDER, str(ground.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout is not None
        while builder.stdout.readline() != "mart.one\n":
            pass
        builder.kill()
    assert ground.place.read_bytes() == before
    assert ground.ask("select dollars from mart.two") == [(7,)]
    assert [path.name for path in ground.folder.glob(".warehouse*.part")] != []
    ground.build(models=editions)
    assert [path.name for path in ground.folder.glob(".warehouse*")] == []


def test_a_disk_that_cannot_be_written_is_told_in_one_line(
    ground: Any, editions: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise duckdb.IOException("Could not write all bytes\nto the file")

    ground.put(LIQUIDATION_TOTALS, ground.at(0)).build(models=editions)
    monkeypatch.setattr("pipelines.load.warehouse.attach", full)
    with pytest.raises(NotBuiltError, match=r"was not replaced: Could not write all bytes$"):
        ground.build(models=editions)
    assert ground.ask("select count(*) from mart.one") == [(1,)]
