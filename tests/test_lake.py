"""A day of a table is whole or absent, and its file is what its manifest says."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import files
from pipelines.files import DamagedError
from pipelines.lake import Lake, days_between
from pipelines.tables import COMPARISONS, PromiseBrokenError

DAY = date(2022, 6, 13)
MOST_STEPS = 12


def row(ratio=1.5, coin="BTC"):
    return {
        "time": datetime(2022, 6, 13, tzinfo=UTC), "coin": coin, "position": "long",
        "source_a": "a", "venue_a": "several", "scope_a": "x", "source_b": "b",
        "venue_b": "binance", "scope_b": "y", "days_compared": 7, "days_only_a": 0,
        "days_only_b": 0, "a_usd": Decimal(3), "b_usd": Decimal(2), "gap_usd": Decimal(1),
        "ratio": ratio, "rank_correlation": None,
    }  # fmt: skip


def rows(*told):
    return pl.DataFrame(list(told), schema=COMPARISONS.schema)


def write(lake, ratio, day=DAY):
    return lake.write(COMPARISONS, day, rows(row(ratio)), as_of="T", inputs=["b", "a", "b"])


def held(lake, day=DAY):
    return lake.read(COMPARISONS, day, day)["ratio"].to_list()


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def test_writing_a_day_again_replaces_it(lake):
    write(lake, 1.0)
    write(lake, 2.0)
    assert held(lake) == [2.0]


def test_the_same_rows_in_another_order_give_the_same_bytes(lake):
    one = lake.write(COMPARISONS, DAY, rows(row(), row(coin="ETH")), as_of="T")
    two = lake.write(COMPARISONS, DAY, rows(row(coin="ETH"), row()), as_of="T")
    assert one.sha256 == two.sha256


def test_a_day_that_was_never_written_is_missing_and_an_empty_day_is_held(lake):
    lake.write(COMPARISONS, DAY, COMPARISONS.empty(), as_of="T")
    assert lake.days(COMPARISONS) == [DAY]
    assert lake.made(COMPARISONS, DAY + timedelta(days=1)) is None
    assert lake.read(COMPARISONS, DAY, DAY + timedelta(days=9)).height == 0


def test_a_day_says_what_it_was_made_from(lake):
    made = write(lake, 1.0)
    assert lake.made(COMPARISONS, DAY) == made
    assert (made.rows, made.inputs, made.as_of) == (1, ("a", "b"), "T")


def test_a_frame_that_breaks_the_promise_leaves_the_day_as_it_was(lake):
    write(lake, 1.0)
    with pytest.raises(PromiseBrokenError, match="not unique"):
        lake.write(COMPARISONS, DAY, rows(row(), row()), as_of="T")
    assert held(lake) == [1.0]


@pytest.mark.parametrize("at", range(1, MOST_STEPS))
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_power_cut_at_any_step_leaves_the_old_day_or_the_new_one(lake, monkeypatch, call, at):
    write(lake, 1.0)
    true, calls = getattr(os, call), []

    def dies(*args, **more):
        calls.append(args)
        if len(calls) == at:
            raise KeyboardInterrupt
        return true(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, dies)
        patched.setattr(Path, "unlink", lambda *args, **more: None)  # nothing is tidied up
        try:
            write(lake, 2.0)
            assert len(calls) < at < MOST_STEPS
        except KeyboardInterrupt:
            pass
    assert held(lake) in ([1.0], [2.0])
    assert list(lake.damaged()) == []
    assert lake.made(COMPARISONS, DAY).rows == 1
    write(lake, 3.0)
    assert held(lake) == [3.0]
    assert list(lake.damaged()) == []


def test_a_process_killed_between_manifest_and_file_leaves_the_old_day(lake):
    write(lake, 1.0)
    script = f"""
import os
from datetime import date
from pathlib import Path
from pipelines.lake import Lake
from pipelines.tables import COMPARISONS
true, calls = os.replace, []
def dies(*args, **more):
    calls.append(args)
    os.kill(os.getpid(), 9) if len(calls) == 2 else true(*args, **more)
os.replace = dies
Lake(Path({str(lake.root)!r})).write(COMPARISONS, date(2022, 6, 13), COMPARISONS.empty(), as_of="T")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[1], check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert held(lake) == [1.0]
    assert list(lake.damaged()) == []
    write(lake, 3.0)
    assert held(lake) == [3.0]


def test_one_bit_anywhere_is_refused_and_found(tmp_path, bent):
    lake = Lake(tmp_path)
    write(lake, 1.0)
    path = lake.path(COMPARISONS, DAY)

    @settings(
        max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.integers(0, path.stat().st_size * 8 - 1))
    def refused(position):
        with bent(path, position):
            with pytest.raises(DamagedError):
                held(lake)
            with pytest.raises(DamagedError):
                lake.files(COMPARISONS)
            assert lake.made(COMPARISONS, DAY) is None
            assert len(list(lake.damaged())) == 1

    refused()
    assert held(lake) == [1.0]


def test_an_older_file_put_back_is_found_and_refused(lake):
    write(lake, 1.0)
    path = lake.path(COMPARISONS, DAY)
    older = path.read_bytes()
    write(lake, 2.0)
    path.write_bytes(older)
    assert len(list(lake.damaged())) == 1
    with pytest.raises(DamagedError):
        held(lake)


def test_a_dropped_file_and_a_dropped_manifest_are_found(lake):
    write(lake, 1.0)
    write(lake, 1.0, DAY + timedelta(days=1))
    lake.path(COMPARISONS, DAY).unlink()
    lake.path(COMPARISONS, DAY + timedelta(days=1)).with_suffix(".json").unlink()
    said = list(lake.damaged())
    assert [part in line for part, line in zip(("is missing", "no manifest"), said, strict=True)]
    assert len(said) == 2


@pytest.mark.parametrize("harm", ["file", "manifest", "no manifest"])
def test_a_damaged_day_can_be_made_again(lake, harm):
    write(lake, 1.0)
    path = lake.path(COMPARISONS, DAY)
    match harm:
        case "file":
            path.write_bytes(b"rust")
        case "manifest":
            path.with_suffix(".json").write_bytes(b"rust")
        case "no manifest":
            path.with_suffix(".json").unlink()
    write(lake, 2.0)
    assert held(lake) == [2.0]
    assert list(lake.damaged()) == []


def test_days_between_are_both_included():
    assert days_between(DAY, DAY + timedelta(days=2)) == [DAY + timedelta(days=n) for n in range(3)]
    assert days_between(DAY, DAY - timedelta(days=1)) == []


def test_a_scan_gives_what_a_read_gives_and_refuses_a_file_that_changed(lake):
    lake.write(COMPARISONS, DAY, rows(row(), row(coin="ETH")), as_of="T")
    last = DAY + timedelta(days=3)
    assert lake.scan(COMPARISONS, DAY, last).collect().equals(lake.read(COMPARISONS, DAY, last))
    lake.path(COMPARISONS, DAY).write_bytes(b"another")
    with pytest.raises(DamagedError):
        lake.scan(COMPARISONS, DAY, last)


def test_what_rots_without_a_trace_is_found_by_whoever_looks_for_it(lake, monkeypatch):
    """A process takes a file that looks untouched for what it was; ``damaged`` reads every byte."""
    lake.write(COMPARISONS, DAY, rows(row()), as_of="T")
    place = lake.path(COMPARISONS, DAY)
    monkeypatch.setattr(files, "_stamp", lambda _: (0, 0, 0, 0, 0))
    lake.read(COMPARISONS, DAY, DAY)
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    assert lake.made(COMPARISONS, DAY) is not None
    (line,) = lake.damaged()
    assert "is not what was written" in line
