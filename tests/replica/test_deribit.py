"""Deribit: trades with a flag, and what our own connector and reader make of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

HOST, HISTORY = "www.deribit.com", "history.deribit.com"
PUBLIC = "/api/v2/public/"
HOUR = 3_600_000
MONDAY = 1794182400000  # 2026-11-09
DAY = date(2026, 11, 13)
WEEK = {"start_timestamp": MONDAY, "end_timestamp": MONDAY + 7 * 24 * HOUR - 1}
BTC = {"instrument_name": "BTC-PERPETUAL"}
TRADES = f"{PUBLIC}get_last_trades_by_instrument_and_time"


def test_pages_of_trades_overlap_in_an_instant_and_lose_none(simulated: Any) -> None:
    whole = simulated.json(HOST, TRADES, **BTC, **WEEK, count=1000, sorting="asc")["result"]
    ids: list[str] = []
    start = MONDAY
    while True:
        asked = {**BTC, **WEEK, "start_timestamp": start, "count": 40, "sorting": "asc"}
        page = simulated.json(HOST, TRADES, **asked)["result"]
        ids += [one["trade_id"] for one in page["trades"] if one["trade_id"] not in ids]
        if not page["has_more"]:
            break
        start = page["trades"][-1]["timestamp"]
    assert ids == [one["trade_id"] for one in whole["trades"]]
    assert len(ids) > 80


def test_most_trades_have_no_flag_and_some_liquidate_the_maker(simulated: Any) -> None:
    trades = simulated.json(HISTORY, TRADES, **BTC, **WEEK, count=1000)["result"]["trades"]
    flags = [trade.get("liquidation") for trade in trades]
    assert set(flags) == {None, "T", "M"}
    assert flags.count(None) > flags.count("T") > flags.count("M") > 0


def test_open_interest_of_an_inverse_future_is_dollars(simulated: Any) -> None:
    summaries = f"{PUBLIC}get_book_summary_by_currency"
    asked = {"currency": "BTC", "kind": "future"}
    (row,) = simulated.json(HOST, summaries, **asked)["result"]
    assert row["instrument_name"] == "BTC-PERPETUAL"
    assert row["open_interest"] % 10 == 0


def test_bars_come_as_lists_side_by_side_and_none_as_no_data(simulated: Any) -> None:
    chart = f"{PUBLIC}get_tradingview_chart_data"
    bounds = {"start_timestamp": MONDAY, "end_timestamp": MONDAY + 3 * HOUR - 1}
    bars = simulated.json(HOST, chart, **BTC, **bounds, resolution=60)["result"]
    assert bars["ticks"] == [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR]
    assert {len(one) for name, one in bars.items() if name != "status"} == {3}
    none = simulated.json(HOST, chart, **BTC, **bounds, resolution=1)["result"]
    assert (none["status"], none["ticks"]) == ("no_data", [])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"instrument_name": "NOPE-PERPETUAL", **WEEK}, 13020),
        (WEEK, -32602),
        (BTC, -32602),
        ({**BTC, **WEEK, "count": 1001}, -32602),
    ],
)
def test_an_error_has_a_code(simulated: Any, asked: Any, code: int) -> None:
    assert simulated.json(HOST, TRADES, **asked)["error"]["code"] == code


def test_our_reading_of_a_day_gives_back_its_forced_orders(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame], world: Any
) -> None:
    names = tuple(world.instruments.filter(pl.col("venue") == "deribit")["symbol"])
    read = through("deribit/liquidations", DAY, DAY, names)
    assert read.refused.is_empty()
    ours = read.rows.select(
        pl.col("instrument_id").str.strip_prefix("deribit:"),
        pl.col("time").dt.epoch("ms"),
        pl.col("position").cast(pl.String),
        pl.col("price").cast(pl.Float64),
        pl.col("notional_usd").cast(pl.Float64).round(3),
    )
    theirs = truly_forced("deribit", DAY).select(
        "symbol",
        "time_ms",
        "position",
        pl.col("fill").cast(pl.Float64),
        pl.col("usd").cast(pl.Float64).round(3),
    )
    assert sorted(ours.iter_rows()) == sorted(theirs.iter_rows())
    assert ours.height > 10


def test_weeks_of_more_than_a_page_of_trades_lose_none_and_repeat_none(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame], world: Any
) -> None:
    ends = (world.first_ms, world.now_ms)
    first, last = (datetime.fromtimestamp(ms / 1000, UTC).date() for ms in ends)
    true = [
        truly_forced("deribit", date.fromordinal(day)).filter(pl.col("symbol") == "BTC-PERPETUAL")
        for day in range(first.toordinal(), last.toordinal() + 1)
    ]
    read = through("deribit/liquidations", first, last, ("BTC-PERPETUAL",))
    assert read.refused.is_empty()
    assert sorted(read.rows["time"].dt.epoch("ms")) == pl.concat(true)["time_ms"].to_list()


@pytest.mark.parametrize("name", ["funding", "candles"])
def test_a_day_of_hours_is_read_whole(through: Callable[..., Any], name: str) -> None:
    read = through(f"deribit/{name}", DAY, DAY, ("BTC-PERPETUAL", "SOL_USDC-PERPETUAL"))
    assert read.refused.is_empty()
    assert read.rows.height == 48


def test_open_interest_is_that_of_the_moment(through: Callable[..., Any], simulated: Any) -> None:
    today = date.fromisoformat(str(simulated.ready["now"])[:10])
    read = through("deribit/open_interest", today, today)
    assert read.refused.is_empty()
    coins = dict(read.rows.select("instrument_id", "open_interest_coins").iter_rows())
    assert coins["deribit:BTC-PERPETUAL"] > 0
    assert len(coins) == 7
