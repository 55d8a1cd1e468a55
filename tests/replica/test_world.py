"""The simulated market keeps the promises that the replica and the estimators rest on."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from replica.simulated.processes import PROCESSES
from replica.simulated.world import World

HOUR_MS = 3_600_000
MONDAY_MS = int(datetime(2026, 11, 9, tzinfo=UTC).timestamp()) * 1000
WEEK = pl.col("time_ms").is_between(MONDAY_MS, MONDAY_MS + 7 * 24 * HOUR_MS, closed="left")
SECOND = pl.col("time_ms") // 1000
HOUR = (pl.col("time_ms") // HOUR_MS * HOUR_MS).alias("time_ms")


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, "small")


@pytest.fixture(scope="module", params=sorted(PROCESSES))
def any_process(request: pytest.FixtureRequest) -> World:
    return World(7, "small", process=request.param)


def instruments(world: World) -> list[tuple[str, str]]:
    return list(world.instruments.select("venue", "symbol").iter_rows())


def in_cascade(world: World) -> pl.Expr:
    return pl.col("time_ms").is_between(*world.cascade_ms)


def test_the_market_has_the_promised_breadth(world: World) -> None:
    full = World(7, "full")
    assert len(full.venues) == 12
    assert len(full.coins) >= 50
    assert len(world.coins) == 6
    assert set(full.instruments["margin"]) == {"linear", "inverse"}
    assert full.instruments.select("venue", "symbol").is_unique().all()


def test_a_wide_market_lists_two_hundred_on_every_venue() -> None:
    wide, full = World(7, "wide"), World(7, "full")
    assert wide.instruments.group_by("venue").len()["len"].min() >= 200
    assert wide.instruments.select("venue", "symbol").is_unique().all()
    assert set(full.coins) < set(wide.coins)


def test_a_coin_goes_the_same_way_in_markets_of_every_size(world: World) -> None:
    name, marks = ("deribit", "BTC-PERPETUAL"), pl.col("^mark_.*$")
    here = world.candles(*name).select(marks)
    assert_frame_equal(World(7, "wide").candles(*name).select(marks), here)


def test_a_thousand_of_a_cheap_coin_is_one_unit_where_the_venue_says_so(world: World) -> None:
    pepe = world.instruments.filter(pl.col("coin") == "PEPE")
    listed = {row["symbol"]: row["multiplier"] for row in pepe.iter_rows(named=True)}
    assert listed["1000PEPEUSDT"] == listed["kPEPE"] == 1000
    assert listed["PEPE-USDT-SWAP"] == 1
    one = world.candles("okx", "PEPE-USDT-SWAP")["close"]
    thousand = world.candles("binance", "1000PEPEUSDT")["close"]
    assert np.allclose(thousand / one, 1000, rtol=0.003)


def test_the_same_seed_makes_the_same_market_in_any_order_of_asking(world: World) -> None:
    again = World(7, "small")
    venue, symbol = "okx", "ETH-USDT-SWAP"
    assert_frame_equal(again.long_short(venue, symbol), world.long_short(venue, symbol))
    assert_frame_equal(again.shown("binance"), world.shown("binance"))
    assert_frame_equal(again.candles(venue, symbol), world.candles(venue, symbol))
    assert_frame_equal(again.funding(venue, symbol), world.funding(venue, symbol))
    assert_frame_equal(again.open_interest(venue, symbol), world.open_interest(venue, symbol))
    assert_frame_equal(again.truth(), world.truth())
    assert again.cascade_ms == world.cascade_ms


def test_another_seed_makes_another_market(world: World) -> None:
    other = World(8, "small")
    assert other.cascade_ms != world.cascade_ms
    assert not other.liquidations("bybit").equals(world.liquidations("bybit"))


def test_another_process_closes_other_orders_on_the_same_prices(world: World) -> None:
    other = World(7, "small", process="pareto_hawkes")
    mark = ("binance", "BTCUSDT")
    assert other.candles(*mark)["mark_close"].equals(world.candles(*mark)["mark_close"])
    assert not other.liquidations("bybit").equals(world.liquidations("bybit"))


@pytest.mark.parametrize(("size", "process"), [("huge", "pareto_hawkes"), ("small", "uniform")])
def test_an_unknown_size_or_process_is_refused(size: str, process: str) -> None:
    with pytest.raises(ValueError, match=r"huge|uniform"):
        World(7, size, process=process)


def test_an_instrument_that_is_not_listed_is_refused(world: World) -> None:
    with pytest.raises(KeyError, match="does not list"):
        world.candles("kraken", "BTCUSDT")


def test_the_cascade_closes_longs_and_its_rebound_some_shorts(any_process: World) -> None:
    start, end = any_process.cascade_ms
    assert MONDAY_MS <= start < end < MONDAY_MS + 7 * 24 * HOUR_MS
    assert 3 * HOUR_MS <= end - start <= 9 * HOUR_MS
    orders = pl.concat([any_process.liquidations(venue) for venue in any_process.venues])
    week = orders.filter(WEEK)
    cascade = week.filter(in_cascade(any_process))
    longs = cascade.filter(pl.col("position") == "long")["notional_usd"].sum()
    total = cascade["notional_usd"].sum()
    assert 0.75 < longs / total < 0.98
    assert total > 0.4 * week["notional_usd"].sum()


def test_the_price_falls_deep_and_comes_back_in_part(world: World) -> None:
    candles = world.candles("binance", "ETHUSDT")
    start, end = world.cascade_ms
    before = candles.filter(pl.col("time_ms") < start - HOUR_MS)["close"][-1]
    trough = candles.filter(in_cascade(world))["mark_low"].min()
    after = candles.filter(pl.col("time_ms") >= end)["open"][0]
    assert isinstance(trough, float)
    assert trough < 0.88 * before
    assert trough * 1.01 < after < before


def test_venues_trade_within_basis_points_of_each_other(world: World) -> None:
    symbols = world.instruments.filter(pl.col("coin") == "SOL")
    closes = np.array(
        [
            world.candles(*name)["close"].to_numpy() / world.candles("bybit", "SOLUSDT")["close"]
            for name in symbols.select("venue", "symbol").iter_rows()
        ]
    )
    assert np.abs(closes - 1).max() < 0.005
    assert np.median(np.abs(closes - 1)) < 0.0005


def test_a_forced_order_fills_beyond_the_mark_and_short_of_bankruptcy(world: World) -> None:
    for venue in world.venues:
        orders = world.liquidations(venue)
        sign = pl.when(pl.col("position") == "long").then(-1).otherwise(1)
        assert orders.filter(
            (sign * (pl.col("bankruptcy_price") - pl.col("fill_price")) <= 0)
            | (sign * (pl.col("order_price") - pl.col("bankruptcy_price")) < 0)
        ).is_empty()
    for venue, symbol in [("binance", "BTCUSDT"), ("bybit", "BTCUSD")]:
        hours = world.candles(venue, symbol)
        orders = world.liquidations(venue).filter(pl.col("symbol") == symbol)
        joined = orders.with_columns(HOUR).join(hours, on="time_ms", how="left")
        longs, shorts = (joined.filter(position=side) for side in ("long", "short"))
        assert (longs["fill_price"] < longs["mark_high"]).all()
        assert (shorts["fill_price"] > shorts["mark_low"]).all()
        assert (joined["fill_price"].is_between(joined["low"], joined["high"])).all()


def test_takers_sold_at_least_what_closed_longs(any_process: World) -> None:
    for venue in any_process.venues:
        forced = (
            any_process.liquidations(venue)
            .group_by("symbol", HOUR)
            .agg(
                pl.col("base").filter(pl.col("position") == side).sum().alias(side)
                for side in ("long", "short")
            )
        )
        for symbol in forced["symbol"].unique():
            hours = any_process.candles(venue, symbol).join(
                forced.filter(pl.col("symbol") == symbol), on="time_ms"
            )
            sold = hours["volume_base"] - hours["taker_buy_base"]
            assert (sold >= hours["long"]).all()
            assert (hours["taker_buy_base"] >= hours["short"]).all()
            assert (hours["taker_buy_quote"] < hours["turnover_quote"]).all()


def test_candles_are_whole_and_hold_their_prices(world: World) -> None:
    for name in instruments(world):
        candles = world.candles(*name)
        assert candles["time_ms"].diff().drop_nulls().unique().to_list() == [HOUR_MS]
        assert candles["time_ms"][-1] == world.now_ms - HOUR_MS
        for kind in ("", "mark_", "index_"):
            opened, high, low, close = (
                candles[f"{kind}{part}"] for part in ("open", "high", "low", "close")
            )
            assert ((low <= opened) & (low <= close) & (low > 0)).all()
            assert ((high >= opened) & (high >= close)).all()


def test_open_interest_falls_in_the_cascade(world: World) -> None:
    start, end = world.cascade_ms
    for venue, symbol in instruments(world):
        rows = world.open_interest(venue, symbol)
        before = rows.filter(pl.col("time_ms") <= start)["oi_base"][-1]
        after = rows.filter(pl.col("time_ms") >= end)["oi_base"][0]
        assert after < before, (venue, symbol)
        assert rows["time_ms"].diff().drop_nulls().unique().to_list() == [300_000]


def test_contracts_base_and_usd_agree(world: World) -> None:
    for row in world.instruments.iter_rows(named=True):
        rows = world.open_interest(row["venue"], row["symbol"])
        held = rows["oi_usd" if row["margin"] == "inverse" else "oi_base"]
        made = rows["oi_contracts"] * row["contract_size"]
        assert np.allclose(made, held, rtol=1e-3 if row["margin"] == "inverse" else 1e-12)
        orders = world.liquidations(row["venue"]).filter(pl.col("symbol") == row["symbol"])
        worth = orders["size"] * row["contract_size"]
        if row["margin"] == "linear":
            worth = worth * orders["fill_price"]
        assert np.allclose(worth, orders["notional_usd"], rtol=1e-9)


def test_amounts_have_no_more_digits_than_the_instrument(world: World) -> None:
    for row in world.instruments.iter_rows(named=True):
        orders = world.liquidations(row["venue"]).filter(pl.col("symbol") == row["symbol"])
        candles = world.candles(row["venue"], row["symbol"])
        for prices in (orders["fill_price"], orders["bankruptcy_price"], candles["mark_low"]):
            assert prices.equals(prices.round(row["price_decimals"]))
        for amounts in (orders["base"], candles["volume_base"], candles["taker_buy_base"]):
            assert amounts.equals(amounts.round(row["size_decimals"]))


def test_funding_is_settled_on_time_and_turns_negative_after_the_fall(world: World) -> None:
    for venue, symbol in instruments(world):
        hours = world.instruments.filter(venue=venue, symbol=symbol)["funding_hours"][0]
        settled = world.funding(venue, symbol)
        assert settled["time_ms"].diff().drop_nulls().unique().to_list() == [hours * HOUR_MS]
    end = world.cascade_ms[1]
    rates = world.funding("binance", "ETHUSDT").filter(pl.col("time_ms") > end)["rate"]
    assert rates[0] < 0


def test_shares_and_ratios_say_the_same(world: World) -> None:
    rows = world.long_short("bybit", "BTCUSD")
    share = rows["long_share"]
    assert np.allclose(rows["accounts_ratio"], share / (1 - share), atol=1e-4)
    assert rows.drop("time_ms").min_horizontal().min() > 0


def test_the_truth_adds_up(any_process: World) -> None:
    truth = any_process.truth()
    assert truth.select("day", "venue", "coin", "position").is_unique().all()
    for venue in any_process.venues:
        orders = any_process.liquidations(venue)
        told = truth.filter(pl.col("venue") == venue)
        assert told["events"].sum() == orders.height
        assert np.isclose(told["notional_usd"].sum(), orders["notional_usd"].sum(), rtol=1e-12)
    assert truth["day"].min() >= date(2026, 10, 26)
    assert truth["day"].max() <= date(2026, 11, 18)


def test_orders_are_heavy_tailed_and_come_in_bursts(any_process: World) -> None:
    orders = any_process.liquidations("binance")
    sizes = orders["notional_usd"].sort(descending=True)
    assert sizes.head(sizes.len() // 20).sum() > 0.3 * sizes.sum()
    crowded = orders.group_by(SECOND, "symbol").len()["len"].max()
    assert crowded >= 5


def test_a_small_market_has_about_twenty_thousand_orders_in_the_week(
    any_process: World,
) -> None:
    week = sum(any_process.liquidations(v).filter(WEEK).height for v in any_process.venues)
    assert 17_000 < week < 24_000


def test_a_full_market_has_a_million_orders_in_the_week() -> None:
    full = World(11, "full")
    weeks = {venue: full.liquidations(venue).filter(WEEK).height for venue in full.venues}
    assert sum(weeks.values()) >= 1_000_000
    assert 150_000 <= weeks["bybit"] <= 250_000
    assert 100_000 <= full.shown("binance").filter(WEEK).height <= 250_000
    assert 2_000 <= full.liquidations("kraken").height <= 5_000


def test_a_new_coin_has_no_past() -> None:
    full = World(7, "full")
    row = full.instruments.filter(coin="MONAD", venue="gate").row(0, named=True)
    launched = row["launched_ms"]
    assert launched > full.first_ms
    orders = full.liquidations("gate").filter(pl.col("symbol") == row["symbol"])
    assert orders["time_ms"].min() >= launched
    for frame in (full.candles, full.open_interest, full.funding, full.long_short):
        assert frame("gate", row["symbol"])["time_ms"][0] == launched
