"""Kraken Futures: what its answers mean."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest


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
