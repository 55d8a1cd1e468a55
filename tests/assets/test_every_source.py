"""One simulated week through every source that there is: from HTTP and frames to the page."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.lake import days_between
from pipelines.regimes import regimes
from pipelines.sources import SOURCES
from replica.simulated.world import World

WEEK = "2026-W46"
DAYS = ("2026-11-09", "2026-11-15")
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
MARKET = ("--market", "simulated:7", "--size", "small")
BY_NAME = tuple(d.id for d in CATALOGUE.values() if d.source == "tardis")
LONG_S = 900  # every dataset of every source, a fortnight: minutes where two processors are busy


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, run: Any) -> Path:
    """A data folder after a week of all sources; Tardis.dev, which sells by the day, is named."""
    data = tmp_path_factory.mktemp("everything")
    bought = [word for name in BY_NAME for word in ("--dataset", name)]
    key = {"TARDIS_API_KEY": "any-will-do"}
    for words in (("backfill", *DAYS, *bought), ("report", WEEK)):
        done = run(*words, *MARKET, "--data", str(data), env=key, timeout=LONG_S)
        assert done.returncode == 0, done.stderr + done.stdout
    return data


def asked(data: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def telling_today() -> set[str]:
    """Sources that have a feed of liquidations now, as the regimes say."""
    told = regimes().filter(
        pl.col("canonical").is_in(["liquidations", "liquidation_totals"]),
        pl.col("last_day").is_null() | (pl.col("last_day") >= date(2026, 11, 15)),
    )
    return set(told["source"])


@pytest.mark.timeout(2 * LONG_S)
def test_every_source_that_tells_liquidations_is_in_the_week(everything: Path) -> None:
    found = {
        name for (name,) in asked(everything, "select distinct source from mart.weekly_totals")
    }
    assert found == telling_today()


@pytest.mark.timeout(2 * LONG_S)
def test_what_a_venue_s_feed_says_is_no_more_than_what_happened_there(everything: Path) -> None:
    truth = (
        World(7, "small")
        .truth()
        .filter(pl.col("day").is_between(date(2026, 11, 9), date(2026, 11, 15)))
    )
    happened = {
        (venue, position): usd
        for venue, position, usd in truth.group_by("venue", "position")
        .agg(pl.col("notional_usd").sum())
        .iter_rows()
    }
    said = asked(
        everything,
        "select venue, source, position, coverage, sum(notional_usd)::double "
        f"from mart.weekly_liquidations where week = '{WEEK}' and venue <> 'several' group by all",
    )
    assert len({venue for venue, *_ in said}) >= 10
    for venue, source, position, coverage, usd in said:
        whole = happened[venue, position]
        assert usd <= 1.02 * whole, (venue, source, position)
        if coverage == "all":
            assert usd >= 0.97 * whole, (venue, source, position)


@pytest.mark.timeout(2 * LONG_S)
def test_every_dataset_that_a_daily_run_asks_is_kept(everything: Path) -> None:
    kept = {"/".join(path.parts[-2:]) for path in (everything / "raw").glob("*/*")}
    fortnight = days_between(date(2026, 11, 2), date(2026, 11, 15))
    routine = {
        d.id
        for d in CATALOGUE.values()
        if d.routine and any(d.gives(day, NOW) for day in fortnight)
    }
    assert len(routine) > 90
    assert kept >= routine | set(BY_NAME)


@pytest.mark.timeout(2 * LONG_S)
def test_the_page_has_the_terms_of_each_source_that_it_quotes(everything: Path) -> None:
    folder = everything / "reports" / WEEK
    page = (folder / "index.html").read_text("utf-8")
    quoted = {
        key.split(".")[1]
        for key in (n["key"] for n in json.loads((folder / "report.json").read_bytes())["numbers"])
        if key.startswith("total.")
    }
    for source in quoted & SOURCES.keys():
        assert SOURCES[source].terms.address.removeprefix("https://") in page, source


@pytest.mark.timeout(2 * LONG_S)
def test_the_page_says_who_tells_nothing_and_blames_no_index_for_it(everything: Path) -> None:
    page = (everything / "reports" / WEEK / "report.md").read_text("utf-8")
    assert "without a feed of liquidations of their own: Binance COIN-M, KuCoin." in page
    assert "Missing, which is not zero" not in page
