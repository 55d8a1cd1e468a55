"""Bitfinex: arrays, limits of three a minute, and what our own reading makes of a day of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from replica.answer import Request
from replica.venues.bitfinex import Bitfinex

HOST = "api-pub.bitfinex.com"
HOUR = 3_600_000
MONDAY = 1794182400000
BTC = "tBTCF0:USTF0"
STATUS = f"/v2/status/deriv/{BTC}/hist"
CANDLES = f"/v2/candles/trade:1h:{BTC}/hist"
FORCED = "/v2/liquidations/hist"
DAY = date(2026, 11, 13)


def test_the_listing_is_an_array_in_an_array(simulated: Any) -> None:
    (pairs,) = simulated.json(HOST, "/v2/conf/pub:list:pair:futures")
    assert "BTCF0:USTF0" in pairs


def test_liquidations_are_nested_thrice_and_name_trigger_and_execution(simulated: Any) -> None:
    rows = simulated.json(HOST, FORCED, limit=10)
    assert {len(group) for group in rows} == {1}
    assert [group[0][0] for group in rows] == ["pos"] * 10
    assert [group[0][8] for group in rows] == [1, 0] * 5
    times = [group[0][2] for group in rows]
    assert times == sorted(times, reverse=True)


def test_both_bounds_are_included_and_the_order_can_be_turned(simulated: Any) -> None:
    newest = simulated.json(HOST, FORCED, limit=1)[0][0][2]
    rows = simulated.json(HOST, FORCED, start=newest, end=newest, sort=1)
    assert [group[0][8] for group in rows] == [0, 1]


def test_a_state_has_its_open_interest_at_place_seventeen(simulated: Any) -> None:
    (row,) = simulated.json(HOST, STATUS, start=MONDAY + 1, sort=1, limit=1)
    assert (row[0], row[7], len(row)) == (MONDAY + 300_000, MONDAY + 8 * HOUR, 23)
    assert 0 < row[17] < 10_000


def test_a_candle_has_its_close_before_its_high(simulated: Any) -> None:
    (row,) = simulated.json(HOST, CANDLES, start=MONDAY, end=MONDAY, sort=1)
    assert (row[0], len(row)) == (MONDAY, 6)
    assert row[4] <= min(row[1], row[2]) <= max(row[1], row[2]) <= row[3]


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/v2/status/deriv/tNONEF0:USTF0/hist", {}, "key: invalid"),
        ("/v2/candles/trade:1h:tNONEF0:USTF0/hist", {}, "symbol: invalid"),
        (f"/v2/candles/trade:90m:{BTC}/hist", {}, "time_interval: invalid"),
        (FORCED, {"limit": 501}, "limit: invalid"),
        (STATUS, {"limit": 5001}, "limit: invalid"),
        (FORCED, {"sort": 2}, "sort: invalid"),
        (FORCED, {"start": "yesterday"}, "start: invalid"),
    ],
)
def test_a_refusal_is_an_array(simulated: Any, path: str, asked: Any, words: str) -> None:
    answer = simulated.get(HOST, path, **asked)
    assert (answer.status_code, answer.json()) == (500, ["error", 10020, words])


def test_the_fourth_question_of_a_minute_about_liquidations_is_too_many(desk: Any) -> None:
    venue = Bitfinex(desk)
    asked = Request(HOST, FORCED, "", {}, {}, "127.0.0.1")
    assert [venue.answer(asked).status for _ in range(4)] == [200, 200, 200, 429]
    states = Request(HOST, STATUS, "", {"limit": "1"}, {}, "127.0.0.1")
    assert venue.answer(states).status == 200


def test_our_reading_of_a_day_gives_back_each_order_once(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame]
) -> None:
    true = truly_forced("bitfinex", DAY)
    read = through("bitfinex/liquidations", DAY, DAY)
    ours = read.rows.select(
        pl.col("instrument_id").str.strip_prefix("bitfinex:"),
        pl.col("time").dt.epoch("ms"),
        pl.col("position").cast(pl.String),
        pl.col("size", "price").cast(pl.Float64),
    )
    theirs = true.select("symbol", "time_ms", "position", pl.col("size", "fill").cast(pl.Float64))
    assert sorted(ours.iter_rows()) == sorted(theirs.iter_rows())
    assert ours.height > 5
    executions = ["an execution of a position whose trigger counts"] * true.height
    assert read.refused["reason"].to_list() == executions
    assert read.rows["notional_usd"].cast(pl.Float64).sum() == pytest.approx(
        true["usd"].cast(pl.Float64).sum()
    )


def test_a_day_of_states_is_read_hour_by_hour(through: Callable[..., Any]) -> None:
    interest = through("bitfinex/status", DAY, DAY, (BTC,), table="open_interest")
    assert (sorted(interest.rows["time"].dt.hour()), interest.refused.height) == (
        list(range(24)),
        0,
    )


def test_the_three_settlements_of_a_day_are_read(through: Callable[..., Any], world: Any) -> None:
    rates = through("bitfinex/status", DAY, DAY, (BTC,), table="funding").rows
    true = dict(world.funding("bitfinex", BTC).select("time_ms", "rate").iter_rows())
    told = rates.select(pl.col("time").dt.epoch("ms"), pl.col("funding_rate").cast(pl.Float64))
    assert sorted(rates["time"].dt.hour()) == [0, 8, 16]
    assert all(rate == pytest.approx(true[at], abs=1e-8) for at, rate in told.iter_rows())


def test_a_day_of_candles_is_read_whole(through: Callable[..., Any]) -> None:
    assert through("bitfinex/candles", DAY, DAY, (BTC,)).rows.height == 24


def test_frames_of_the_socket_tell_what_the_history_tells(
    through: Callable[..., Any], simulated: Any, captured: Any
) -> None:
    heard = through("bitfinex/liq_global", DAY, DAY, captures=captured, table="liquidations")
    asked = through("bitfinex/liquidations", DAY, DAY)
    names = ["instrument_id", "time", "position", "size", "price"]
    assert heard.rows.select(names).sort(names).equals(asked.rows.select(names).sort(names))
