"""dYdX v4: what its indexer's answers and its frames mean.

The markets and frames of v4_markets in the payloads are real ones of 2024-08-23, at other instants
and shortened; the first trade and rate are those of the vendor's document; the rest has their shape.
"""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

AT = "2026-11-10T05:11:09.800Z"
BATCH = "channel_batch_data"


def trade(**more):
    told = {"id": "1", "side": "SELL", "size": "0.25", "price": "90000", "type": "LIQUIDATED"}
    return told | {"createdAt": AT} | more


def tape(bench, *trades):
    return bench.told("dydx", "liquidations", {"trades": list(trades)})


def frame(contents, kind="channel_data", ticker="BTC-USD", channel="v4_trades"):
    return {"type": kind, "channel": channel, "id": ticker, "contents": contents}


def pushed(bench, *told):
    return bench.told("dydx", "v4_trades", list(told), table="liquidations")


def heard(bench, *told):
    return bench.told("dydx", "v4_trades", list(told), table="tickers")


@pytest.mark.parametrize("dataset", ["liquidations", "v4_trades"])
def test_a_liquidated_taker_who_sells_held_a_long(bench, dataset):
    """The vendor's list of trade types: the liquidated account takes."""
    rows = bench.of("dydx", dataset, table="liquidations").rows
    told = rows.select("coin", pl.col("size").cast(pl.Float64), "position").rows()
    assert sorted(told) == [("BTC", 0.25, "long"), ("BTC", 0.75, "short"), ("ETH", 3.5, "long")]
    assert set(rows["coverage"]) == {"all"}


def test_size_times_price_is_the_notional_and_usdc_is_taken_at_par(bench):
    row = tape(bench, trade(size="0.25", price="88000.5")).rows.row(0, named=True)
    assert (row["size_unit"], row["size_coins"]) == ("coins", Decimal("0.25"))
    assert (row["notional_quote"], row["notional_usd"]) == (Decimal("22000.125"),) * 2
    assert (row["price_kind"], row["usd_basis"]) == ("fill", "par")
    assert row["time"] == datetime(2026, 11, 10, 5, 11, 9, 800_000, UTC)


def test_ordinary_trades_are_passed_over_and_deleveraged_ones_are_counted_apart(bench, reasons):
    told = tape(bench, trade(), trade(id="2", type="LIMIT"), trade(id="3", type="DELEVERAGED"))
    assert told.rows.height == 1
    assert reasons(told) == ["auto-deleveraging, kept apart"]


def test_a_trade_that_stands_on_two_pages_counts_once(bench, reasons):
    told = tape(bench, trade(), trade())
    assert told.rows.height == 1
    assert reasons(told) == ["a second row for the same key"]


def test_equal_ids_of_two_markets_are_two_trades(bench):
    frames = [frame({"trades": [trade()]}, ticker=t) for t in ("BTC-USD", "ETH-USD")]
    assert pushed(bench, *frames).rows.height == 2


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (trade(side="Sell"), "unknown side 'Sell'"),
        (trade(side=None), "unknown side 'null'"),
        (trade(type="OFFSET"), "unknown type of trade 'OFFSET'"),
        (trade(type=None), "unknown type of trade 'null'"),
        (trade(size="0"), "no positive size"),
        (trade(price="0"), "no positive price"),
        (trade(id=None), "no id"),
        (trade(createdAt="yesterday"), "no time that can be read"),
        ("x", "a row that is not an object"),
    ],
)
def test_what_nobody_explained_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, bad, word
):
    for told in (
        tape(bench, bad, trade(id="9")),
        pushed(bench, frame({"trades": [bad, trade(id="9")]})),
    ):
        assert [word in reason for reason in reasons(told)] == [True]
        assert told.rows.height == 1


@pytest.mark.parametrize(
    ("stranger", "word"),
    [
        (frame({"trades": []}, channel="v4_orderbook"), "not of the channel v4_trades"),
        (["x"], "not of the channel v4_trades"),
        (frame({}), "no list of rows"),
        (frame([7]), "contents that are not an object"),
        (frame({"trades": [trade()]}, ticker="NEW-USD"), "'NEW-USD' is not in the listing"),
    ],
)
def test_a_frame_of_another_kind_is_refused(bench, reasons, stranger, word):
    told = pushed(bench, stranger, frame({"trades": [trade()]}))
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows.height == 1


def test_replies_of_the_server_are_no_strangers(bench):
    told = pushed(bench, {"type": "connected"}, {"type": "error", "message": "no"})
    assert told.rows.is_empty()
    assert told.refused.is_empty()


def test_trades_come_alone_in_batches_and_with_the_reply_to_a_subscription(bench):
    told = pushed(
        bench,
        frame({"trades": [trade(id="1")]}, "subscribed"),
        frame({"trades": [trade(id="2")]}),
        frame([{"trades": [trade(id="3")]}, {"trades": [trade(id="4")]}], BATCH),
    )
    assert told.rows["nth"].to_list() == [0, 1, 2, 3]


def test_a_live_price_is_the_oracles_at_its_own_instant(bench):
    rows = bench.of("dydx", "v4_trades", table="tickers").rows.sort("time")
    priced = rows.filter(pl.col("open_interest").is_null())
    assert priced.select("instrument_id", "mark_price").rows() == [
        ("dydx:ETH-USD", Decimal("2623.3521")),
        ("dydx:BTC-USD", Decimal("60387.5")),
    ]
    assert priced["time"][0] == datetime(2026, 11, 10, 0, 0, 54, 301_000, UTC)
    nothing = ("last_price", "index_price", "open_interest", "open_interest_coins", "funding_rate")
    assert all(priced[name].null_count() == 2 for name in nothing)


def test_interest_and_the_rate_to_come_have_no_time_and_stand_at_their_receipt(bench):
    rows = bench.of("dydx", "v4_trades", table="tickers").rows
    undated = rows.filter(pl.col("open_interest").is_not_null())
    told = undated.select("instrument_id", "open_interest_coins", "mark_price").rows()
    assert told[0] == ("dydx:BTC-USD", Decimal("648.2389"), Decimal("60387.51779"))
    assert told[-1] == ("dydx:BTC-USD", Decimal("648.25"), None)
    assert set(undated["open_interest_unit"]) == {"coins"}
    assert undated["funding_rate"][0] == Decimal("0.000013516666666667")  # of 20 places 18
    assert set(undated["time"]) == {datetime(2026, 11, 10, 0, 0, 1, tzinfo=UTC)}


def test_prices_that_cannot_be_are_refused_alone(bench, reasons):
    good = {"oraclePrice": "1", "effectiveAt": AT}
    told = bench.told(
        "dydx",
        "v4_trades",
        [
            frame({"oraclePrices": {"BTC-USD": good | {"oraclePrice": "0"}, "ETH-USD": good}},
                  channel="v4_markets"),
            frame({"oraclePrices": 7}, channel="v4_markets"),
        ],
        table="tickers",
    )  # fmt: skip
    assert told.rows["instrument_id"].to_list() == ["dydx:ETH-USD"]
    assert sorted(reasons(told)) == [
        "no markets where some were expected",
        "no positive price",
    ]


def test_open_interest_now_is_in_coins_at_the_instant_of_asking(bench):
    rows = bench.of("dydx", "open_interest").rows
    told = {r["coin"]: r for r in rows.iter_rows(named=True)}
    assert told["BTC"]["open_interest_coins"] == Decimal("648.2389")
    assert told["BTC"]["open_interest_usd"] is None
    assert set(rows["time"]) == {datetime(2026, 11, 10, 6, 0, 0, 250_000, UTC)}


def test_open_interest_of_a_candle_is_a_reading_at_its_beginning(bench):
    rows = bench.of("dydx", "candles", table="open_interest").rows.sort("time")
    told = rows.select(pl.col("time").dt.hour(), "open_interest_coins", "interval_s").rows()
    assert told == [(0, Decimal("648.25"), 0), (1, Decimal("650.5"), 0)]


def test_a_candle_without_open_interest_is_a_candle_all_the_same(bench, reasons):
    body = bench.payload("dydx", "candles")[0].body
    del body["candles"][0]["startingOpenInterest"]
    assert bench.told("dydx", "candles", body, table="candles").rows.height == 2
    told = bench.told("dydx", "candles", body, table="open_interest")
    assert reasons(told) == ["no exact open interest"]
    assert told.rows.height == 1


def test_candles_count_coins_and_dollars(bench):
    rows = bench.of("dydx", "candles", table="candles").rows.sort("time")
    assert rows.select("volume_coins", "turnover_usd").rows() == [
        (Decimal("12.5"), Decimal(1_125_625)),
        (Decimal("2.5"), Decimal(225_125)),
    ]
    assert rows.row(0, named=True)["close"] == Decimal(90_050)


def test_a_rate_is_a_fraction_for_an_hour_and_zero_is_a_rate(bench):
    rows = bench.of("dydx", "funding").rows.filter(pl.col("coin") == "BTC").sort("time")
    assert rows["funding_rate"].to_list() == [Decimal("-0.0000025"), Decimal(0)]
    assert set(rows["interval_s"]) == {3600}
    assert rows["time"][1] == datetime(2026, 11, 10, 11, 0, 0, 13_000, UTC)


def test_a_coin_stands_before_the_place_where_it_is_traded_elsewhere(bench, reasons):
    rows = bench.of("dydx", "instruments").rows
    assert sorted(rows["coin"]) == ["BTC", "BUFFI", "ETH"]
    assert set(rows["quote"]) == {"USDC"}
    body = bench.payload("dydx", "instruments")[0].body
    body["markets"]["BTC-USD"]["ticker"] = "BTC-EUR"
    assert reasons(bench.told("dydx", "instruments", body)) == ["a ticker of another pattern"]
