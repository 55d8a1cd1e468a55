"""CoinGlass's pairs, lists of the past hours, single orders, calendar and mood.

Payloads are the shapes of the vendor's documentation (2026-01); one test reads a real answer.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.sources import SOURCES

REAL = Path(__file__).parents[4] / "shared" / "wire" / "coinglass_liquidation_coin_list.json"
D0 = 1_794_268_800_000  # 2026-11-10


def ok(data):
    return {"code": "0", "msg": "success", "data": data}


def test_sums_of_a_pair_are_of_its_venue_and_market(bench):
    rows = bench.of("coinglass", "pair_liquidations").rows.sort("instrument_id", "time", "position")
    first = rows.row(0, named=True)
    assert (first["venue"], first["instrument_id"]) == ("binance", "binance:BTCUSDT")
    assert (first["position"], first["notional_usd"]) == ("long", Decimal("2369935.19562"))
    assert rows["scope"].to_list() == rows["instrument_id"].to_list()
    okx = rows.filter(pl.col("venue") == "okx", pl.col("position") == "short")
    assert okx["notional_usd"].to_list() == [Decimal(0)]


def test_zeros_of_a_pair_before_the_history_begins_are_padding(bench, reasons):
    eve = date(2020, 12, 22)
    row = {"time": (eve - date(1970, 1, 1)).days * 86_400_000}
    row |= {"long_liquidation_usd": "0", "short_liquidation_usd": "0"}
    told = bench.on(eve).told("coinglass", "pair_liquidations", ok([row]))
    assert reasons(told) == ["zero before the history begins: padding, not data"] * 2


def test_open_interest_of_a_pair_is_dollars_and_its_funding_percent(bench):
    interest = bench.of("coinglass", "pair_open_interest").rows
    assert interest["open_interest_usd"][0] == Decimal(2_608_846_475)
    assert set(interest["scope"]) == {"binance:BTCUSDT"}
    assert set(bench.of("coinglass", "pair_funding").rows["funding_rate"]) == {
        Decimal("0.00009229")
    }


def test_every_venue_of_ours_is_known_by_its_name_there(bench):
    venues = {s.of_venue for s in SOURCES.values() if s.kind == "venue"} - {"kraken_spot"}
    names = ["Binance", "Bybit", "OKX", "Deribit", "Gate", "HTX", "Bitfinex", "Kraken"]
    names += ["Bitget", "KuCoin", "Hyperliquid", "dYdX", "Bitmex"]
    pair = {"instrument_id": "X", "base_asset": "BTC", "quote_asset": "USD"}
    told = bench.told("coinglass", "instruments", ok({name: [pair] for name in names}))
    assert set(told.rows["venue"]) == venues


def test_a_pair_that_is_no_longer_there_is_listed_as_delisted(bench):
    rows = bench.of("coinglass", "instruments").rows
    told = {r["source_symbol"]: (r["instrument_id"], r["status"]) for r in rows.to_dicts()}
    assert told["Bitmex:XBTUSD"] == ("bitmex:XBTUSD", "delisted")
    assert told["Bitget:LUNAUSDT_UMCBL"] == ("bitget:LUNAUSDT", "delisted")
    assert told["Binance:BTCUSDT"] == ("binance:BTCUSDT", None)


def test_a_pair_that_is_listed_again_is_not_delisted(bench, reasons):
    coins, pairs, gone = bench.payload("coinglass", "instruments")
    gone.body["data"] = {"Binance": pairs.body["data"]["Binance"][:1]}
    told = bench.read(bench.reader("coinglass", "instruments"), [coins, pairs, gone])
    assert reasons(told) == ["a second row for the same key"]
    assert "delisted" not in set(told.rows["status"])


def test_a_window_ends_when_it_is_asked_for_and_has_both_sides(bench):
    rows = bench.of("coinglass", "coin_list").rows
    day = rows.filter(pl.col("window_s") == 86_400, pl.col("coin") == "BTC").sort("position")
    assert day["notional_usd"].to_list() == [Decimal(24006), Decimal(48012)]
    assert day["time"].to_list()[0] == datetime.fromisoformat("2026-11-11T06:00:00+00:00")
    assert set(rows["window_s"]) == {3_600, 14_400, 43_200, 86_400}
    assert set(rows["venue"]) == {"several"}


def test_a_thousand_pepe_is_a_line_of_its_own_of_the_same_coin(bench):
    rows = bench.of("coinglass", "coin_list").rows.filter(pl.col("coin") == "PEPE")
    scopes = {"PEPE: venues chosen by CoinGlass", "1000PEPE: venues chosen by CoinGlass"}
    assert set(rows["scope"]) == scopes


def test_windows_by_venue_are_of_all_coins_and_all_of_them_are_several(bench):
    rows = bench.of("coinglass", "exchange_list").rows
    assert set(rows["venue"]) == {"several", "bybit"}
    assert set(rows["coin"]) == {"several"}
    hour = rows.filter(pl.col("window_s") == 3_600, pl.col("venue") == "bybit").sort("position")
    assert hour["notional_usd"].to_list() == [Decimal("104560.13885"), Decimal("4480729.99519")]


def test_a_window_that_nobody_explained_is_refused(bench, reasons):
    body = bench.payload("coinglass", "exchange_list")[0].body
    told = bench.told("coinglass", "exchange_list", body, params={"range": "7d"})
    assert reasons(told) == ["unknown window '7d'"] * 4


def test_what_is_missing_in_a_window_is_missing_and_harmless(bench, reasons):
    body = bench.payload("coinglass", "coin_list")[0].body
    body["data"][0]["long_liquidation_usd_1h"] = None
    told = bench.told("coinglass", "coin_list", body)
    assert reasons(told) == ["dollars that are no exact number"]
    assert told.rows.height == 23


@pytest.mark.skipif(not REAL.exists(), reason="the real answer is not here")
def test_a_real_answer_about_two_hundred_coins_is_read_whole(bench):
    told = bench.told("coinglass", "coin_list", json.loads(REAL.read_text()))
    assert told.refused.is_empty()
    assert told.rows.height == 200 * 8
    bitcoin = told.rows.filter(pl.col("coin") == "BTC", pl.col("window_s") == 3_600)
    assert sorted(bitcoin["notional_usd"]) == [
        Decimal("2700805.432903"),
        Decimal("33113849.23561358"),
    ]


def test_the_side_of_an_order_is_kept_as_it_is_written(bench):
    rows = bench.of("coinglass", "orders").rows.sort("time", "nth")
    assert rows["side_raw"].to_list() == ["2", "1", "1"]
    assert rows["nth"].to_list() == [0, 1, 0]
    first = rows.row(0, named=True)
    assert (first["venue"], first["symbol"], first["coin"]) == ("binance", "BTCUSDT", "BTC")
    assert (first["price"], first["notional_usd"]) == (Decimal("87535.9"), Decimal("205534.2932"))
    assert "position" not in rows.columns


@pytest.mark.parametrize("side", [3, 0, "Buy", None, "1.0"])
def test_a_side_that_no_document_has_is_refused_and_harmless(bench, reasons, side):
    body = bench.payload("coinglass", "orders")[0].body
    body["data"][0]["side"] = side
    told = bench.told("coinglass", "orders", body)
    assert told.rows.height == 2
    assert reasons(told) == [f"unknown side '{'null' if side is None else side}'"]


def test_a_release_stands_on_its_own_day_and_what_is_not_out_is_missing(bench):
    rows = bench.of("coinglass", "calendar").rows.sort("time")
    assert rows["time"].dt.day().to_list() == [10, 11, 12]
    cpi, holiday, claims = rows.to_dicts()
    assert (cpi["published"], cpi["forecast"], cpi["importance"]) == ("0.2%", "0.3%", 3)
    assert (cpi["event_kind"], cpi["event_id"]) == ("macro", "USA: CPI, month on month")
    assert (holiday["is_time_exact"], holiday["published"]) == (False, None)
    assert (claims["previous"], claims["revised"]) == ("216K", "218K")


def test_an_importance_that_nobody_explained_is_refused(bench, reasons):
    body = bench.payload("coinglass", "calendar")[0].body
    body["data"][0]["importance_level"] = 4
    body["data"][1]["has_exact_publish_time"] = 2
    told = bench.told("coinglass", "calendar", body)
    assert sorted(reasons(told)) == ["unknown exactness of time '2'", "unknown importance '4'"]
    assert told.rows.height == 1


@pytest.mark.parametrize("unit", [1, 1000])
def test_a_mood_is_stamped_in_seconds_or_milliseconds(bench, unit):
    lists = {"data_list": [40], "time_list": [D0 // 1000 * unit]}
    told = bench.told("coinglass", "fear_greed", ok([lists]))
    assert told.rows["time"].dt.date().to_list() == [date(2026, 11, 10)]
    assert told.rows["sentiment_index"].to_list() == [Decimal(40)]


def test_lists_that_do_not_fit_together_are_refused(bench, reasons):
    lists = {"data_list": [40, 41], "time_list": [D0 // 1000]}
    told = bench.told("coinglass", "fear_greed", ok([lists]))
    assert reasons(told) == ["lists of days and of values that do not fit together"]
