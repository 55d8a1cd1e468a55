"""The recorded week 2022-W24: asked over HTTP, read, and set side by side."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.house import House
from pipelines.lake import days_between
from pipelines.normalise.days import MADE_HERE, write_each
from pipelines.reconcile.week import write_week
from pipelines.settings import Settings
from pipelines.tables import (
    COMPARISONS,
    GAPS,
    LIQUIDATION_TOTALS,
    QUARANTINE,
    SHARE_BREAKS,
    VOLUME_CHECKS,
)
from pipelines.web import Web, routine
from pipelines.weeks import Week

RECORDED = Path(__file__).parents[3] / "shared" / "recorded"
WEEK = Week.parse("2022-W24")
LONG_AFTER = datetime(2040, 1, 1, tzinfo=UTC)
DAYS = days_between(WEEK.before.monday, WEEK.sunday)
pytestmark = pytest.mark.skipif(
    not (RECORDED / "manifest.json").exists(), reason="no recorded market beside the project"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("recorded"))
    settings = Settings(market=f"recorded:{RECORDED}", data=house.root)
    with Web(settings, house) as web:
        plan = [(dataset, DAYS) for dataset in routine()]
        web.ask_ahead(plan)
        asked = {dataset.id: web.ask(dataset, days) for dataset, days in plan}
        assert {id for id, one in asked.items() if one.outcome.failed} == set()
        now = web.clock.now()
    for table in MADE_HERE:
        _, failed = write_each(house, table, DAYS, now)
        assert failed == {}
    write_week(house.lake, WEEK, now)
    return house


def week_of(house, table):
    return house.lake.read(table, WEEK.monday, WEEK.sunday)


def test_the_two_sources_differ_by_five_and_by_ten(house):
    rows = week_of(house, COMPARISONS).filter(pl.col("position") == "long")
    ratios = {
        row["coin"]: (round(row["ratio"], 2), row["days_compared"])
        for row in rows.iter_rows(named=True)
        if (row["source_a"], row["source_b"]) == ("coinglass", "coinalyze")
    }
    assert ratios["BTC"] == (5.23, 7)
    assert ratios["ETH"] == (10.57, 7)


def test_both_scopes_stand_beside_a_ratio(house):
    row = week_of(house, COMPARISONS).row(0, named=True)
    assert "Binance" in row["scope_a"]
    assert row["scope_b"] == "binance"


def gap(house, coin):
    rows = week_of(house, GAPS).filter(pl.col("coin") == coin, pl.col("sides") == "both")
    (pair,) = rows.select("source_a", "venue_a", "source_b", "venue_b").unique().rows()
    assert pair == ("coinglass", "several", "coinalyze", "binance")
    return {row["cause"]: row for row in rows.iter_rows(named=True)}


def test_of_the_gap_the_coins_that_coinglass_was_not_asked_for_are_told_apart(house):
    parts = gap(house, "all")
    assert parts.keys() == {"coins", "unexplained"}
    seven = week_of(house, LIQUIDATION_TOTALS).filter(pl.col("interval_s") == 86_400)
    asked = seven.filter(pl.col("source") == "coinglass")["coin"].unique()
    others = seven.filter(pl.col("source") == "coinalyze", ~pl.col("coin").is_in(asked.implode()))
    assert abs(parts["coins"]["part_usd"] + others["notional_usd"].sum()) < Decimal("0.02")


def test_what_is_left_is_the_venues_that_coinalyze_does_not_tell_and_is_said_to_be(house):
    for coin in ("all", "BTC", "ETH"):
        left = gap(house, coin)["unexplained"]
        assert "coinglass adds up 28 venues, of which coinalyze:binance lacks" in left["evidence"]
        assert "coinalyze:binance tells linear" in left["evidence"]
    assert set(gap(house, "BTC")) == {"unexplained"}


def test_the_parts_of_every_gap_of_the_week_add_up_to_the_cent(house):
    key = ["coin", "sides", "source_a", "venue_a", "source_b", "venue_b"]
    added = (
        week_of(house, GAPS)
        .group_by(key)
        .agg(pl.col("part_usd").sum(), pl.col("a_usd", "b_usd", "gap_usd").first())
    )
    assert added.height == 3 * 8  # seven coins and all of them, each side and both
    assert added.filter(pl.col("part_usd") != pl.col("gap_usd")).is_empty()
    assert added.filter(pl.col("a_usd") - pl.col("b_usd") != pl.col("gap_usd")).is_empty()


def test_the_ledger_of_the_week_says_between_which_days_the_share_of_binance_broke(house):
    (row,) = week_of(house, SHARE_BREAKS).to_dicts()
    assert (row["venue"], row["source_named"]) == ("Binance", "Bybt")
    assert (row["last_before"], row["first_after"]) == (date(2021, 4, 19), date(2021, 5, 18))
    assert row["low_before"] > row["threshold"] * row["high_after"]
    assert row["claims_after"] == "H008, H009, H010"


def test_sums_of_days_alone_are_held_against_no_volume(house):
    assert week_of(house, LIQUIDATION_TOTALS).filter(pl.col("size_coins").is_not_null()).height > 0
    assert week_of(house, VOLUME_CHECKS).is_empty()


def test_coinglass_gives_its_seven_coins_to_the_cent(house):
    rows = week_of(house, LIQUIDATION_TOTALS).filter(
        pl.col("source") == "coinglass", pl.col("interval_s") == 86_400
    )
    sums = dict(rows.group_by("position").agg(pl.col("notional_usd").sum()).iter_rows())
    assert {side: round(usd, 2) for side, usd in sums.items()} == {
        "long": Decimal("1014899818.19"),
        "short": Decimal("740627400.79"),
    }
    assert rows["coin"].n_unique() == 7


def test_nothing_of_the_recorded_weeks_is_refused(house):
    refused = Counter()
    for table in MADE_HERE:
        frame = house.lake.read(QUARANTINE, DAYS[0], DAYS[-1], part=table.name)
        refused.update(frame["reason"].to_list())
    assert refused == {}


def test_the_archive_and_the_lake_are_sound(house):
    assert list(house.raw.damaged()) == []
    assert list(house.lake.damaged()) == []


def test_asking_a_second_time_asks_for_nothing_that_is_held(house):
    settings = Settings(market=f"recorded:{RECORDED}", data=house.root)
    with Web(settings, house) as web:
        names = ("coinglass/liquidations_daily", "coinalyze/liquidations", "binance/funding")
        again = [web.ask(dataset, DAYS) for dataset in routine(names)]
    assert [one.outcome.asked for one in again] == [0, 0, 0]
    assert [len(one.whole) for one in again] == [14, 14, 14]


def test_a_day_made_alone_is_the_same_as_a_day_made_with_others(house, tmp_path):
    alone = House(tmp_path, archive=house.raw)
    day = WEEK.sunday
    write_each(alone, LIQUIDATION_TOTALS, [day], LONG_AFTER)
    assert alone.lake.read(LIQUIDATION_TOTALS, day, day).equals(
        house.lake.read(LIQUIDATION_TOTALS, day, day)
    )
