"""Sizes held against what their venues traded: real events of OKX, and weeks whose truth is known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from bench.proof.seen import canonical
from pipelines.lake import Lake
from pipelines.reconcile.layers.cells import cells
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.volumes import checked
from pipelines.reconcile.week import MAKERS
from pipelines.tables import CANDLES, INSTRUMENTS, LIQUIDATIONS, REFUSALS, VOLUME_CHECKS
from pipelines.units import AMOUNT
from pipelines.weeks import Week
from replica.truth import week as truth_week

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "events"
OKX_WEEK, HYPERLIQUID_WEEK = Week.parse("2026-W10"), Week.parse("2025-W22")
LATER = datetime(2040, 1, 1, tzinfo=UTC)
recorded = pytest.mark.skipif(not RECORDED.exists(), reason="no recorded events beside the project")
FEEDS = {"okx": "okx/liquidations@2020-01-01", "hyperliquid": "hyperliquid/node_fills@2025-05-25"}
LINEAGE = {
    "source": pl.col("venue"), "instrument_id": pl.concat_str("venue", pl.lit(":"), "coin"),
    "coverage": pl.lit("unknown"), "asked_at": pl.lit(LATER), "answer": pl.lit("a" * 64),
}  # fmt: skip


def written(lake, table, rows):
    """As the reader of a source would have left them; what is not told is null."""
    schema = table.schema
    made = rows.with_columns(**LINEAGE)
    absent = [pl.lit(None, t).alias(n) for n, t in schema.items() if n not in made.columns]
    whole = made.with_columns(absent).select(pl.col(n).cast(t) for n, t in schema.items())
    for (day,), part in whole.group_by(pl.col("time").dt.date()):
        lake.write(table, day, part, as_of=LATER.isoformat())


def listing(lake, week, rows):
    markets = rows.select("venue", "coin").unique()
    days = pl.datetime_range(week.monday, week.sunday, "1d", time_zone="UTC", eager=True)
    written(
        lake,
        INSTRUMENTS,
        markets.join(days.alias("time").to_frame(), how="cross").with_columns(
            source_symbol="coin", symbol="coin", coins_per_base=pl.lit(1), quote=pl.lit("USDT"),
            margin=pl.lit("linear"), feed=pl.lit("x/instruments@2020-01-01"),
        ),
    )  # fmt: skip


def events_of(week):
    rows = pl.read_parquet(RECORDED / "okx_hyperliquid_liquidations.parquet")
    sold = pl.col("side").str.to_lowercase().is_in(["s", "sell"])
    size = pl.col("size_usd") / pl.col("price")
    return (
        rows.filter(pl.col("timestamp").dt.date().is_between(week.monday, week.sunday))
        .with_columns(
            time=pl.col("timestamp").dt.cast_time_unit("ms"),
            position=pl.when(sold).then(pl.lit("long")).otherwise(pl.lit("short")),
            size=size, size_coins=size, size_unit=pl.lit("coins"),
            feed=pl.col("venue").replace_strict(FEEDS),
        )
        .with_columns(nth=pl.int_range(pl.len()).over("venue", "coin", "time"))
    )  # fmt: skip


def candles_of(week):
    rows = pl.read_parquet(RECORDED / "candles_hourly_seven_venues.parquet")
    return rows.filter(
        pl.col("timestamp").dt.date().is_between(week.monday, week.sunday)
    ).with_columns(
        time=pl.col("timestamp").dt.cast_time_unit("ms"), kind=pl.lit("last"),
        interval_s=pl.lit(3_600), volume_coins="volume",
        feed=pl.concat_str("venue", pl.lit("/candles@2020-01-01")),
    )  # fmt: skip


def checks(root, week, events, candles):
    lake = Lake(root)
    written(lake, LIQUIDATIONS, events)
    written(lake, CANDLES, candles)
    listing(
        lake, week, pl.concat([events.select("venue", "coin"), candles.select("venue", "coin")])
    )
    for table in (VOLUME_CHECKS, REFUSALS):
        (maker,) = (maker for maker in MAKERS if maker.table is table)
        maker.write(lake, week, LATER)
    read = {t: lake.read(t, week.monday, week.monday) for t in (VOLUME_CHECKS, REFUSALS)}
    return read[VOLUME_CHECKS], read[REFUSALS]


@recorded
def test_the_okx_events_without_multiplier_are_caught_by_their_share_of_the_volume(tmp_path):
    """Their volume is in contracts too, so that no hour exceeds it: nothing else would tell."""
    rows, refused = checks(tmp_path, OKX_WEEK, events_of(OKX_WEEK), candles_of(OKX_WEEK))
    assert refused.is_empty()
    assert rows.select("source", "venue").unique().rows() == [("okx", "okx")]
    assert rows.select("coin", "coins_per_contract").rows() == [
        ("BTC", 0.01), ("DOGE", 1000.0), ("HYPE", 0.1), ("SOL", 1.0),
    ]  # fmt: skip
    assert set(rows["is_in_contracts"]) == {True}
    assert set(rows.select("volume_reading", "contract_known_by").rows()) == {
        ("contracts", "volume")
    }
    (apart,) = rows.select("coins_compared", "spread_told", "spread_contracts").unique().rows()
    assert (apart[0], round(apart[1], 1), round(apart[2], 1)) == (4, 4.2, 0.8)
    assert (rows["cells"].sum(), rows["cells_exceeding"].sum()) == (53, 0)
    assert (
        rows["cells_checked"].sum() == 0
    )  # of what its volume counts a power of ten is convention
    assert {one.date() for one in rows["first_hour"]} == {date(2026, 3, 4)}


@recorded
def test_hyperliquid_s_events_are_neither_passed_nor_doubted_for_want_of_its_volume(tmp_path):
    rows, _ = checks(
        tmp_path, HYPERLIQUID_WEEK, events_of(HYPERLIQUID_WEEK), candles_of(HYPERLIQUID_WEEK)
    )
    assert set(rows["venue"]) == {"hyperliquid"}
    assert rows["cells"].sum() > 0
    assert rows["cells_checked"].sum() == 0
    unknown = ("told_coins", "volume_coins", "share", "is_in_contracts", "volume_reading")
    assert rows.select(pl.col(unknown).is_null().all()).row(0) == (True,) * 5


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A week of six venues in which a contract of OKX holds 0.01 BTC or 1,000 DOGE."""
    read = canonical(truth_week(10, size=0.2), tmp_path_factory.mktemp("week"))
    return Seen(read.told, read.candles.lazy(), read.open_interest.lazy(), read.first, read.last)


CONTRACTS = {"BTC": 0.01, "ETH": 0.1, "AVAX": 1.0, "DOGE": 1000.0}


def by_contract(column, venue="okx"):
    """Coins as contracts, where somebody forgot what one holds."""
    size = pl.col("coin").replace_strict(CONTRACTS, default=1.0)
    coins = (pl.col(column).cast(pl.Float64) / size).round(9).cast(AMOUNT)
    return pl.when(pl.col("venue") == venue).then(coins).otherwise(column).alias(column)


def doubts(seen):
    rows = checked(seen.told.instruments, cells(seen))
    told = rows.filter("is_in_contracts").select("source", "venue").unique().sort("source")
    strange = rows.filter(pl.col("volume_reading") != "coins")
    over = rows.filter(pl.col("cells_exceeding") > 0)
    return told.rows(), sorted(set(strange["venue"])), over.height


def test_a_market_whose_sizes_are_right_raises_no_doubt_and_is_checked_where_contracts_differ(
    market,
):
    assert doubts(market) == ([], [], 0)
    rows = checked(market.told.instruments, cells(market)).filter(
        pl.col("is_in_contracts").is_not_null()
    )
    assert set(rows.select("source", "venue").rows()) >= {("okx", "okx"), ("gate", "gate")}
    assert set(rows["contract_known_by"]) == {"listing"}


def test_what_a_venue_tells_as_events_and_again_as_hourly_sums_counts_once(market):
    """Gate does; added up, a side of an hour exceeded what was traded in it."""
    of_gate = pl.col("source") == "gate"
    events = (
        market.told.events.filter(of_gate)
        .group_by("coin")
        .agg(pl.col("size_coins").sum())
        .collect()
    )
    sums = market.told.totals.filter(of_gate, pl.col("interval_s") == 3_600)
    rows = checked(market.told.instruments, cells(market)).filter(of_gate).join(events, on="coin")
    assert sums.height > 0
    assert rows.select("told_coins").equals(rows.select(told_coins="size_coins"))


def test_sizes_in_contracts_are_told_by_what_a_listing_says_that_one_holds(market):
    events = market.told.events.with_columns(by_contract("size_coins"))
    told, strange, _ = doubts(replace(market, told=replace(market.told, events=events)))
    assert (told, strange) == ([("okx", "okx")], [])


def test_where_the_volume_is_in_contracts_as_well_no_hour_exceeds_it_and_both_are_told(market):
    events = market.told.events.with_columns(by_contract("size_coins"))
    volumes = [by_contract(name) for name in ("volume_coins", "taker_buy_coins")]
    candles = market.candles.with_columns(volumes)
    wrong = replace(market, told=replace(market.told, events=events), candles=candles)
    told, strange, over = doubts(wrong)
    assert ("okx", "okx") in told
    assert strange == ["okx"]
    assert over == 0


def test_a_side_that_exceeds_what_was_traded_is_counted_by_the_hour(market):
    tenfold = pl.when(pl.col("venue") == "binance").then(1000).otherwise(1)
    events = market.told.events.with_columns((pl.col("size_coins") * tenfold).cast(AMOUNT))
    seen = replace(market, told=replace(market.told, events=events))
    rows = checked(seen.told.instruments, cells(seen)).filter(pl.col("cells_exceeding") > 0)
    assert set(rows.select("source", "venue").rows()) == {("binance", "binance")}
    assert (rows["share_most"] > 1).all()
