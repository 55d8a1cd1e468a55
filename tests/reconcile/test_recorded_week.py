"""The recorded week 2022-W24: asked over HTTP, read, and set side by side."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.house import House
from pipelines.lake import days_between
from pipelines.normalise.days import MADE_HERE, write_each
from pipelines.reconcile.week import write_week
from pipelines.settings import Settings
from pipelines.tables import COMPARISONS, LIQUIDATION_TOTALS, QUARANTINE
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
