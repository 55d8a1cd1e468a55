"""Every full week of 2022 as recorded: CoinGlass (all venues) beside Coinalyze (Binance)."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.edition import MODELS
from pipelines.extract.catalogue import CATALOGUE
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.load.connection import connect
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.normalise.days import write_days
from pipelines.reconcile.week import MAKERS
from pipelines.settings import Settings
from pipelines.tables import AGREEMENTS, COMPARISONS, INSTRUMENTS, LIQUIDATION_TOTALS
from pipelines.web import Web
from pipelines.weeks import Week

RECORDED = Path(__file__).parents[3] / "shared" / "recorded"
FIRST, LAST = date(2022, 1, 3), date(2022, 12, 25)
WEEKS = [Week(monday) for monday in days_between(FIRST, LAST)[::7]]
LONG_AFTER = datetime(2040, 1, 1, tzinfo=UTC)
ASKED = (
    "coinglass/instruments", "coinglass/liquidations_daily",
    "coinalyze/instruments", "coinalyze/liquidations", "coinalyze/price",
)  # fmt: skip
pytestmark = pytest.mark.skipif(
    not (RECORDED / "manifest.json").exists(), reason="no recorded market beside the project"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("year"))
    with Web(Settings(market=f"recorded:{RECORDED}", data=house.root), house) as web:
        for name in ASKED:
            web.ask(CATALOGUE[name], days_between(FIRST, LAST))
        now = web.clock.now()
    for table in (INSTRUMENTS, LIQUIDATION_TOTALS):
        list(write_days(house.raw, house.lake, table, FIRST, LAST, now))
    by_table = {maker.table.name: maker for maker in MAKERS}
    for week in WEEKS:
        by_table[COMPARISONS.name].write(house.lake, week, LONG_AFTER)
    for name in ("2022-W24", "2022-W50"):
        by_table[AGREEMENTS.name].write(house.lake, Week.parse(name), LONG_AFTER)
    return house


@pytest.fixture(scope="module")
def compared(house):
    return house.lake.read(COMPARISONS, FIRST, LAST)


def agreed(house, name):
    monday = Week.parse(name).monday
    rows = house.lake.read(AGREEMENTS, monday, monday)
    return {(row["coin"], row["position"]): row for row in rows.iter_rows(named=True)}


def test_fifty_one_weeks_of_seven_coins_and_two_sides_are_compared_on_every_day(compared):
    assert compared.height == 51 * 7 * 2
    assert set(compared["days_compared"]) == {7}
    assert set(compared.select("source_a", "venue_a", "source_b", "venue_b").iter_rows()) == {
        ("coinglass", "several", "coinalyze", "binance")
    }


def test_all_venues_make_four_and_a_half_times_binance_and_between_once_and_27_times_by_week(
    compared,
):
    by_side = compared.group_by("position").agg(pl.col("a_usd", "b_usd").sum()).sort("position")
    billions = [[round(float(usd) / 1e9, 2) for usd in sides] for _, *sides in by_side.iter_rows()]
    assert billions == [[17.86, 3.81], [13.54, 3.08]]
    widest = compared.sort("ratio").row(-1, named=True)
    assert (widest["coin"], widest["position"], round(widest["ratio"], 2)) == ("ETH", "long", 26.65)
    assert widest["time"].date() == Week.parse("2022-W23").monday
    assert round(compared["ratio"].min(), 2) == 1.04


@pytest.fixture(scope="module")
def asked(house):
    """SQL over the warehouse of these tables alone."""
    models = {model.table: model for model in read_all(MODELS)}
    wanted, open_ = set(), {"finding.part_exceeds_whole", "mart.agreement_days"}
    while open_:
        wanted |= open_
        open_ = {read for table in open_ for read in models[table].reads & models.keys()} - wanted
    build(house.warehouse, house.lake, [models[table] for table in wanted], publish_broken=True)

    def ask(query):
        with connect(house.warehouse, read_only=True) as warehouse:
            return warehouse.execute(query).fetchall()

    return ask


def test_the_days_that_are_drawn_are_the_days_that_were_compared_in_the_other_engine(asked):
    off = asked(
        "select count(*), count(*) filter (days.drawn = days_compared), sum(drawn)::int "
        "from mart.source_agreement left join ("
        "    select week, coin, position, count(*) as drawn from mart.agreement_days group by all"
        ") as days using (week, coin, position)"
    )
    assert off == [(28, 28, 2 * 14 * 90 - 3)]  # three days of the autumn have a zero


def test_on_35_coin_days_binance_alone_exceeds_all_venues_and_on_30_of_them_in_bnb_longs(asked):
    """No difference of scope can explain a part that is larger than its whole."""
    found = asked(
        "select coin, position, sum(days)::int, max(part_usd - whole_usd)::double "
        "from finding.part_exceeds_whole group by all order by all"
    )
    assert {(coin, side): days for coin, side, days, _ in found} == {
        ("ADA", "long"): 1, ("BNB", "long"): 30, ("BNB", "short"): 1, ("DOGE", "long"): 2,
        ("SOL", "short"): 1,
    }  # fmt: skip
    most = {(coin, side): round(usd) for coin, side, _, usd in found}
    assert most == {
        ("ADA", "long"): 0, ("BNB", "long"): 100_355, ("BNB", "short"): 0, ("DOGE", "long"): 185,
        ("SOL", "short"): 0,
    }  # fmt: skip


def test_before_the_week_of_celsius_the_ratio_grew_by_a_fifth_where_the_day_was_twice_as_high(
    house,
):
    rows = agreed(house, "2022-W24")
    btc = rows["BTC", "long"]
    assert (btc["first_day"], btc["last_day"]) == (date(2022, 3, 22), date(2022, 6, 19))
    assert (btc["days_both"], btc["days_compared"], btc["days_zero"]) == (90, 90, 0)
    assert (round(btc["slope"], 2), round(btc["slope_se"], 2)) == (0.27, 0.04)
    assert 2 ** btc["slope"] == pytest.approx(1.2, abs=0.01)
    sloped = {cell for cell, row in rows.items() if row["has_slope"]}
    assert sloped >= {("BTC", "long"), ("ETH", "long"), ("XRP", "long")}
    assert all(row["slope"] > 0 for row in rows.values() if row["has_slope"])


def test_the_ratio_of_solana_broke_when_ftx_failed_and_that_is_left_unexplained(house):
    rows = agreed(house, "2022-W50")
    broke = {cell: row["level_break_day"] for cell, row in rows.items() if row["level_break_day"]}
    assert broke == {
        ("SOL", "long"): date(2022, 11, 7), ("SOL", "short"): date(2022, 11, 8),
        ("DOGE", "long"): date(2022, 11, 24), ("DOGE", "short"): date(2022, 11, 25),
    }  # fmt: skip
    short = rows["SOL", "short"]
    assert 5 < 2.718281828 ** short["level_break_step"] < 6
    assert (short["days_both"], short["days_zero"], short["days_compared"]) == (90, 1, 89)


def test_no_recorded_series_is_shifted_or_off_by_a_unit(house):
    for name in ("2022-W24", "2022-W50"):
        rows = agreed(house, name).values()
        assert {row["best_lag_days"] for row in rows} == {0}
        assert {row["unit_factor"] for row in rows} == {None}
        assert {row["refused"] for row in rows} == {None}
