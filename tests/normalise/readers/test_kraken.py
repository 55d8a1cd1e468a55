"""Kraken Futures: what its answers mean."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10


def elements(bench):
    return bench.payload("kraken", "executions")[0].body


def execution(body, at=0):
    return body["elements"][at]["event"]["Execution"]["execution"]


def test_a_forced_sale_closed_a_long_and_a_forced_buy_closed_a_short(bench):
    rows = bench.of("kraken", "executions").rows.sort("time")
    told = rows.select("instrument_id", "position", "size_unit", "notional_usd").rows()
    assert told == [
        ("kraken:PI_XBTUSD", "long", "usd", Decimal(4500)),
        ("kraken:PF_XBTUSD", "short", "coins", Decimal(2275)),
        ("kraken:PF_XBTUSD", "long", "coins", Decimal(1335)),
    ]
    assert rows["size_coins"].to_list() == [Decimal("0.05"), Decimal("0.025"), Decimal("0.015")]


def test_xbt_is_btc_everywhere(bench):
    listed = bench.of("kraken", "instruments").rows
    assert set(bench.of("kraken", "executions").rows["coin"]) == {"BTC"}
    assert dict(listed.select("symbol", "coin").iter_rows())["PI_XBTUSD"] == "BTC"


def test_an_order_that_nobody_forced_is_no_liquidation_and_no_fault(bench):
    told = bench.of("kraken", "executions")
    assert Decimal(89000) not in set(told.rows["notional_usd"])
    assert told.refused.is_empty()


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("orderType", "Mystery", "unknown order type 'Mystery'"),
        ("direction", "Long", "unknown side 'Long'"),
        ("direction", "sell", "unknown side 'sell'"),
        ("direction", None, "unknown side 'null'"),
    ],
)
def test_an_unknown_word_is_refused_and_harms_nobody_else(bench, reasons, field, value, word):
    body = elements(bench)
    execution(body)["takerOrder"][field] = value
    told = bench.told("kraken", "executions", body)
    assert reasons(told) == [word]
    assert told.rows.height == 1


def test_a_size_or_price_of_nothing_and_a_fill_without_its_name_are_refused(bench, reasons):
    body = elements(bench)
    whole = body["elements"][0]
    for field, value in (("quantity", "0"), ("price", "0"), ("uid", None)):
        body["elements"].append(
            {
                "event": {
                    "Execution": {"execution": execution({"elements": [whole]}) | {field: value}}
                }
            }
        )
    told = bench.told("kraken", "executions", body)
    assert reasons(told) == [
        "no positive size",
        "no positive price",
        "no uid that tells it from its repeat",
    ]


def test_a_fill_on_two_pages_counts_once_and_the_other_is_refused(bench, reasons):
    question = bench.payload("kraken", "executions")[0]
    second = replace(question, params={"continuation_token": "x"})
    told = bench.read(bench.reader("kraken", "executions"), [question, second])
    assert told.rows.height == 2
    assert reasons(told) == ["a second row for the same key"] * 2


def test_an_execution_that_cannot_be_judged_is_refused_not_taken_as_ordinary(bench, reasons):
    body = elements(bench)
    del execution(body)["takerOrder"]["orderType"]
    body["elements"].append({"event": {"OrderPlaced": {}}})
    told = bench.told("kraken", "executions", body)
    assert [r.startswith("an execution that lacks") for r in reasons(told)] == [True, True]
    assert told.rows.height == 1


def test_the_listing_refuses_what_it_cannot_place(bench, reasons):
    body = bench.payload("kraken", "instruments")[0].body
    body["instruments"][0]["type"] = "options"
    body["instruments"][1]["symbol"] = "in_xbtusd"
    told = bench.told("kraken", "instruments", body)
    assert sorted(reasons(told)) == [
        "a symbol of another pattern",
        "unknown contract type 'options'",
    ]
    assert told.rows["symbol"].to_list() == ["FF_ETHUSD_261225"]


def test_open_interest_of_an_inverse_market_is_dollars(bench):
    rows = bench.of("kraken", "open_interest").rows
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True)}
    assert told["kraken:PF_XBTUSD"]["open_interest_coins"] == Decimal("1200.5")
    assert told["kraken:PI_XBTUSD"]["open_interest_coins"] == Decimal(10)
    assert told["kraken:PI_XBTUSD"]["open_interest_usd"] == Decimal(900_000)


def test_a_market_without_a_mark_price_does_not_take_the_others_with_it(bench):
    body = bench.payload("kraken", "open_interest")[0].body
    body["tickers"][1]["markPrice"] = 0
    rows = bench.told("kraken", "open_interest", body).rows
    assert rows.height == 2
    assert rows.filter(pl.col("open_interest_coins").is_null()).height == 1


def trade(**more):
    told = {"feed": "trade", "product_id": "PI_XBTUSD", "uid": "u1", "side": "sell"}
    sized = {"type": "liquidation", "time": T0 + 1000, "qty": 4500, "price": 90000}
    return told | sized | more


def test_a_trade_of_the_socket_that_was_forced_is_read_like_one_of_the_tape(bench):
    """The shape is that of a real frame of 2020-07-01; 4500 dollars at 90000 are 0.05 coins."""
    rows = bench.of("kraken", "trade").rows.sort("time")
    told = rows.select("instrument_id", "position", "size_unit", "size_coins", "notional_usd")
    assert told.rows() == [
        ("kraken:PF_XBTUSD", "long", "coins", Decimal("0.5"), Decimal(45_000)),
        ("kraken:PI_XBTUSD", "long", "usd", Decimal("0.05"), Decimal(4500)),
        ("kraken:PF_XBTUSD", "short", "coins", Decimal("0.025"), Decimal(2275)),
    ]
    assert set(rows["usd_basis"]) == {"dollars"}


@pytest.mark.parametrize("kind", ["fill", "assignment", "termination"])
def test_a_trade_that_closed_no_position_by_force_is_no_event(bench, kind):
    told = bench.told("kraken", "trade", [trade(type=kind), trade()])
    assert told.rows.height == 1
    assert told.refused.is_empty()


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (trade(type="adl"), "unknown trade type 'adl'"),
        (trade(side="Sell", uid="u2"), "unknown side 'Sell'"),
        (trade(product_id="PI_NEWUSD"), "symbol 'PI_NEWUSD' is not in the listing"),
        (trade(qty=0), "no positive size"),
        (trade(uid=None), "no uid that tells it from its repeat"),
        ({"feed": "book"}, "a frame that is no trade"),
        (["x"], "a frame that is no trade"),
    ],
)
def test_an_unknown_word_of_the_socket_is_refused_and_harms_nobody_else(
    bench, reasons, frame, word
):
    told = bench.told("kraken", "trade", [frame, trade()])
    assert reasons(told) == [word]
    assert told.rows.height == 1


def test_a_trade_that_a_snapshot_tells_again_counts_once(bench, reasons):
    again = {"feed": "trade_snapshot", "product_id": "PI_XBTUSD", "trades": [trade()]}
    told = bench.told("kraken", "trade", [trade(), again])
    assert told.rows.height == 1
    assert reasons(told) == ["a second row for the same key"]


def test_a_ticker_tells_the_relative_rate_and_dollars_of_an_inverse_market(bench):
    """Shapes of real frames of 2019 and 2021."""
    inverse, dated = bench.of("kraken", "trade", table="tickers").rows.sort("time").to_dicts()
    assert inverse["funding_rate"] == Decimal("0.0001")
    assert (inverse["open_interest"], inverse["open_interest_unit"]) == (Decimal(900_000), "usd")
    assert (inverse["open_interest_usd"], inverse["open_interest_coins"]) == (
        Decimal(900_000),
        None,
    )
    assert (dated["open_interest_coins"], dated["funding_rate"]) == (Decimal("120.5"), None)
    assert (dated["mark_price"], dated["index_price"]) == (Decimal(3002), Decimal("3000.5"))


def test_a_bucket_of_open_interest_is_told_by_its_close(bench):
    rows = bench.of("kraken", "open_interest_history").rows.sort("instrument_id", "time")
    told = rows.select("open_interest_coins", "open_interest_usd", "usd_basis").rows()
    assert told == [
        (Decimal("1205.25"), None, None),
        (Decimal("1204.5"), None, None),
        (None, Decimal(900_000), "dollars"),
        (None, Decimal(900_100), "dollars"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (["1", ["1", "2"]], "a bucket that is neither one figure nor four"),
        (["1", "many"], "no exact open interest"),
        (["1"], "1 figures for 2 stamps"),
        ({"open": []}, "no two columns where they were expected"),
    ],
)
def test_figures_of_another_shape_are_refused(bench, reasons, data, why):
    body = bench.payload("kraken", "open_interest_history")[0].body
    body["result"]["data"] = data
    assert reasons(bench.told("kraken", "open_interest_history", body)) == [why]


def test_funding_is_the_fraction_for_an_hour(bench):
    rows = bench.of("kraken", "funding").rows.sort("time")
    assert rows["funding_rate"].to_list() == [Decimal("0.00001"), Decimal("-0.000005")]
    assert rows["interval_s"].to_list() == [3600, 3600]
    assert rows["time"].dt.hour().to_list() == [0, 1]


def test_a_candle_counts_coins_if_linear_and_dollars_if_inverse(bench):
    rows = bench.of("kraken", "candles").rows
    told = (
        rows.select("instrument_id", "volume_coins", "turnover_usd").unique().sort("instrument_id")
    )
    assert told.rows() == [
        ("kraken:PF_XBTUSD", Decimal("12.5"), None),
        ("kraken:PI_XBTUSD", None, Decimal(450_000)),
    ]
    mark = bench.of("kraken", "mark_candles").rows
    assert (set(mark["kind"]), mark["volume_coins"].null_count()) == ({"mark"}, 2)


def test_longs_over_shorts_stand_as_printed(bench):
    rows = bench.of("kraken", "long_short").rows.sort("time")
    assert rows["long_short_ratio"].to_list() == [Decimal("1.25"), Decimal("1.5")]


def test_the_sum_of_an_hour_without_sides_is_read_by_nobody(bench):
    assert "liquidation_volume" not in {r.dataset for r in bench.readers() if r.source == "kraken"}


def test_the_socket_tells_what_the_tape_tells_and_is_not_counted_beside_it(bench):
    assert bench.reader("kraken", "trade", "liquidations").told_first_by == "executions"
