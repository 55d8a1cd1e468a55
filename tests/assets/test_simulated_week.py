"""A simulated week from HTTP to page, interrupted, asked again, and searched for secrets."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from replica.simulated.world import World

ROOT = Path(__file__).parents[2]
WEEK = "2026-W46"
WORDS = ("--market", "simulated:7", "--size", "small")


def test_the_page_says_simulated_in_its_title_and_beside_the_headline(
    simulated_week: Path,
) -> None:
    page = (simulated_week / "reports" / WEEK / "index.html").read_text("utf-8")
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert "SIMULATED" in title
    assert page.count("SIMULATED") >= 2


def test_all_five_sources_are_in_the_warehouse(simulated_week: Path) -> None:
    with duckdb.connect(str(simulated_week / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select distinct source from mart.weekly_liquidations where week = $1", [WEEK]
        ).fetchall()
    assert {name for (name,) in found} == {"coinglass", "coinalyze", "binance", "kraken", "bybit"}


def test_no_source_says_more_than_the_truth_of_the_simulated_market(simulated_week: Path) -> None:
    truth = World(7, "small").truth()
    days = truth.filter(pl.col("day").is_between(date(2026, 11, 9), date(2026, 11, 15)))
    whole = float(days["notional_usd"].cast(pl.Float64).sum())
    with duckdb.connect(str(simulated_week / "warehouse.duckdb"), read_only=True) as connection:
        said = connection.execute(
            "select source, sum(notional_usd)::double from mart.weekly_totals "
            "where week = $1 and venue = 'several' group by source",
            [WEEK],
        ).fetchall()
    assert said
    assert all(0.05 * whole < usd <= 1.02 * whole for _, usd in said)


def test_asking_again_asks_for_nothing_and_gives_the_same_numbers(
    simulated_week: Path, run: Any
) -> None:
    folder = simulated_week / "reports" / WEEK
    before = json.loads((folder / "report.json").read_bytes())["numbers"]
    kept = sorted(p.name for p in (simulated_week / "raw").glob("*/*/bodies/*"))
    done = run("report", WEEK, "--data", str(simulated_week), *WORDS)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (simulated_week / "raw").glob("*/*/bodies/*")) == kept
    assert json.loads((folder / "report.json").read_bytes())["numbers"] == before


def test_a_run_that_is_killed_leaves_nothing_broken_and_is_taken_up_again(
    tmp_path: Path, run: Any
) -> None:
    words = [sys.executable, "-m", "assets.command.app", "report", *WORDS, "--data", str(tmp_path)]
    for seconds in (4.0, 7.0):
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert run("verify", "--data", str(tmp_path)).returncode == 0
    done = run("report", *WORDS, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reports" / WEEK / "index.html").exists()


def test_planted_keys_are_in_no_byte_that_a_run_writes(tmp_path: Path, run: Any) -> None:
    keys = {"COINGLASS_API_KEY": "canary-cg-4f1b9d", "COINALYZE_API_KEY": "canary-ca-77aa31"}
    data = tmp_path / "data"
    done = run("report", *WORDS, "--data", str(data), "--debug", env=keys)
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).encode()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) > 50
    for key in keys.values():
        needles = {key.encode(), base64.b64encode(key.encode()).rstrip(b"=")[:-1]}
        assert not any(needle in said for needle in needles)
        for path in files:
            body = path.read_bytes()
            assert not any(needle in body for needle in needles), path
    assert b"2026-W46" in said


def test_a_week_of_some_sources_has_those_and_no_others(tmp_path: Path, run: Any) -> None:
    done = run("report", *WORDS, "--data", str(tmp_path), "--sources", "kraken,bybit")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select distinct source from mart.weekly_liquidations"
        ).fetchall()
    assert {name for (name,) in found} == {"bybit", "kraken"}
