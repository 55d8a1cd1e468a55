"""Bitget: cursors and numbered pages, three days of liquidations, and our own reading of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from replica.answer import Request
from replica.venues.bitget import Bitget

HOST = "api.bitget.com"
V2 = "/api/v2/mix/market"
FORCED = "/api/v3/market/liquidations"
HOUR = 3_600_000
DAY_MS = 24 * HOUR
MONDAY = 1794182400000
USDT = {"productType": "USDT-FUTURES"}
BTC = {"symbol": "BTCUSDT", **USDT}
SUBJECT = "USDT-FUTURES:BTCUSDT"
DAY = date(2026, 11, 17)


def test_contracts_are_listed_by_product_type(simulated: Any) -> None:
    told = simulated.json(HOST, f"{V2}/contracts", **USDT)
    assert told["code"] == "00000"
    assert "BTCUSDT" in [row["symbol"] for row in told["data"]]
    assert simulated.json(HOST, f"{V2}/contracts", productType="COIN-FUTURES")["data"] == []


def test_a_cursor_walks_back_three_days_and_no_further(simulated: Any) -> None:
    times: list[int] = []
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        data = simulated.json(HOST, FORCED, category="USDT-FUTURES", limit=100, **more)["data"]
        times += [int(row["ts"]) for row in data["list"]]
        cursor = data["cursor"]
        if not cursor:
            break
    now = simulated.json(HOST, f"{V2}/contracts", **USDT)["requestTime"]
    assert len(times) > 100
    assert times == sorted(times, reverse=True)
    assert now - 3 * DAY_MS <= times[-1]


def test_funding_is_turned_by_numbers(simulated: Any) -> None:
    pages = [
        simulated.json(HOST, f"{V2}/history-fund-rate", **BTC, pageSize=2, pageNo=number)["data"]
        for number in (1, 2)
    ]
    times = [int(row["fundingTime"]) for page in pages for row in page]
    assert times == list(range(times[0], times[0] - 32 * HOUR, -8 * HOUR))


@pytest.mark.parametrize("name", ["history-candles", "history-mark-candles"])
def test_candles_are_text_oldest_first_with_seven_places(simulated: Any, name: str) -> None:
    asked = {**BTC, "granularity": "1H", "startTime": MONDAY, "endTime": MONDAY + HOUR}
    rows = simulated.json(HOST, f"{V2}/{name}", **asked)["data"]
    assert [row[0] for row in rows] == [str(MONDAY), str(MONDAY + HOUR)]
    assert {len(row) for row in rows} == {7}


def test_ratios_are_shares_of_accounts(simulated: Any) -> None:
    rows = simulated.json(HOST, f"{V2}/account-long-short", symbol="BTCUSDT", period="1h")["data"]
    assert {float(r["longAccountRatio"]) + float(r["shortAccountRatio"]) for r in rows} == {1.0}


CANDLES = {**BTC, "granularity": "1H"}


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        (f"{V2}/contracts", {}, "40034"),
        (f"{V2}/contracts", {"productType": "SPOT"}, "40034"),
        (f"{V2}/history-candles", {**CANDLES, "symbol": "NOPE"}, "40034"),
        (f"{V2}/history-candles", {**CANDLES, "granularity": "90m"}, "40034"),
        (f"{V2}/history-candles", {**CANDLES, "limit": 201}, "400172"),
        (f"{V2}/history-candles", {**CANDLES, "startTime": "x"}, "40017"),
        (
            f"{V2}/history-candles",
            {**CANDLES, "startTime": MONDAY - 91 * DAY_MS, "endTime": MONDAY},
            "40017",
        ),
        (f"{V2}/account-long-short", {"symbol": "BTCUSDT", "period": "90m"}, "40034"),
        (FORCED, {"category": "USDT-FUTURES", "limit": 101}, "400172"),
        (f"{V2}/nothing", {}, "40404"),
    ],
)
def test_a_refusal_is_a_code(simulated: Any, path: str, asked: Any, code: str) -> None:
    answer = simulated.get(HOST, path, **asked)
    assert answer.status_code in (400, 404)
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("path", "params", "most"),
    [
        (FORCED, {"category": "USDT-FUTURES"}, 5),
        (f"{V2}/account-long-short", {"symbol": "BTCUSDT", "period": "1h"}, 1),
        (f"{V2}/contracts", USDT, 20),
    ],
)
def test_each_path_has_its_limit_a_second(desk: Any, path: str, params: Any, most: int) -> None:
    venue = Bitget(desk)
    asked = Request(HOST, path, "", params, {}, "127.0.0.1")
    statuses = [venue.answer(asked).status for _ in range(most + 1)]
    assert statuses == [200] * most + [429]


def test_our_reading_of_a_day_gives_back_each_order(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame]
) -> None:
    true = truly_forced("bitget", DAY)
    read = through("bitget/liquidations", DAY, DAY)
    assert read.refused.is_empty()
    ours = read.rows.select(
        pl.col("instrument_id").str.strip_prefix("bitget:"),
        pl.col("time").dt.epoch("ms"),
        pl.col("position").cast(pl.String),
        pl.col("size", "price").cast(pl.Float64),
    )
    theirs = true.select(
        "symbol", "time_ms", "position", pl.col("base", "bankruptcy").cast(pl.Float64)
    )
    assert sorted(ours.iter_rows()) == sorted(theirs.iter_rows())
    assert ours.height > 20


def test_frames_of_the_socket_give_back_the_dollars_of_what_was_shown(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame], captured: Any
) -> None:
    true = truly_forced("bitget", DAY, shown=True)
    read = through("bitget/liquidation", DAY, DAY, captures=captured, table="liquidations")
    assert read.refused.is_empty()
    ours = read.rows.select(
        pl.col("time").dt.epoch("ms"),
        pl.col("position").cast(pl.String),
        pl.col("notional_usd").cast(pl.Float64),
    )
    theirs = true.select("time_ms", "position", pl.col("usd").cast(pl.Float64))
    assert sorted(ours.iter_rows()) == sorted(theirs.iter_rows())
    assert ours.height > 10


@pytest.mark.parametrize("name", ["candles", "mark_candles", "long_short"])
def test_a_day_of_hours_is_read_whole(through: Callable[..., Any], name: str) -> None:
    read = through(f"bitget/{name}", DAY, DAY, (SUBJECT,))
    assert (sorted(read.rows["time"].dt.hour()), read.refused.height) == (list(range(24)), 0)


def test_the_settlements_of_a_day_are_read(through: Callable[..., Any]) -> None:
    rows = through("bitget/funding", DAY, DAY, (SUBJECT,)).rows
    assert sorted(rows["time"].dt.hour()) == [0, 8, 16]


def test_open_interest_is_of_the_moment_of_asking(through: Callable[..., Any]) -> None:
    today = date(2026, 11, 18)
    read = through("bitget/open_interest", today, today)
    assert "bitget:BTCUSDT" in set(read.rows["instrument_id"])
    assert read.refused.is_empty()
