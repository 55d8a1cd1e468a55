"""A folder of recordings is served as its manifest says, and nothing else is made up."""

from typing import Any

import pytest

COINGLASS = "open-api-v4.coinglass.com"
BINANCE = "fapi.binance.com"
LIQUIDATION = "/api/futures/liquidation/aggregated-history"
DAY = {"symbol": "BTC", "interval": "1d", "exchange_list": "OKX"}


def test_values_keep_every_digit_and_never_an_exponent(recorded: Any) -> None:
    body = recorded.get(COINGLASS, LIQUIDATION, **DAY).text
    assert '"aggregated_long_liquidation_usd":162521823.79325' in body
    assert '"aggregated_short_liquidation_usd":0.0000001' in body


def test_padding_is_served_as_zero_and_a_null_as_null(recorded: Any) -> None:
    first = recorded.json(COINGLASS, LIQUIDATION, **DAY)["data"][0]
    assert first["aggregated_long_liquidation_usd"] == 0.0
    rows = recorded.json(COINGLASS, "/api/futures/open-interest/aggregated-history", **DAY)
    assert rows["data"][0]["close"] is None


def test_what_was_not_recorded_is_null_not_the_close(recorded: Any) -> None:
    rows = recorded.json(COINGLASS, "/api/futures/open-interest/aggregated-history", **DAY)
    last = rows["data"][-1]
    assert (last["open"], last["close"]) == (None, "4000000000.0")


def test_the_second_asking_of_the_same_hours_gives_the_second_export(recorded: Any) -> None:
    hours = {"symbol": "BTC", "interval": "1h", "exchange_list": "OKX,Binance,Bybit"}
    first, second, third = (
        recorded.json(COINGLASS, LIQUIDATION, **hours)["data"][0] for _ in range(3)
    )
    key = "aggregated_long_liquidation_usd"
    assert [one[key] for one in (first, second, third)] == [5.25, 6.25, 6.25]


@pytest.mark.parametrize(
    "params",
    [
        {"symbol": "BTC", "interval": "4h", "exchange_list": "OKX"},
        {"symbol": "DOGE", "interval": "1d", "exchange_list": "OKX"},
        {"symbol": "BTC", "interval": "1h", "exchange_list": "OKX"},
    ],
)
def test_what_the_folder_does_not_hold_is_an_empty_list(recorded: Any, params: Any) -> None:
    answer = recorded.json(COINGLASS, LIQUIDATION, **params)
    assert (answer["code"], answer["data"]) == ("0", [])


def test_every_other_source_has_its_own_words_for_nothing(recorded: Any) -> None:
    metrics = "/data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2022-06-13.zip"
    bulk = recorded.get("data.binance.vision", metrics)
    assert bulk.status_code == 404
    assert "NoSuchKey" in bulk.text
    tape = "/api/history/v3/market/PF_XBTUSD/executions"
    assert recorded.json("futures.kraken.com", tape) == {"elements": [], "len": 0}
    klines = {"symbol": "BTCUSDT", "interval": "1h"}
    assert recorded.json(BINANCE, "/fapi/v1/klines", **klines) == []
    coinalyze = {"symbols": "BTCUSDT_PERP.A", "interval": "daily", "from_": 0, "to": 2**31}
    assert recorded.json("api.coinalyze.net", "/v1/funding-rate-history", **coinalyze) == []


def test_listings_hold_the_symbols_of_the_files_with_their_first_row(recorded: Any) -> None:
    assert recorded.json(COINGLASS, "/api/futures/supported-coins")["data"] == ["BTC", "ETH"]
    venues = recorded.json(COINGLASS, "/api/futures/supported-exchanges")["data"]
    assert venues == ["Binance", "Bybit", "OKX"]
    (symbol,) = recorded.json(BINANCE, "/fapi/v1/exchangeInfo")["symbols"]
    assert (symbol["symbol"], symbol["onboardDate"]) == ("BTCUSDT", 1655078400000)


def test_settlements_are_strings_without_exponents(recorded: Any) -> None:
    rows = recorded.json(BINANCE, "/fapi/v1/fundingRate", symbol="BTCUSDT")
    assert [row["fundingRate"] for row in rows] == ["0.0001", "-0.00000689", "0.0"]


def test_the_clock_hides_what_has_not_happened_yet(start: Any, recorded_folder: Any) -> None:
    words = ("--market", f"recorded:{recorded_folder}", "--now", "2022-06-14T00:00:00Z")
    with start(*words) as early:
        rows = early.json(COINGLASS, LIQUIDATION, **DAY)["data"]
    assert [row["time"] for row in rows] == [1655078400000, 1655164800000]
