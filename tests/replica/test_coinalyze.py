"""Coinalyze: one market at a time, seconds, empty buckets left out."""

from typing import Any

HOST = "api.coinalyze.net"
W46 = {"from_": 1794182400, "to": 1794787199}


def test_a_missing_or_wrong_key_is_refused(simulated: Any) -> None:
    assert simulated.get(HOST, "/v1/exchanges", keys=False).status_code == 401
    wrong = simulated.get(HOST, "/v1/exchanges", keys=False, api_key="wrong")
    assert wrong.status_code == 401
    assert simulated.get(HOST, "/v1/exchanges", keys=False, api_key="good").status_code == 200


def test_the_code_after_the_dot_is_an_exchange(simulated: Any) -> None:
    codes = {row["code"]: row["name"] for row in simulated.json(HOST, "/v1/exchanges")}
    assert (codes["A"], codes["6"], codes["3"]) == ("Binance", "Bybit", "OKX")
    markets = simulated.json(HOST, "/v1/future-markets")
    assert {market["symbol"].rpartition(".")[2] for market in markets} == set(codes)
    assert len({market["symbol"] for market in markets}) == len(markets)


def test_a_bucket_without_liquidations_is_left_out(simulated: Any) -> None:
    asked = {"symbols": "PI_XBTUSD.K", "interval": "1hour", **W46}
    ((market),) = simulated.json(HOST, "/v1/liquidation-history", **asked)
    assert 0 < len(market["history"]) < 7 * 24
    assert all(row["l"] or row["s"] for row in market["history"])


def test_both_bounds_are_included(simulated: Any) -> None:
    asked = {"symbols": "BTCUSDT_PERP.A", "interval": "daily"}
    bounds = {"from_": 1794182400, "to": 1794268800}
    (market,) = simulated.json(HOST, "/v1/open-interest-history", **asked, **bounds)
    assert [row["t"] for row in market["history"]] == [1794182400, 1794268800]


def test_an_unknown_symbol_is_left_out_of_the_answer(simulated: Any) -> None:
    asked = {"symbols": "BTCUSDT_PERP.A,NOPE.A,ETHUSDT_PERP.A", "interval": "daily", **W46}
    found = simulated.json(HOST, "/v1/ohlcv-history", **asked)
    assert [one["symbol"] for one in found] == ["BTCUSDT_PERP.A", "ETHUSDT_PERP.A"]


def test_a_market_without_rows_in_the_range_is_left_out(simulated: Any) -> None:
    asked = {"symbols": "BTCUSDT_PERP.A", "interval": "daily", "from_": 0, "to": 1}
    assert simulated.json(HOST, "/v1/open-interest-history", **asked) == []


def test_coins_turn_into_usd_when_asked(simulated: Any) -> None:
    asked = {"symbols": "BTCUSDT_PERP.A", "interval": "daily", **W46}
    (coins,) = simulated.json(HOST, "/v1/liquidation-history", **asked)
    (usd,) = simulated.json(HOST, "/v1/liquidation-history", **asked, convert_to_usd="true")
    price = usd["history"][0]["l"] / coins["history"][0]["l"]
    assert 80_000 < price < 130_000


def test_a_day_of_funding_closes_on_the_venues_last_settlement(simulated: Any) -> None:
    asked = {"symbols": "BTCUSDT_PERP.A", "interval": "daily", **W46}
    (market,) = simulated.json(HOST, "/v1/funding-rate-history", **asked)
    rows = simulated.json(
        "fapi.binance.com",
        "/fapi/v1/fundingRate",
        symbol="BTCUSDT",
        startTime=W46["from_"] * 1000,
        endTime=W46["to"] * 1000,
    )
    last = {row["fundingTime"] // 86_400_000: float(row["fundingRate"]) for row in rows}
    closes = {row["t"] // 86_400: row["c"] for row in market["history"]}
    assert len(closes) == 7
    assert all(abs(closes[day] - 100 * last[day]) < 1e-12 for day in closes)


def test_bad_parameters_are_status_400(simulated: Any) -> None:
    many = ",".join(f"X{n}.A" for n in range(21))
    for asked in (
        {"symbols": many, "interval": "daily", **W46},
        {"symbols": "BTCUSDT_PERP.A", "interval": "1d", **W46},
        {"symbols": "BTCUSDT_PERP.A", "interval": "daily"},
    ):
        answer = simulated.get(HOST, "/v1/funding-rate-history", **asked)
        assert answer.status_code == 400
        assert "message" in answer.json()
