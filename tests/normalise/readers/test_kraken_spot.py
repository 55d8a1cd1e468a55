"""Kraken spot: what a stable coin was worth in an hour. Shapes are the documented ones, from memory."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.normalise.dollars import rates_of

HOUR = datetime(2026, 11, 10, tzinfo=UTC)


def body(bench):
    return bench.payload("kraken_spot", "stable_candles")[0].body


def told(bench, changed):
    return bench.told("kraken_spot", "stable_candles", changed)


def test_base_and_quote_stand_in_the_name_with_a_slash(bench):
    rows = bench.of("kraken_spot", "instruments").rows.sort("symbol")
    assert rows.select("instrument_id", "coin", "quote", "is_perpetual").rows() == [
        ("kraken_spot:USDCUSD", "USDC", "USD", False),
        ("kraken_spot:USDTUSD", "USDT", "USD", False),
    ]


def test_a_candle_is_an_hour_of_dollars_for_a_coin_and_its_volume_counts_coins(bench):
    first = bench.of("kraken_spot", "stable_candles").rows.sort("coin", "time").row(1, named=True)
    assert (first["coin"], first["time"], first["interval_s"]) == ("USDT", HOUR, 3600)
    prices = [first[name] for name in ("open", "high", "low", "close")]
    assert prices == [Decimal(n) for n in ("0.999", "0.9995", "0.9988", "0.9991")]
    assert first["volume_coins"] == Decimal("1250000.5")
    assert first["turnover_usd"] is None


def test_its_closes_are_the_rates_of_their_hours(bench):
    rates = rates_of(bench.of("kraken_spot", "stable_candles").rows)
    assert (("USDT", HOUR, Decimal("0.9991"))) in rates.rows()
    assert rates.height == 3


def test_the_hour_that_runs_while_it_is_asked_is_refused_and_the_others_are_kept(bench, reasons):
    (question, _) = bench.payload("kraken_spot", "stable_candles")
    early = replace(question, asked_at=HOUR.replace(hour=1, minute=59))
    rows = bench.read(bench.reader("kraken_spot", "stable_candles"), [early])
    assert rows.rows["time"].to_list() == [HOUR]
    assert reasons(rows) == ["an hour that was not over when it was asked for"]


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (4, "1e999", "close '1e999' is no exact number"),
        (4, None, "no close that can be read"),
        (0, "1794268800.5", "no time that can be read"),
        (6, "lots", "volume 'lots' is no exact number"),
    ],
)
def test_a_number_that_is_none_is_refused_and_harms_no_other_hour(
    bench, reasons, place, value, why
):
    changed = body(bench)
    changed["result"]["USDTZUSD"][0][place] = value
    rows = told(bench, changed)
    assert rows.rows.height == 1
    assert reasons(rows) == [why]


def test_a_row_that_is_too_short_and_an_answer_without_a_result_are_refused(bench, reasons):
    changed = body(bench)
    changed["result"]["USDTZUSD"][0] = changed["result"]["USDTZUSD"][0][:3]
    assert reasons(told(bench, changed)) == ["a row that is not an array of 7 places"]
    assert reasons(told(bench, {"error": [], "result": []}))[0].startswith("unreadable answer")


def test_a_pair_that_is_not_listed_is_refused(bench, reasons):
    (question, _) = bench.payload("kraken_spot", "stable_candles")
    other = replace(question, params={"pair": "DAIUSD"}, subjects=("DAIUSD",))
    rows = bench.read(bench.reader("kraken_spot", "stable_candles"), [other])
    assert reasons(rows) == ["symbol 'DAIUSD' is not in the listing"] * 2
