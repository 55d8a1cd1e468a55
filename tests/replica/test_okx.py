"""OKX: one envelope, newest first, and what our own connector and reader make of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

HOST = "www.okx.com"
HOUR = 3_600_000
MONDAY = 1794182400000  # 2026-11-09
DAY = date(2026, 11, 13)
BTC = {"instId": "BTC-USDT-SWAP"}
CANDLES = "/api/v5/market/history-candles"
INTEREST = "/api/v5/rubik/stat/contracts/open-interest-history"
FORCED = "/api/v5/public/liquidation-orders"


def _data(served: Any, path: str, **asked: object) -> list[Any]:
    answer = served.json(HOST, path, **asked)
    assert answer["code"] == "0"
    data: list[Any] = answer["data"]
    return data


def test_after_walks_back_over_candles_without_a_gap(simulated: Any) -> None:
    times: list[int] = []
    after = MONDAY + 24 * HOUR
    while len(times) < 24:
        rows = _data(simulated, CANDLES, **BTC, bar="1H", after=after, limit=7)
        times += [int(row[0]) for row in rows]
        after = times[-1]
    assert times[:24] == list(range(MONDAY + 23 * HOUR, MONDAY - 1, -HOUR))


def test_only_candles_that_are_over_are_history(simulated: Any) -> None:
    (row,) = _data(simulated, CANDLES, **BTC, bar="1H", limit=1)
    assert (len(row), row[8]) == (9, "1")
    assert float(row[6]) * float(row[4]) == pytest.approx(float(row[7]), rel=0.05)


def test_bounds_of_statistics_are_not_among_their_rows(simulated: Any) -> None:
    asked = {**BTC, "period": "1H", "begin": MONDAY, "end": MONDAY + 3 * HOUR}
    rows = _data(simulated, INTEREST, **asked)
    assert [int(row[0]) for row in rows] == [MONDAY + 2 * HOUR, MONDAY + HOUR]
    assert float(rows[0][1]) * 0.01 == pytest.approx(float(rows[0][2]), rel=0.001)


def test_statistics_reach_back_so_many_entries(simulated: Any) -> None:
    rows = _data(simulated, INTEREST, **BTC, period="5m", end=MONDAY)
    assert rows == []


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        (CANDLES, {"instId": "NOPE-USDT-SWAP", "bar": "1H"}, "51001"),
        (CANDLES, {**BTC, "bar": "1D"}, "51000"),
        (CANDLES, {**BTC, "bar": "1H", "limit": 301}, "51000"),
        (CANDLES, {"bar": "1H"}, "50014"),
        (INTEREST, {**BTC, "period": "1h"}, "51000"),
        (FORCED, {"instType": "SWAP", "instFamily": "NOPE-USDT", "state": "filled"}, "51001"),
        ("/api/v5/public/nothing", {}, "50005"),
    ],
)
def test_a_refusal_is_a_code(simulated: Any, path: str, asked: Any, code: str) -> None:
    assert simulated.json(HOST, path, **asked)["code"] == code


def test_our_reading_of_a_day_gives_back_what_was_shown_of_it(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame], world: Any
) -> None:
    true = truly_forced("okx", DAY, shown=True)
    symbols = tuple(world.instruments.filter(pl.col("venue") == "okx")["symbol"])
    read = through("okx/liquidations", DAY, DAY, symbols)
    assert read.refused.is_empty()
    ours = read.rows.select(
        pl.col("instrument_id").str.strip_prefix("okx:"),
        pl.col("time").dt.epoch("ms"),
        pl.col("position").cast(pl.String),
        pl.col("size", "price").cast(pl.Float64),
        pl.col("size_coins").cast(pl.Float64).round(4),
    )
    theirs = true.select(
        "symbol",
        "time_ms",
        "position",
        pl.col("size", "bankruptcy").cast(pl.Float64),
    )
    assert sorted(row[:5] for row in ours.iter_rows()) == sorted(theirs.iter_rows())
    assert ours.height > 50


def test_dollars_of_a_linear_order_are_contracts_times_what_one_holds_times_the_price(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame]
) -> None:
    true = truly_forced("okx", DAY, shown=True).filter(pl.col("symbol") == "BTC-USDT-SWAP")
    read = through("okx/liquidations", DAY, DAY, ("BTC-USDT-SWAP",)).rows
    sizes = pl.col("base").cast(pl.Float64) * pl.col("bankruptcy").cast(pl.Float64)
    assert read["notional_usd"].cast(pl.Float64).sum() == pytest.approx(
        true.select(sizes).sum().item()
    )


@pytest.mark.parametrize(
    "name", ["open_interest", "candles", "mark_candles", "long_short", "funding"]
)
def test_a_day_of_hours_is_read_whole(through: Callable[..., Any], name: str) -> None:
    subjects = ("BTC-USD-SWAP", "BTC-USDT-SWAP")
    read = through(f"okx/{name}", DAY, DAY, subjects)
    assert read.refused.is_empty()
    assert read.rows.height == 2 * (3 if name == "funding" else 24)
