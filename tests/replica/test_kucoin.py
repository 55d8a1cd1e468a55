"""KuCoin: two hosts, lots, and no liquidations anywhere."""

from datetime import date
from typing import Any

import polars as pl
import pytest

FUTURES, UNIFIED = "api-futures.kucoin.com", "api.kucoin.com"
INTEREST = "/api/ua/v1/market/open-interest"
RATES, CANDLES = "/api/v1/contract/funding-rates", "/api/v1/kline/query"
DAY = date(2026, 11, 12)
T0, HOUR = 1_794_441_600_000, 3_600_000  # 2026-11-12
BTC = {"symbol": "XBTUSDTM"}


def _data(served: Any, host: str, path: str, **params: object) -> list[Any]:
    told = served.json(host, path, **params)
    assert told["code"] == "200000", told
    data: list[Any] = told["data"]
    return data


def test_bitcoin_is_called_by_its_other_name(simulated: Any) -> None:
    rows = {row["symbol"]: row for row in _data(simulated, FUTURES, "/api/v1/contracts/active")}
    assert rows["XBTUSDTM"]["baseCurrency"] == "XBT"
    assert (rows["XBTUSDTM"]["multiplier"], rows["XBTUSDTM"]["isInverse"]) == (0.0001, False)


def test_open_interest_comes_newest_first_and_so_many_as_are_asked_for(simulated: Any) -> None:
    asked = {**BTC, "interval": "1hour", "startAt": T0, "endAt": T0 + 9 * HOUR, "pageSize": 4}
    rows = _data(simulated, UNIFIED, INTEREST, **asked)
    assert [row["ts"] for row in rows] == [T0 + n * HOUR for n in (9, 8, 7, 6)]


def test_each_host_has_its_own_paths(simulated: Any) -> None:
    assert simulated.get(FUTURES, INTEREST, **BTC).status_code == 404
    assert simulated.get(UNIFIED, CANDLES, **BTC).status_code == 404


def test_a_page_of_rates_holds_a_hundred_and_needs_both_bounds(simulated: Any) -> None:
    asked = {**BTC, "from_": 0, "to": T0 + 24 * HOUR}
    rows = _data(simulated, FUTURES, RATES, **asked)
    times = [row["timepoint"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert 0 < len(times) <= 100
    assert simulated.json(FUTURES, RATES, **BTC, from_=0)["code"] == "400100"


def test_a_page_of_candles_holds_two_hundred_oldest_first(simulated: Any) -> None:
    asked = {**BTC, "granularity": 60, "from_": T0 - 300 * HOUR, "to": T0}
    rows = _data(simulated, FUTURES, CANDLES, **asked)
    assert [row[0] for row in rows] == [T0 + (n - 300) * HOUR for n in range(200)]
    assert len(rows[0]) == 7


@pytest.mark.parametrize(
    ("host", "path", "asked", "code"),
    [
        (FUTURES, CANDLES, {"symbol": "BTCUSDT", "granularity": 60}, "400000"),
        (FUTURES, CANDLES, {**BTC, "granularity": 7}, "400100"),
        (UNIFIED, INTEREST, {**BTC, "interval": "1h"}, "400100"),
        (UNIFIED, INTEREST, {**BTC, "interval": "1hour", "pageSize": 201}, "400100"),
    ],
)
def test_bad_parameters_are_status_200_with_a_code(
    simulated: Any, host: str, path: str, asked: dict[str, object], code: str
) -> None:
    answer = simulated.get(host, path, **asked)
    assert (answer.status_code, answer.json()["code"]) == (200, code)


def test_liquidations_are_at_no_path(simulated: Any) -> None:
    for host in (FUTURES, UNIFIED):
        assert simulated.get(host, "/api/v1/liquidations", **BTC).status_code == 404


def test_what_is_left_of_the_limit_is_told(simulated: Any) -> None:
    headers = simulated.get(FUTURES, CANDLES, **BTC, granularity=60).headers
    assert headers["gw-ratelimit-limit"] == "2000"
    assert int(headers["gw-ratelimit-remaining"]) <= 1997


@pytest.mark.parametrize(
    ("dataset", "rows_of_a_market"), [("open_interest", 24), ("candles", 24), ("funding", 3)]
)
def test_every_hour_of_a_day_is_held(through: Any, dataset: str, rows_of_a_market: int) -> None:
    found = through(f"kucoin/{dataset}", DAY, DAY, ("XBTUSDTM", "ETHUSDTM"))
    assert found.refused.is_empty()
    assert found.rows.height == 2 * rows_of_a_market
    assert set(found.rows["coin"]) == {"BTC", "ETH"}


def test_open_interest_in_coins_is_that_of_the_market(through: Any, world: Any) -> None:
    found = through("kucoin/open_interest", DAY, DAY, ("XBTUSDTM",)).rows.sort("time")
    true = world.open_interest("kucoin", "XBTUSDTM").filter(pl.col("time_ms") == T0)
    assert float(found["open_interest_coins"][0]) == pytest.approx(true["oi_base"][0])


def test_volume_in_coins_is_that_of_the_market(through: Any, world: Any) -> None:
    found = through("kucoin/candles", DAY, DAY, ("ETHUSDTM",)).rows.sort("time")
    true = world.candles("kucoin", "ETHUSDTM").filter(pl.col("time_ms") == T0)
    assert float(found["volume_coins"][0]) == pytest.approx(true["volume_base"][0], abs=0.0011)
