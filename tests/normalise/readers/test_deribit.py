"""Deribit: what its answers and frames mean.

Shapes are those that the vendor documents; the frames of 2020 and 2019 below are real ones.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
STREAM = ("deribit", "trades")
# Kept as it came on 2020-03-13; another project reads it as a forced order that sold.
REAL = {
    "trade_seq": 40781986,
    "trade_id": "66460463",
    "timestamp": 1584058044032,
    "tick_direction": 3,
    "price": 4469.5,
    "liquidation": "T",
    "instrument_name": "BTC-PERPETUAL",
    "index_price": 4805.41,
    "direction": "sell",
    "amount": 1120,
}
# Kept as it came on 2019-08-01.
REAL_TICKER = {
    "timestamp": 1564617604229,
    "state": "open",
    "open_interest": 66128281,
    "mark_price": 10094.1,
    "last_price": 10095.5,
    "instrument_name": "BTC-PERPETUAL",
    "index_price": 10091.15,
    "funding_8h": 0.00016281,
    "current_funding": 0,
}


def trade(flag="T", direction="sell", amount=580.0, price=80000.0, at=T0 + 1, **more):
    told = {"trade_id": f"{flag}{direction}{amount}", "timestamp": at, "price": price}
    told |= {"instrument_name": "BTC-PERPETUAL", "direction": direction, "amount": amount}
    return told | ({} if flag is None else {"liquidation": flag}) | more


def push(*trades, channel="trades.future.BTC.100ms"):
    params = {"channel": channel, "data": list(trades)}
    return {"jsonrpc": "2.0", "method": "subscription", "params": params}


def tape(*trades, more=False):
    return {"jsonrpc": "2.0", "result": {"trades": list(trades), "has_more": more}}


@pytest.mark.parametrize(
    ("flag", "direction", "positions"),
    [
        ("T", "sell", ["long"]),
        ("T", "buy", ["short"]),
        ("M", "sell", ["short"]),
        ("M", "buy", ["long"]),
        ("MT", "sell", ["long", "short"]),
        ("MT", "buy", ["short", "long"]),
        (None, "sell", []),
    ],
)
def test_the_flag_says_whose_order_was_forced_and_the_direction_is_the_takers(
    bench, flag, direction, positions
):
    told = bench.told("deribit", "liquidations", tape(trade(flag, direction)))
    assert told.refused.is_empty()
    assert told.rows["position"].to_list() == positions
    heard = bench.told(*STREAM, [push(trade(flag, direction))], table="liquidations")
    assert heard.rows["position"].to_list() == positions


def test_the_real_frame_is_a_long_of_1120_dollars(bench):
    told = bench.on(date(2020, 3, 13)).told(*STREAM, [push(REAL)], table="liquidations")
    (row,) = told.rows.iter_rows(named=True)
    assert (row["position"], row["size"], row["price"]) == ("long", 1120, Decimal("4469.5"))
    assert (row["notional_usd"], row["price_kind"], row["coverage"]) == (1120, "fill", "all")


def test_an_inverse_amount_is_dollars_and_a_linear_one_is_coins(bench):
    rows = bench.of("deribit", "liquidations").rows
    told = {(r["coin"], r["size"]): r for r in rows.iter_rows(named=True)}
    inverse, linear = told["BTC", Decimal(580)], told["SOL", Decimal("12.4")]
    assert (inverse["size_unit"], inverse["size_coins"]) == ("usd", Decimal("0.00725"))
    assert (inverse["notional_usd"], inverse["usd_basis"]) == (Decimal(580), "dollars")
    assert (linear["size_unit"], linear["size_coins"]) == ("coins", Decimal("12.4"))
    assert (linear["notional_usd"], linear["usd_basis"]) == (Decimal("1866.2"), "par")


def test_the_last_instant_of_a_page_is_told_by_the_page_behind_it(bench):
    first = tape(trade(amount=1.0), trade(amount=2.0, at=T0 + 5), more=True)
    second = tape(trade(amount=2.0, at=T0 + 5), trade(amount=3.0, at=T0 + 5))
    question = bench.payload("deribit", "liquidations")[0]
    pages = [type(question)(**{**vars(question), "body": body}) for body in (first, second)]
    told = bench.read(bench.reader("deribit", "liquidations"), pages)
    assert told.refused.is_empty()
    assert told.rows["size"].to_list() == [1, 2, 3]


def test_a_trade_that_comes_twice_counts_once(bench, reasons):
    told = bench.told("deribit", "liquidations", tape(trade("MT"), trade("MT")))
    assert told.rows.height == 2
    assert reasons(told) == ["a second row for the same key"] * 2


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (trade("X"), "unknown flag of a liquidation 'X'"),
        (trade("TM"), "unknown flag of a liquidation 'TM'"),
        (trade(liquidation=None), "unknown flag of a liquidation 'null'"),
        (trade(direction="Sell"), "unknown side 'Sell'"),
        (trade(instrument_name="NEW-PERPETUAL"), "symbol 'NEW-PERPETUAL' is not in the listing"),
        (trade(trade_id=None), "no id that tells it from its repeat"),
        (trade(amount=0), "no positive size"),
        (trade(price=-1), "no positive price"),
        (trade(at=1), "no time that can be read"),
        ("x", "a row that is not an object"),
    ],
)
def test_an_unknown_word_is_refused_and_harms_nobody_else(bench, reasons, bad, word):
    good = trade(amount=77.0)
    for told in (
        bench.told("deribit", "liquidations", tape(bad, good)),
        bench.told(*STREAM, [push(bad, good)], table="liquidations"),
    ):
        assert [word in reason for reason in reasons(told)] == [True]
        assert told.rows["size"].to_list() == [77]


@pytest.mark.parametrize(
    "stranger",
    [push(trade(), channel="ticker.BTC-PERPETUAL.100ms"), ["x"], {"method": "heartbeat"}],
)
def test_a_frame_of_another_channel_is_refused(bench, reasons, stranger):
    told = bench.told(*STREAM, [stranger, push(trade())], table="liquidations")
    assert reasons(told) == ["a frame that is not of a channel of trades"]
    assert told.rows.height == 1


def test_open_interest_is_dollars_if_inverse_and_coins_if_linear(bench):
    rows = bench.of("deribit", "open_interest").rows
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True)}
    inverse, linear = told["deribit:BTC-PERPETUAL"], told["deribit:SOL_USDC-PERPETUAL"]
    assert inverse["open_interest_usd"] == Decimal(66128280)
    assert inverse["open_interest_coins"] == Decimal("826.6035")
    assert (linear["open_interest_usd"], linear["open_interest_coins"]) == (
        None,
        Decimal("12345.6"),
    )


def test_funding_is_what_an_hour_paid_kept_to_18_places(bench):
    rows = bench.of("deribit", "funding").rows.sort("time")
    assert rows["funding_rate"].to_list() == [
        Decimal("-0.000000473962204102"),  # of -4.739622041017375e-07
        Decimal("0.000028347784291"),
    ]
    assert rows["interval_s"].to_list() == [3600, 3600]


def test_bars_are_read_across_the_lists(bench):
    rows = bench.of("deribit", "candles").rows.sort("instrument_id", "time")
    told = rows.select("open", "close", "volume_coins", "turnover_usd").rows()
    assert told[0] == (80000, 80100, Decimal("3.1100000000000003"), 249000)
    assert told[1] == (80100, Decimal("80250.5"), Decimal("0.0011"), 88)
    assert told[2] == (150, Decimal("150.5"), Decimal("1234.5"), Decimal("185500.25"))


def test_lists_of_different_lengths_tell_nothing_and_no_data_is_none(bench, reasons):
    body = bench.payload("deribit", "candles")[0].body
    body["result"]["close"].pop()
    told = bench.told("deribit", "candles", body)
    assert reasons(told) == ["lists of different lengths"]
    empty = bench.told("deribit", "candles", {"result": {"status": "no_data"}})
    assert empty.rows.is_empty()
    assert empty.refused.is_empty()


def test_what_a_future_is_settled_in_tells_what_it_counts(bench, reasons):
    rows = bench.of("deribit", "instruments").rows
    told = dict(rows.select("symbol", "margin").iter_rows())
    assert (told["BTC-PERPETUAL"], told["SOL_USDC-PERPETUAL"]) == ("inverse", "linear")
    sizes = dict(rows.select("symbol", "contract_size").iter_rows())
    assert (sizes["BTC-25DEC26"], sizes["SOL_USDC-PERPETUAL"]) == (10, Decimal("0.1"))
    body = bench.payload("deribit", "instruments")[0].body
    body["result"][0]["settlement_currency"] = "ETH"
    bad = bench.told("deribit", "instruments", body)
    assert reasons(bad) == ["it is settled neither in its base nor in its quote"]
    assert bad.rows.height == 1


def test_the_real_ticker_counts_dollars(bench):
    frames = [push(channel="ticker.BTC-PERPETUAL.raw")]
    frames[0]["params"]["data"] = REAL_TICKER
    told = bench.on(date(2019, 8, 1)).told(*STREAM, frames, table="tickers")
    (row,) = told.rows.iter_rows(named=True)
    assert (row["open_interest"], row["open_interest_unit"]) == (Decimal(66128281), "usd")
    assert row["open_interest_usd"] == Decimal(66128281)
    prices = [row[name] for name in ("last_price", "mark_price", "index_price")]
    assert prices == [Decimal("10095.5"), Decimal("10094.1"), Decimal("10091.15")]
    assert row["funding_rate"] == 0


def test_a_linear_ticker_counts_coins_and_may_lack_a_price(bench):
    rows = bench.of(*STREAM, table="tickers").rows
    (row,) = rows.filter(pl.col("coin") == "SOL").iter_rows(named=True)
    assert (row["open_interest_unit"], row["open_interest_coins"]) == ("coins", Decimal("12345.6"))
    assert (row["open_interest_usd"], row["last_price"]) == (None, None)
