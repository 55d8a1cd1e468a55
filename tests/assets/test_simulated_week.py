"""A simulated week from HTTP to page, and asked again."""

import json
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.house import House
from pipelines.trace import trace
from pipelines.weeks import Week
from replica.simulated.world import World

ROOT = Path(__file__).parents[2]
WEEK = "2026-W46"
SOME = "coinglass,coinalyze,binance,kraken,bybit,kraken_spot"
WORDS = ("--market", "simulated:7", "--size", "small")


def test_the_page_says_simulated_in_its_title_and_beside_the_headline(
    simulated_week: Path,
) -> None:
    page = (simulated_week / "reports" / WEEK / "index.html").read_text("utf-8")
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert "SIMULATED" in title
    assert page.count("SIMULATED") >= 2


def test_all_sources_that_were_asked_are_in_the_warehouse(simulated_week: Path) -> None:
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


def test_of_events_that_two_feeds_tell_a_number_is_walked_back_to_those_that_count(
    simulated_week: Path,
) -> None:
    for source in ("kraken", "bybit", "binance"):
        trail = trace(House(simulated_week), Week.parse(WEEK), f"total.{source}.long")
        rows = trail.rows["liquidations"]
        assert rows["notional_usd"].sum() == Decimal(trail.number.exact)
        assert set(rows["answer"]) <= {origin.sha256 for origin in trail.origins}


def test_asking_again_asks_for_nothing_and_gives_the_same_numbers(
    simulated_week: Path, run: Any
) -> None:
    folder = simulated_week / "reports" / WEEK
    before = json.loads((folder / "report.json").read_bytes())["numbers"]
    kept = sorted(p.name for p in (simulated_week / "raw").glob("*/*/bodies/*"))
    done = run("report", WEEK, "--data", str(simulated_week), *WORDS, "--sources", SOME)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (simulated_week / "raw").glob("*/*/bodies/*")) == kept
    assert json.loads((folder / "report.json").read_bytes())["numbers"] == before


def test_a_week_of_some_sources_has_those_and_no_others(tmp_path: Path, run: Any) -> None:
    done = run("report", *WORDS, "--data", str(tmp_path), "--sources", "kraken,bybit")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select distinct source from mart.weekly_liquidations"
        ).fetchall()
    assert {name for (name,) in found} == {"bybit", "kraken"}


def test_a_second_market_is_refused_in_a_folder_of_another(run: Any, simulated_week: Path) -> None:
    page = simulated_week / "reports" / "2026-W46" / "index.html"
    before = page.read_bytes()
    done = run(
        "report", "--market", "simulated:8", "--size", "small", "--data", str(simulated_week)
    )
    assert done.returncode == 1
    assert "name another folder with --data" in done.stderr
    assert page.read_bytes() == before


def test_offline_nobody_is_asked_and_an_earlier_state_of_knowledge_says_what_it_lacks(
    simulated_week: Path, run: Any, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(simulated_week, data)
    folder = data / "reports" / WEEK
    before = json.loads((folder / "report.json").read_bytes())
    index = [pl.read_parquet(p) for p in (data / "raw" / "coinalyze" / "price" / "index").iterdir()]
    first_price = min(frame["kept_at"].min() for frame in index)
    again = run("report", WEEK, "--offline", "--data", str(data))
    assert again.returncode == 0, again.stderr
    assert json.loads((folder / "report.json").read_bytes())["numbers"] == before["numbers"]
    earlier = (first_price - timedelta(microseconds=1)).isoformat()
    done = run("report", WEEK, "--offline", "--as-of", earlier, "--data", str(data))
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "report.json").read_bytes())
    assert told["evidence"]["as_of"] < before["evidence"]["as_of"]
    assert told["evidence"]["as_of"] <= earlier.replace("+00:00", "Z")
    (longs,) = [n for n in told["numbers"] if n["key"] == "total.coinalyze.long"]
    assert any("without a dollar figure" in note for note in longs["notes"])
    assert "without a dollar figure" in done.stdout
