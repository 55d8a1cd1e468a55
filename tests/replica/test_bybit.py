"""Bybit: one envelope, newest first, cursors, both sides of open interest."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

HOST = "api.bybit.com"
HOUR = 3_600_000
MONDAY = 1794182400000
BTC = {"category": "linear", "symbol": "BTCUSDT"}


def test_a_cursor_walks_back_to_the_start_without_a_gap(simulated: Any) -> None:
    asked = {**BTC, "intervalTime": "1h", "startTime": MONDAY, "limit": 10}
    times: list[int] = []
    cursor = ""
    while True:
        result = simulated.json(
            HOST,
            "/v5/market/open-interest",
            **asked,
            endTime=MONDAY + 24 * HOUR,
            **({"cursor": cursor} if cursor else {}),
        )["result"]
        times += [int(row["timestamp"]) for row in result["list"]]
        cursor = result["nextPageCursor"]
        if not cursor:
            break
    assert times == list(range(MONDAY + 24 * HOUR, MONDAY - 1, -HOUR))


@pytest.mark.parametrize(("category", "symbol"), [("linear", "BTCUSDT"), ("inverse", "BTCUSD")])
def test_open_interest_counts_both_sides(simulated: Any, category: str, symbol: str) -> None:
    asked = {"category": category, "symbol": symbol, "intervalTime": "1d", "limit": 1}
    (row,) = simulated.json(HOST, "/v5/market/open-interest", **asked)["result"]["list"]
    assert float(row["openInterest"]) == pytest.approx(2 * float(row["singleOpenInterest"]))


def test_a_start_of_funding_needs_an_end(simulated: Any) -> None:
    answer = simulated.json(HOST, "/v5/market/funding/history", **BTC, startTime=MONDAY)
    assert answer["retCode"] == 10001


def test_funding_pages_backwards_from_an_end(simulated: Any) -> None:
    asked = {**BTC, "endTime": MONDAY, "limit": 3}
    rows = simulated.json(HOST, "/v5/market/funding/history", **asked)["result"]["list"]
    times = [int(row["fundingRateTimestamp"]) for row in rows]
    assert times == [MONDAY, MONDAY - 8 * HOUR, MONDAY - 16 * HOUR]


def test_candles_are_strings_newest_first_and_hold_the_start(simulated: Any) -> None:
    asked = {**BTC, "interval": "60", "start": MONDAY + 1, "end": MONDAY + 2 * HOUR}
    rows = simulated.json(HOST, "/v5/market/kline", **asked)["result"]["list"]
    times = [row[0] for row in rows]
    assert times == [str(MONDAY + 2 * HOUR), str(MONDAY + HOUR), str(MONDAY)]
    assert len(rows[0]) == 7
    mark = simulated.json(HOST, "/v5/market/mark-price-kline", **asked)["result"]["list"]
    assert len(mark[0]) == 5


def test_an_inverse_candle_counts_usd_as_volume(simulated: Any) -> None:
    asked = {"category": "inverse", "symbol": "BTCUSD", "interval": "D", "limit": 1}
    (row,) = simulated.json(HOST, "/v5/market/kline", **asked)["result"]["list"]
    assert float(row[5]) / float(row[6]) == pytest.approx(float(row[4]), rel=0.05)


def test_shares_of_holders_make_one(simulated: Any) -> None:
    asked = {**BTC, "period": "4h", "limit": 5}
    rows = simulated.json(HOST, "/v5/market/account-ratio", **asked)["result"]["list"]
    assert all(float(row["buyRatio"]) + float(row["sellRatio"]) == pytest.approx(1) for row in rows)


def test_instruments_come_in_pages_by_category(simulated: Any) -> None:
    first = simulated.json(HOST, "/v5/market/instruments-info", category="linear", limit=4)
    rest = simulated.json(
        HOST,
        "/v5/market/instruments-info",
        category="linear",
        limit=4,
        cursor=first["result"]["nextPageCursor"],
    )
    symbols = [row["symbol"] for page in (first, rest) for row in page["result"]["list"]]
    assert len(symbols) == len(set(symbols)) == 6
    inverse = simulated.json(HOST, "/v5/market/instruments-info", category="inverse")
    assert {row["settleCoin"] for row in inverse["result"]["list"]} == {"BTC", "ETH"}


def test_bad_parameters_are_status_200_with_a_code(simulated: Any) -> None:
    for asked in (
        {"category": "spot", "symbol": "BTCUSDT", "intervalTime": "1h"},
        {"category": "linear", "symbol": "BTCUSD", "intervalTime": "1h"},
        {**BTC, "intervalTime": "60"},
        {**BTC, "intervalTime": "1h", "limit": 201},
    ):
        answer = simulated.get(HOST, "/v5/market/open-interest", **asked)
        assert (answer.status_code, answer.json()["retCode"]) == (200, 10001)


def test_tickers_repeat_the_last_open_interest(simulated: Any) -> None:
    (ticker,) = simulated.json(HOST, "/v5/market/tickers", **BTC)["result"]["list"]
    asked = {**BTC, "intervalTime": "5min", "limit": 1}
    (row,) = simulated.json(HOST, "/v5/market/open-interest", **asked)["result"]["list"]
    assert ticker["openInterest"] == row["openInterest"]


def test_our_reading_of_both_sockets_gives_back_every_forced_order_of_a_day(
    through: Any, truly_forced: Any, captured: Path
) -> None:
    day = date(2026, 11, 12)
    told = [
        through(f"bybit/{name}", day, day, captures=captured, table="liquidations")
        for name in ("all_liquidation", "all_liquidation_inverse")
    ]
    ours = [
        (
            int(r["time"].timestamp() * 1000),
            r["instrument_id"],
            r["position"],
            r["size"],
            r["price"],
        )
        for one in told
        for r in one.rows.iter_rows(named=True)
    ]
    true = [
        (
            r["time_ms"],
            f"bybit:{r['symbol']}",
            r["position"],
            Decimal(r["size"]),
            Decimal(r["bankruptcy"]),
        )
        for r in truly_forced("bybit", day).iter_rows(named=True)
    ]
    assert sorted(ours) == sorted(true)
    assert [one.refused.height for one in told] == [0, 0]
    assert all(one.rows.height for one in told)
