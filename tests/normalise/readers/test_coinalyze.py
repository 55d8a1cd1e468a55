"""Coinalyze v1: what its answers mean, and what its silence does."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

A, INVERSE, PEPE = "BTCUSDT_PERP.A", "BTCUSD_PERP.A", "1000PEPEUSDT_PERP.A"
T0 = 1_794_268_800  # 2026-11-10
DAY_S = 86_400


def answer(*rows, symbol=A):
    return [{"symbol": symbol, "history": list(rows)}]


def of(rows, instrument):
    return rows.filter(pl.col("instrument_id") == instrument).sort("time", "position")


def test_coins_become_dollars_at_the_close_of_the_same_market_and_day(bench):
    rows = of(bench.of("coinalyze", "liquidations").rows, "binance:BTCUSDT")
    first = rows.row(0, named=True)
    assert (first["position"], first["size_coins"]) == ("long", Decimal("12.5"))
    assert first["notional_usd"] == Decimal("1131256.25")
    assert (first["price"], first["usd_basis"]) == (Decimal("90500.5"), "par")


def test_a_thousand_pepe_are_a_thousand_coins_and_the_same_dollars(bench):
    rows = of(bench.of("coinalyze", "liquidations").rows, "binance:1000PEPEUSDT")
    row = rows.row(0, named=True)
    assert (row["coin"], row["size_coins"]) == ("PEPE", Decimal(777_000))
    assert row["notional_usd"] == Decimal("8.0808")


def test_an_inverse_market_counts_dollars_and_no_coins(bench):
    rows = of(bench.of("coinalyze", "liquidations").rows, "binance:BTCUSD_PERP")
    row = rows.row(0, named=True)
    assert (row["size_coins"], row["notional_usd"]) == (None, Decimal(40_000))


def test_a_bucket_left_out_is_zero_after_the_first_and_missing_before(bench):
    rows = bench.of("coinalyze", "liquidations").rows
    told = {
        name: [
            (r["time"].day, r["position"], r["origin"])
            for r in of(rows, name).iter_rows(named=True)
        ]
        for name in ("binance:BTCUSDT", "binance:1000PEPEUSDT")
    }
    assert [t for t in told["binance:BTCUSDT"] if t[2] == "left_out"] == [
        (11, "long", "left_out"),
        (11, "short", "left_out"),
    ]
    assert told["binance:1000PEPEUSDT"] == [
        (11, "long", "published"),
        (11, "short", "published"),
        (12, "long", "left_out"),
        (12, "short", "left_out"),
    ]
    assert set(rows.filter(pl.col("origin") == "left_out")["notional_usd"]) == {Decimal(0)}


def test_a_market_that_is_never_mentioned_stays_missing(bench):
    told = bench.told("coinalyze", "liquidations", answer({"t": T0, "l": 1, "s": 2}))
    assert set(told.rows["instrument_id"]) == {"binance:BTCUSDT"}
    assert bench.told("coinalyze", "liquidations", []).rows.is_empty()


def test_silence_is_zero_in_no_other_feed_of_this_source(bench):
    for dataset in ("open_interest", "funding", "price"):
        body = bench.payload("coinalyze", dataset)[0].body
        body[0]["history"] = body[0]["history"][:1]
        told = bench.told("coinalyze", dataset, body[:1])
        assert told.rows.height == 1


def test_hours_are_not_filled_up(bench):
    assert bench.of("coinalyze", "liquidations_hourly").rows.height == 4


@pytest.mark.parametrize("value", [None, "", "abc", "1e30", -1])
def test_a_bucket_that_was_refused_is_not_an_empty_one(bench, reasons, value):
    rows = [{"t": T0, "l": 1, "s": 2}, {"t": T0 + DAY_S, "l": value, "s": 4}]
    told = bench.told("coinalyze", "liquidations", answer(*rows))
    longs = told.rows.filter(pl.col("position") == "long").sort("time")
    assert longs["time"].dt.day().to_list() == [10, 12]
    assert len(reasons(told)) == 1


def test_where_a_bucket_has_no_readable_day_no_silence_is_filled(bench):
    rows = [{"t": T0, "l": 1, "s": 2}, {"t": "soon", "l": 3, "s": 4}]
    told = bench.told("coinalyze", "liquidations", answer(*rows))
    assert told.rows["time"].dt.day().to_list() == [10, 10]


def test_a_day_comes_out_the_same_whichever_days_are_made_with_it(bench):
    reader = bench.reader("coinalyze", "liquidations")
    question = bench.payload("coinalyze", "liquidations")
    known = bench.known("coinalyze", "price")
    together = bench.read(reader, question, known).rows
    for n in range(3):
        day = bench.day + timedelta(days=n)
        alone = bench.on(day).read(reader, question, known).rows
        same = together.filter(pl.col("time").dt.date() == day).drop("asked_at", "answer")
        assert alone.drop("asked_at", "answer").equals(same)


def test_without_a_close_of_that_market_coins_have_no_dollars(bench):
    question = bench.payload("coinalyze", "liquidations")
    known = bench.known("coinalyze")
    rows = bench.read(bench.reader("coinalyze", "liquidations"), question, known).rows
    row = of(rows, "binance:BTCUSDT").row(0, named=True)
    assert (row["size_coins"], row["notional_usd"], row["usd_basis"]) == (
        Decimal("12.5"),
        None,
        None,
    )


def test_funding_is_percent_and_becomes_a_fraction(bench):
    assert set(bench.of("coinalyze", "funding").rows["funding_rate"]) == {Decimal("0.0001")}


def test_the_code_behind_the_point_is_a_venue_and_not_a_sum(bench):
    rows = bench.of("coinalyze", "instruments").rows
    told = {r["source_symbol"]: (r["venue"], r["coin"]) for r in rows.iter_rows(named=True)}
    assert told[A] == ("binance", "BTC")
    assert told["KPEPE.H"] == ("hyperliquid", "PEPE")


def test_the_listing_refuses_a_margin_and_a_venue_that_nobody_explained(bench, reasons):
    venues, markets = bench.payload("coinalyze", "instruments")
    markets.body[0]["margined"] = "SHELLS"
    markets.body[1]["exchange"] = "Z"
    told = bench.read(bench.reader("coinalyze", "instruments"), [venues, markets])
    assert sorted(reasons(told)) == ["unknown exchange code 'Z'", "unknown margin 'SHELLS'"]
    assert told.rows.height == 2


def test_a_market_that_cannot_be_read_does_not_take_the_next_one_with_it(bench, reasons):
    good = {"symbol": PEPE, "history": [{"t": T0, "l": 1, "s": 2}]}
    told = bench.told("coinalyze", "liquidations", ["?", {"history": []}, good])
    assert set(told.rows["coin"]) == {"PEPE"}
    assert reasons(told) == ["a market without its symbol"] * 2


def test_a_symbol_outside_the_listing_is_refused_by_name(bench, reasons):
    told = bench.told(
        "coinalyze",
        "liquidations",
        answer({"t": T0, "l": 1, "s": 2}, symbol="NEW.A"),
        subjects=("NEW.A",),
    )
    assert reasons(told) == ["symbol 'NEW.A' is not in the listing"] * 2


def test_milliseconds_are_no_time_of_this_source(bench, reasons):
    told = bench.told("coinalyze", "liquidations", answer({"t": T0 * 1000, "l": 1, "s": 2}))
    assert reasons(told) == ["no time that can be read"] * 2
    assert told.refused["time"].dt.date().to_list() == [date(2026, 11, 10)] * 2


@pytest.mark.parametrize("unit", ["CONTRACTS", None, "base_asset"])
def test_a_market_counted_in_a_unit_that_nobody_explained_is_refused(bench, reasons, unit):
    venues, markets = bench.payload("coinalyze", "instruments")
    markets.body[0]["oi_lq_vol_denominated_in"] = unit
    told = bench.read(bench.reader("coinalyze", "instruments"), [venues, markets])
    assert reasons(told) == [f"unknown unit '{unit or 'null'}'"]
    assert told.rows.height == 3


def test_a_market_that_counts_what_its_margin_does_not_is_refused(bench, reasons):
    venues, markets = bench.payload("coinalyze", "instruments")
    markets.body[0]["oi_lq_vol_denominated_in"] = "QUOTE_ASSET"
    markets.body[1]["oi_lq_vol_denominated_in"] = "BASE_ASSET"
    told = bench.read(bench.reader("coinalyze", "instruments"), [venues, markets])
    assert sorted(reasons(told)) == [
        "COIN margin counted in BASE_ASSET",
        "STABLE margin counted in QUOTE_ASSET",
    ]
