"""CoinGlass: errors in the body, a compulsory list of venues, pages that ascend."""

from typing import Any

import pytest

HOST = "open-api-v4.coinglass.com"
LIQUIDATION = "/api/futures/liquidation/aggregated-history"
BTC = {"symbol": "BTC", "interval": "1h", "exchange_list": "Binance,OKX"}
W46 = {"start_time": 1794182400000, "end_time": 1794787199999}


def test_a_missing_key_is_status_200_with_code_401(simulated: Any) -> None:
    answer = simulated.get(HOST, LIQUIDATION, keys=False, **BTC)
    assert answer.status_code == 200
    assert answer.json() == {"code": "401", "msg": "API key missing."}


def test_a_missing_parameter_is_named(simulated: Any) -> None:
    answer = simulated.json(HOST, LIQUIDATION, symbol="BTC", interval="1h")
    assert answer == {
        "code": "400",
        "msg": "Required String parameter 'exchange_list' is not present",
    }


def test_pages_go_forward_from_the_start_and_cover_each_hour_once(simulated: Any) -> None:
    times: list[int] = []
    start = W46["start_time"]
    while rows := simulated.json(
        HOST, LIQUIDATION, **BTC, start_time=start, end_time=W46["end_time"], limit=100
    )["data"]:
        times += [row["time"] for row in rows]
        start = times[-1] + 3_600_000
    assert times == list(range(W46["start_time"], W46["end_time"], 3_600_000))


def test_without_a_start_the_newest_rows_come(simulated: Any) -> None:
    rows = simulated.json(HOST, LIQUIDATION, **{**BTC, "interval": "1d"}, limit=2)["data"]
    assert [row["time"] for row in rows] == [1794873600000, 1794960000000]


def test_more_venues_show_more_and_never_more_than_the_truth(simulated: Any) -> None:
    def longs(venues: str) -> float:
        asked = {"symbol": "BTC", "interval": "1w", "exchange_list": venues}
        (row,) = simulated.json(HOST, LIQUIDATION, **asked, **W46)["data"]
        return float(row["aggregated_long_liquidation_usd"])

    every = ",".join(simulated.json(HOST, "/api/futures/supported-exchanges")["data"])
    truth = sum(
        float(row["usd"])
        for row in simulated.own("truth?week=2026-W46")["rows"]
        if row["coin"] == "BTC" and row["position"] == "long"
    )
    assert longs("Binance") < longs("Binance,Bybit") < longs(every) < truth


def test_a_throttled_venue_shows_less_and_a_full_feed_shows_all(simulated: Any) -> None:
    truth = simulated.own("truth?week=2026-W46")["rows"]
    for venue, exact in (("Bybit", True), ("Binance", False)):
        shown = 0.0
        for coin in simulated.json(HOST, "/api/futures/supported-coins")["data"]:
            asked = {"symbol": coin, "interval": "1w", "exchange_list": venue}
            for row in simulated.json(HOST, LIQUIDATION, **asked, **W46)["data"]:
                shown += row["aggregated_long_liquidation_usd"]
                shown += row["aggregated_short_liquidation_usd"]
        true = sum(float(row["usd"]) for row in truth if row["venue"] == venue.lower())
        assert (abs(shown - true) < 1) == exact


@pytest.mark.parametrize(
    ("path", "params", "quoted"),
    [
        ("open-interest/aggregated-history", {"symbol": "BTC"}, "close"),
        ("funding-rate/oi-weight-history", {"symbol": "BTC"}, "close"),
        ("price/history", {"symbol": "BTCUSDT", "exchange": "Binance", "limit": 5}, "close"),
        (
            "liquidation/history",
            {"symbol": "BTCUSDT_UMCBL", "exchange": "Bitget"},
            "long_liquidation_usd",
        ),
    ],
)
def test_these_values_are_strings(simulated: Any, path: str, params: Any, quoted: str) -> None:
    rows = simulated.json(HOST, f"/api/futures/{path}", interval="4h", **params)["data"]
    assert rows
    assert all(isinstance(row[quoted], str) for row in rows)
    assert all(isinstance(row["time"], int) for row in rows)


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("global-long-short-account-ratio", "global_account"),
        ("top-long-short-account-ratio", "top_account"),
        ("top-long-short-position-ratio", "top_position"),
    ],
)
def test_shares_are_percent_that_make_a_hundred(simulated: Any, path: str, prefix: str) -> None:
    asked = {"symbol": "1000PEPEUSDT", "exchange": "Binance", "interval": "1h"}
    rows = simulated.json(HOST, f"/api/futures/{path}/history", **asked)["data"]
    shares = [row[f"{prefix}_long_percent"] + row[f"{prefix}_short_percent"] for row in rows]
    assert rows
    assert all(abs(share - 100) < 1e-9 for share in shares)


def test_takers_bought_and_sold_as_numbers(simulated: Any) -> None:
    path = "/api/futures/aggregated-taker-buy-sell-volume/history"
    rows = simulated.json(HOST, path, **BTC)["data"]
    assert rows
    assert all(row["aggregated_buy_volume_usd"] > 0 for row in rows)


def test_margin_kinds_add_up_to_the_total(simulated: Any) -> None:
    every = ",".join(simulated.json(HOST, "/api/futures/supported-exchanges")["data"])

    def close(kind: str) -> float:
        path = f"/api/futures/open-interest/aggregated-{kind}history"
        asked = {"symbol": "BTC", "interval": "1d", "exchange_list": every, "limit": 1}
        return float(simulated.json(HOST, path, **asked)["data"][0]["close"])

    assert abs(close("") - close("stablecoin-") - close("coin-margin-")) < 1
