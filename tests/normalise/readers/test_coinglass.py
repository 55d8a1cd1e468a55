"""CoinGlass v4: what its answers mean, and what its zeros do not."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

DAY_MS = 86_400_000
HISTORY_BEGINS = date(2020, 12, 23)


def bucket(day, longs, shorts):
    return {
        "time": (day - date(1970, 1, 1)).days * DAY_MS,
        "aggregated_long_liquidation_usd": longs,
        "aggregated_short_liquidation_usd": shorts,
    }


def answer(*rows):
    return {"code": "0", "msg": "success", "data": list(rows)}


def test_longs_and_shorts_of_a_bucket_are_two_rows_of_dollars(bench):
    rows = bench.of("coinglass", "liquidations_daily").rows.sort("time", "position")
    first = rows.select("venue", "coin", "scope", "position", "notional_usd", "size_coins")
    assert first.rows()[:2] == [
        ("several", "BTC", "Binance,Bybit,OKX", "long", Decimal("5916885.14"), None),
        ("several", "BTC", "Binance,Bybit,OKX", "short", Decimal("12969583.88"), None),
    ]


def test_zeros_before_the_history_begins_are_padding_and_later_zeros_are_figures(bench, reasons):
    eve = HISTORY_BEGINS - timedelta(days=1)
    before = bench.on(eve).told("coinglass", "liquidations_daily", answer(bucket(eve, 0, 0)))
    after = bench.on(HISTORY_BEGINS).told(
        "coinglass", "liquidations_daily", answer(bucket(HISTORY_BEGINS, 0, 0))
    )
    assert before.rows.is_empty()
    assert reasons(before) == ["zero before the history begins: padding, not data"] * 2
    assert after.rows["notional_usd"].to_list() == [Decimal(0), Decimal(0)]


def test_a_side_of_zero_beside_a_figure_is_a_figure_even_early(bench):
    eve = HISTORY_BEGINS - timedelta(days=1)
    told = bench.on(eve).told("coinglass", "liquidations_daily", answer(bucket(eve, 5, 0)))
    assert sorted(told.rows["notional_usd"]) == [Decimal(0), Decimal(5)]


@pytest.mark.parametrize("value", [None, "", "NaN", "1,234.5", "1e30", "0.0000000000000000001"])
def test_what_is_no_exact_number_is_missing_and_not_zero(bench, reasons, value):
    day = bench.day
    told = bench.told("coinglass", "liquidations_daily", answer(bucket(day, value, 7)))
    assert told.rows["notional_usd"].to_list() == [Decimal(7)]
    assert reasons(told) == ["dollars that are no exact number"]


def test_negative_dollars_are_refused(bench, reasons):
    told = bench.told("coinglass", "liquidations_daily", answer(bucket(bench.day, -1, 7)))
    assert reasons(told) == ["negative dollars"]


def test_a_coin_outside_the_listing_is_refused_by_name(bench, reasons):
    question = bench.payload("coinglass", "liquidations_daily")[0]
    told = bench.told(
        "coinglass",
        "liquidations_daily",
        answer(bucket(bench.day, 1, 2)),
        params=question.params | {"symbol": "NEW"},
        subjects=("NEW",),
    )
    assert reasons(told) == ["symbol 'NEW' is not in the listing"] * 2


def test_a_pair_outside_the_listing_is_refused_by_name_and_not_lost(bench, reasons):
    question = bench.payload("coinglass", "price")[0]
    told = bench.told(
        "coinglass",
        "price",
        question.body,
        params=question.params | {"symbol": "NEWUSDT"},
        subjects=("NEW",),
    )
    assert told.rows.is_empty()
    assert reasons(told) == ["symbol 'Binance:NEWUSDT' is not in the listing"] * 3


def test_weighted_funding_is_percent_and_becomes_a_fraction(bench):
    rows = bench.of("coinglass", "funding").rows
    assert set(rows["funding_rate"]) == {Decimal("0.000125")}


def test_funding_of_too_many_places_is_refused_not_rounded(bench, reasons):
    body = bench.payload("coinglass", "funding")[0].body
    body["data"][0]["close"] = "0.01000000000000001"
    told = bench.told("coinglass", "funding", body)
    assert told.rows.height == 2
    assert reasons(told) == ["no funding_rate that can be read"]


@pytest.mark.parametrize(
    ("close", "reason"),
    [
        ("0", "zero: CoinGlass pads, cannot be told from missing"),
        (None, "null: not published"),
        ("1e40", "open interest that is no exact number"),
    ],
)
def test_open_interest_of_nothing_is_missing(bench, reasons, close, reason):
    body = bench.payload("coinglass", "open_interest")[0].body
    body["data"][0]["close"] = close
    told = bench.told("coinglass", "open_interest", body)
    assert told.rows.height == 2
    assert reasons(told) == [reason]


def test_open_interest_by_margin_is_never_mixed(bench):
    rows = bench.of("coinglass", "open_interest").rows
    scopes = (
        rows.select("scope", pl.col("open_interest_usd").cast(pl.Float64)).unique().sort("scope")
    )
    assert scopes.rows() == [
        ("coin_margined: Binance,Bybit,OKX", 200.5),
        ("stable: Binance,Bybit,OKX", 700.5),
        ("total: venues chosen by CoinGlass", 900.5),
    ]


def test_a_ratio_that_was_not_published_is_missing(bench, reasons):
    body = bench.payload("coinglass", "long_short")[0].body
    body["data"][1]["global_account_long_short_ratio"] = None
    told = bench.told("coinglass", "long_short", body)
    assert told.rows.height == 2
    assert reasons(told) == ["null: not published"]


def test_coins_and_pairs_stand_in_one_listing(bench):
    rows = bench.of("coinglass", "instruments").rows
    told = {r["source_symbol"]: (r["venue"], r["coin"]) for r in rows.iter_rows(named=True)}
    assert told["BTC"] == ("several", "BTC")
    assert told["OKX:BTC-USDT-SWAP"] == ("okx", "BTC")
