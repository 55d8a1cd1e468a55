"""Binance USD-M: what its answers mean."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipelines.tables.words import Coverage

T0 = 1_794_268_800_000  # 2026-11-10
HOUR = 3_600_000


def order(symbol="BTCUSDT", side="SELL", quantity="1.5", **more):
    told = {"s": symbol, "S": side, "q": quantity, "p": "89000", "ap": "89100", "X": "FILLED"}
    return {"e": "forceOrder", "o": told | {"z": quantity, "T": T0 + 1000} | more}


def test_a_forced_sale_closed_a_long_and_a_forced_buy_closed_a_short(bench):
    rows = bench.of("binance", "force_orders").rows.filter(pl.col("coin") == "BTC")
    by_size = dict(rows.select(pl.col("size").cast(pl.Float64), "position").iter_rows())
    assert by_size == {1.437: "long", 0.014: "short", 2.5: "short", 3.5: "long"}


def test_what_was_filled_counts_at_its_average_price_and_an_unfilled_order_at_its_own(bench):
    frames = [order(), order(quantity="2", z="0", ap="0", X="NEW")]
    rows = bench.told("binance", "force_orders", frames).rows
    assert rows["notional_usd"].to_list() == [Decimal("133650.0"), Decimal("178000")]
    assert rows["price_kind"].to_list() == ["average_fill", "order"]
    assert set(rows["usd_basis"]) == {"par"}


def test_a_thousand_pepe_are_a_thousand_coins(bench):
    rows = bench.of("binance", "force_orders").rows.filter(pl.col("coin") == "PEPE")
    assert rows.select("size", "size_coins", "notional_quote").row(0) == (
        Decimal(5000),
        Decimal(5_000_000),
        Decimal(51),
    )


def test_two_orders_equal_to_the_digit_are_two_orders(bench):
    rows = bench.told("binance", "force_orders", [order(), order()]).rows
    assert rows["nth"].to_list() == [0, 1]


def test_a_coin_margined_order_counts_contracts_of_dollars_whatever_the_price(bench):
    """25 contracts of 100 dollars at 80000: 2500 dollars, which are 0.03125 coins."""
    frames = [order("BTCUSD_PERP", quantity="25", ap="80000") | {"st": 2}]
    row = bench.told("binance", "force_orders", frames).rows.row(0, named=True)
    assert (row["instrument_id"], row["size_unit"]) == ("binance:BTCUSD_PERP", "contracts")
    assert (row["notional_usd"], row["usd_basis"]) == (Decimal(2500), "dollars")
    assert row["size_coins"] == Decimal("0.03125")


def test_an_order_whose_stream_and_listing_disagree_is_refused(bench, reasons):
    frames = [order() | {"st": 2}, order("1000PEPEUSDT") | {"st": 1}]
    rows = bench.told("binance", "force_orders", frames)
    assert rows.rows["coin"].to_list() == ["PEPE"]
    assert reasons(rows) == ["its stream and its listing tell different margins"]


def test_before_the_merge_no_frame_names_its_stream_and_none_is_refused_for_that(bench):
    day = date(2026, 6, 29)
    at = int(datetime(2026, 6, 29, 12, tzinfo=UTC).timestamp() * 1000)
    rows = bench.on(day).told("binance", "force_orders", [order(T=at)])
    assert rows.rows["feed"].to_list() == ["binance/force_orders@2021-04-27"]
    assert rows.refused.is_empty()


def test_a_sign_of_life_tells_prices_open_interest_and_funding(bench):
    rows = bench.of("binance", "force_orders", table="tickers").rows.sort("time")
    mark, dated, last, interest = rows.iter_rows(named=True)
    assert (mark["mark_price"], mark["index_price"]) == (Decimal("90000.5"), Decimal("90002.2"))
    assert (mark["funding_rate"], mark["last_price"]) == (Decimal("0.0001"), None)
    assert (dated["instrument_id"], dated["funding_rate"]) == ("binance:ETHUSDT_261225", None)
    assert last["last_price"] == Decimal("90223.74")
    told = (interest["open_interest"], interest["open_interest_unit"])
    assert told == (Decimal("26286.181"), "coins")
    assert interest["open_interest_coins"] == Decimal("26286.181")


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        ({"e": "aggTrade", "s": "BTCUSDT"}, "a frame that is no ticker"),
        ({"symbol": "BTCUSDT", "openInterest": "1", "time": "x"}, "no time that can be read"),
        ({"e": "markPriceUpdate", "s": "BTCUSDT", "p": "90000"}, "no time that can be read"),
        ({"e": "24hrTicker", "E": T0, "s": "NEWUSDT", "c": "1"}, "not in the listing"),
        ({"e": "24hrTicker", "E": T0, "s": "BTCUSDT", "c": "one"}, "last 'one' is no exact"),
    ],
)
def test_a_sign_of_life_that_cannot_be_placed_is_refused_alone(bench, reasons, frame, word):
    sound = {"e": "24hrTicker", "E": T0, "s": "BTCUSDT", "c": "90000"}
    frames = [{"result": None, "id": 1}, frame, sound]
    rows = bench.told("binance", "force_orders", frames, table="tickers")
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows["last_price"].to_list() == [Decimal(90000)]


def test_open_interest_without_a_time_stands_at_its_receipt(bench):
    frame = {"symbol": "BTCUSDT", "openInterest": "26286.181"}
    row = bench.told("binance", "force_orders", [frame], table="tickers").rows.row(0, named=True)
    assert row["open_interest_coins"] == Decimal("26286.181")
    assert row["time"] == datetime(2026, 11, 10, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (order(side="HOLD"), "unknown side 'HOLD'"),
        (order(side="sell"), "unknown side 'sell'"),
        (order(side=None), "unknown side 'null'"),
        (order(X="MELTED"), "unknown status 'MELTED'"),
        (order(symbol="NEWUSDT"), "symbol 'NEWUSDT' is not in the listing"),
        (order() | {"st": 3}, "unknown stream '3'"),
        (order(z="1.2e-30"), "z '1.2e-30' is no exact number"),
        (order(p="?", z="0"), "p '?' is no exact number"),
        (order("BTCUSDT", "SELL", "0"), "no positive size"),
        (order(z="9000000000000", ap="9000000000000"), "no exact product"),
        (order(T="1655078400"), "no time that can be read"),
        (order(T="１６５５０７８４００１２３"), "no time that can be read"),
        ({"e": "aggTrade"}, "a frame that is no forced order"),
        ({"e": "forceOrder"}, "a forced order without its order"),
        ("hello", "a frame that is no forced order"),
    ],
)
def test_an_unknown_word_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, frame, word
):
    rows = bench.told("binance", "force_orders", [frame, order()])
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows.height == 1


def test_which_order_of_the_second_was_shown_is_not_claimed_to_be_known(bench):
    reader = bench.reader("binance", "force_orders")
    eras = reader.stretches(date(2021, 4, 26), date(2021, 4, 27))
    assert [era.coverage for era, _, _ in eras] == [Coverage.UNKNOWN, Coverage.ONE_OF_SECOND]
    assert eras[1][1:] == (date(2021, 4, 27), date(2021, 4, 27))


def test_a_settlement_is_stamped_with_its_minute(bench):
    rows = bench.of("binance", "funding").rows.sort("time")
    assert rows["time"][1] == datetime(2026, 11, 10, 8, tzinfo=UTC)
    assert rows["funding_rate"][0] == Decimal("0.0001")


def test_open_interest_counts_coins_of_a_multiple(bench):
    row = bench.of("binance", "open_interest").rows.sort("time").row(0, named=True)
    assert row["open_interest_coins"] == Decimal(70_000_500)
    assert row["open_interest_usd"] == Decimal("612.25")
    assert row["usd_basis"] == "published"


def test_each_ratio_says_whose_it_is(bench):
    rows = bench.of("binance", "long_short").rows
    told = dict(rows.select("who", pl.col("long_short_ratio").cast(pl.Float64)).iter_rows())
    assert told == {"all_accounts": 1.0, "top_accounts": 1.1, "top_positions": 1.2}


def test_a_ratio_of_an_unknown_address_is_refused(bench, reasons):
    body = bench.payload("binance", "long_short")[0].body
    told = bench.told("binance", "long_short", body, address="https://x/takerlongshortRatio")
    assert told.rows.is_empty()
    assert reasons(told) == ["unknown ratio"]


def test_a_mark_price_has_no_volume(bench):
    last, mark = (bench.of("binance", n).rows for n in ("candles", "mark_candles"))
    assert last["volume_coins"].to_list() == [Decimal("12.5")] * 3
    assert mark["volume_coins"].null_count() == 3
    assert set(mark["kind"]) == {"mark"}


def test_an_answer_about_another_symbol_than_asked_is_refused_not_passed_over(bench, reasons):
    rows = [{"symbol": "ETHUSDT_261225", "fundingRate": "0.1", "fundingTime": T0}]
    told = bench.told("binance", "funding", rows)
    assert told.rows.is_empty()
    assert reasons(told) == ["'ETHUSDT_261225' was not asked for"]


def test_the_listing_knows_the_coin_behind_a_multiple_and_what_never_expires(bench):
    rows = bench.of("binance", "instruments").rows.sort("symbol")
    assert rows.select("symbol", "coin", "is_perpetual").rows() == [
        ("1000PEPEUSDT", "PEPE", True),
        ("BTCUSDT", "BTC", True),
        ("ETHUSDT_261225", "ETH", False),
    ]
    assert rows["coins_per_base"].to_list() == [Decimal(1000), Decimal(1), Decimal(1)]
    assert set(rows["margin"]) == {"linear"}
