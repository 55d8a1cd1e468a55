"""No venue liquidates more than it trades; where no volume is held, nothing was checked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.series.guard import volume_guard
from pipelines.reconcile.series.volume import (
    in_coins,
    multipliers,
    sizes_in_contracts,
    volume_readings,
)

HOUR = datetime(2026, 3, 4, tzinfo=UTC)


def cells(*sizes, coin="BTC", position="long"):
    return [
        {"source": "okx", "venue": "okx", "coin": coin, "position": position,
         "hour": HOUR + timedelta(hours=n), "size_coins": size}
        for n, size in enumerate(sizes)
    ]  # fmt: skip


def volumes(*coins, coin="BTC"):
    return [
        {"venue": "okx", "coin": coin, "hour": HOUR + timedelta(hours=n), "volume_coins": volume}
        for n, volume in enumerate(coins)
    ]


def guarded(liquidated, traded):
    return volume_guard(pl.DataFrame(liquidated), pl.DataFrame(traded)).to_dicts()


def test_an_hour_with_more_liquidated_than_traded_flags_all_of_that_coin():
    rows = guarded(
        [*cells(1, 11, 3), *cells(1, coin="ETH")], [*volumes(10, 10, 10), *volumes(9, coin="ETH")]
    )
    told = [(row["coin"], row["exceeds"], row["is_flagged"]) for row in rows]
    assert told == [
        ("BTC", False, True), ("BTC", True, True), ("BTC", False, True), ("ETH", False, False),
    ]  # fmt: skip
    assert {(row["cells"], row["cells_exceeding"]) for row in rows} == {(3, 1), (1, 0)}


def test_an_hour_without_a_volume_is_not_checked_and_does_not_pass():
    rows = guarded(cells(5, 5), volumes(10))
    assert [row["exceeds"] for row in rows] == [False, None]
    assert (rows[0]["cells"], rows[0]["cells_checked"]) == (2, 1)


def test_longs_and_shorts_may_trade_with_each_other_and_are_held_to_the_volume_apart():
    rows = guarded([*cells(6), *cells(7, position="short")], volumes(10))
    assert not any(row["exceeds"] for row in rows)


def test_all_of_an_hour_s_volume_may_have_been_forced():
    (row,) = guarded(cells(10), volumes(10))
    assert (row["share"], row["exceeds"]) == (1.0, False)


def test_decimals_are_compared_to_the_last_digit():
    exact = Decimal("0.000000000000000001")
    (row,) = guarded(cells(Decimal(10) + exact), volumes(Decimal(10)))
    assert row["exceeds"]
    assert row["share"] == 1.0


@pytest.fixture(scope="module")
def candles(recorded):
    file = recorded / "events" / "candles_hourly_seven_venues.parquet"
    return pl.read_parquet(file).rename({"timestamp": "hour"})


@pytest.fixture(scope="module")
def liquidated(recorded):
    events = pl.read_parquet(recorded / "events" / "okx_hyperliquid_liquidations.parquet")
    is_long = pl.col("side").str.to_lowercase().is_in(["s", "sell"])
    return (
        events.with_columns(
            hour=pl.col("timestamp").dt.truncate("1h"),
            position=pl.when(is_long).then(pl.lit("long")).otherwise(pl.lit("short")),
        )
        .group_by("venue", "coin", "position", "hour")
        .agg(size_coins=(pl.col("size_usd") / pl.col("price")).sum())
    )


def test_okx_counts_its_volume_in_contracts_and_how_many_coins_each_holds_shows(candles):
    """As OKX lists them: 0.01 BTC, 0.1 ETH, 1 SOL, 1,000 DOGE, 0.1 HYPE; the others trade coins."""
    readings = volume_readings(candles)
    of_okx = readings.filter(pl.col("venue") == "okx")
    assert dict(of_okx.select("coin", "coins_per_unit").iter_rows()) == {
        "BTC": 0.01, "DOGE": 1000.0, "ETH": 0.1, "HYPE": 0.1, "SOL": 1.0,
    }  # fmt: skip
    assert set(readings.select("venue", "reading").iter_rows()) == {
        ("binance", "coins"), ("bybit", "coins"), ("dydx", "coins"), ("kraken", "coins"),
        ("okx", "contracts"),
    }  # fmt: skip
    spreads = of_okx.select("spread_coins", "spread_quote", "spread_contracts").row(0)
    assert [round(spread, 1) for spread in spreads] == [4.8, 2.2, 0.4]  # powers of ten


def test_the_okx_events_without_multiplier_are_caught_by_the_volume_and_not_by_excess(
    candles, liquidated
):
    """A size without multiplier need not exceed the volume: 1,000 DOGE are told as one.

    What is caught is that the part of the volume that was liquidated lies apart by 10 to the 4.2
    over four coins when sizes are coins, and by less than 10 when they are contracts.
    """
    readings = volume_readings(candles)
    checked = volume_guard(liquidated, in_coins(candles, readings))
    of_okx = checked.filter(pl.col("venue") == "okx")
    assert (of_okx["exceeds"].null_count(), of_okx["exceeds"].sum()) == (0, 0)
    (okx,) = (
        sizes_in_contracts(checked, multipliers(readings))
        .filter(pl.col("venue") == "okx")
        .to_dicts()
    )
    assert okx["is_flagged"]
    assert (okx["coins"], okx["cells"]) == (4, 53)
    assert (round(okx["spread_told"], 1), round(okx["spread_contracts"], 1)) == (4.2, 0.8)


def test_the_same_events_with_the_multiplier_are_not_flagged(candles, liquidated):
    readings = volume_readings(candles)
    factors = readings.select("venue", "coin", "coins_per_unit")
    right = liquidated.join(factors, on=["venue", "coin"]).with_columns(
        pl.col("size_coins") * pl.col("coins_per_unit")
    )
    checked = volume_guard(right, in_coins(candles, readings))
    (okx,) = sizes_in_contracts(checked, multipliers(readings)).to_dicts()
    assert okx["is_flagged"] is False


def test_taken_as_dollars_the_volume_would_blame_bitcoin_for_the_wrong_reason(candles, liquidated):
    """77 times more than traded, where in truth 0.1 % was: the unit is settled before the guard."""
    wrong = candles.select("venue", "coin", "hour", volume_coins=pl.col("volume") / pl.col("close"))
    checked = volume_guard(liquidated, wrong).filter(pl.col("venue") == "okx", pl.col("exceeds"))
    assert checked.select("coin", pl.col("share").round(0)).rows() == [("BTC", 77.0)]


def test_hyperliquid_s_events_are_neither_passed_nor_flagged_for_want_of_its_volume(
    candles, liquidated
):
    readings = volume_readings(candles)
    checked = volume_guard(liquidated, in_coins(candles, readings))
    of_it = checked.filter(pl.col("venue") == "hyperliquid")
    assert of_it["cells_checked"].sum() == 0
    assert of_it["exceeds"].null_count() == of_it.height == 120
    (row,) = (
        sizes_in_contracts(checked, multipliers(readings))
        .filter(pl.col("venue") == "hyperliquid")
        .to_dicts()
    )
    assert row["is_flagged"] is None


@pytest.mark.parametrize("venue", ["bybit", "kraken", "binance"])
@pytest.mark.parametrize("power", [-4, -3, 3, 4])
def test_a_unit_planted_in_one_coin_of_a_venue_is_told_beside_its_others(candles, venue, power):
    is_it = (pl.col("venue") == venue) & (pl.col("coin") == "ETH")
    planted = candles.with_columns(
        volume=pl.when(is_it).then(pl.col("volume") * 10.0**power).otherwise(pl.col("volume"))
    )
    readings = volume_readings(planted)
    units = dict(
        readings.filter(pl.col("venue") == venue).select("coin", "coins_per_unit").iter_rows()
    )
    assert units["BTC"] == units["DOGE"] == units["SOL"]
    assert units["ETH"] / units["BTC"] == pytest.approx(10.0**-power)
    others = readings.filter(~pl.col("venue").is_in([venue, "okx"]))
    assert set(others["reading"]) == {"coins"}
