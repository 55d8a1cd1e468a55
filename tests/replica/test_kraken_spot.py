"""Kraken spot: stable coins near a dollar, 720 hours at most, and our own reading of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.normalise.dollars import rates_of
from replica.simulated.world import World

HOST = "api.kraken.com"
HOUR_S = 3_600
MONDAY_S = 1794182400
PAIRS = ("USDTUSD", "USDCUSD")


def candles(simulated: Any, **asked: object) -> dict[str, Any]:
    told = simulated.json(HOST, "/0/public/OHLC", **({"interval": 60} | asked))
    assert told["error"] == []
    result: dict[str, Any] = told["result"]
    return result


@pytest.mark.parametrize("pair", PAIRS)
def test_a_stable_coin_stays_near_a_dollar_and_a_candle_holds_its_own_prices(
    simulated: Any, pair: str
) -> None:
    (name,) = set(candles(simulated, pair=pair)) - {"last"}
    rows = candles(simulated, pair=pair)[name]
    opened, high, low, closed = ([float(row[n]) for row in rows] for n in (1, 2, 3, 4))
    assert min(low) >= 0.998
    assert max(high) <= 1.001
    assert len(set(closed)) > 25
    for o, h, lo, c in zip(opened, high, low, closed, strict=True):
        assert lo <= min(o, c) <= max(o, c) <= h
    assert opened[1:] == closed[:-1]


def test_since_is_exclusive_and_the_running_hour_comes_last_with_digits_as_text(
    simulated: Any,
) -> None:
    result = candles(simulated, pair="USDTUSD", since=MONDAY_S)
    rows = result["USDTZUSD"]
    assert rows[0][0] == MONDAY_S + HOUR_S
    assert {row[0] % HOUR_S for row in rows} == {0}
    assert rows[-1][0] == result["last"] + HOUR_S
    assert [type(value) for value in rows[0]] == [int, *[str] * 6, int]


def test_720_rows_at_most_are_given_whatever_is_asked(simulated: Any) -> None:
    every = candles(simulated, pair="USDCUSD", since=0)["USDCUSD"]
    assert 500 < len(every) <= 720


def test_a_pair_nobody_lists_and_a_bad_interval_are_errors_with_status_200(simulated: Any) -> None:
    for words, asked in (
        ("EQuery:Unknown asset pair", {"pair": "DAIUSD", "interval": 60}),
        ("EGeneral:Invalid arguments", {"pair": "USDTUSD", "interval": 61}),
        ("EGeneral:Invalid arguments", {"pair": "USDTUSD", "since": "monday"}),
        ("EGeneral:Invalid arguments", {"interval": 60}),
    ):
        answer = simulated.get(HOST, "/0/public/OHLC", **asked)
        assert (answer.status_code, answer.json()["error"]) == (200, [words])


def test_pairs_are_listed_with_base_and_quote(simulated: Any) -> None:
    result = simulated.json(HOST, "/0/public/AssetPairs", pair=",".join(PAIRS))["result"]
    assert {pair["wsname"] for pair in result.values()} == {"USDT/USD", "USDC/USD"}
    assert simulated.json(HOST, "/0/public/AssetPairs", pair="NOUSD")["error"]


def test_a_recorded_market_has_no_hours(recorded: Any) -> None:
    told = recorded.json(HOST, "/0/public/OHLC", pair="USDTUSD", interval=60, since=7)
    assert told == {"error": [], "result": {"USDTZUSD": [], "last": 7}}


def test_the_same_seed_gives_the_same_rates_and_another_does_not(world: World) -> None:
    assert world.stable("USDT").equals(World(7, "small").stable("USDT"))
    assert not world.stable("USDT").equals(World(8, "small").stable("USDT"))


def test_our_own_reading_gives_back_the_closes_of_the_market(
    through: Callable[..., Any], world: World
) -> None:
    day = date(2026, 11, 10)
    found = through("kraken_spot/stable_candles", day, day, PAIRS)
    assert found.refused.is_empty()
    rates = rates_of(found.rows).sort("quote", "hour")
    assert rates.height == 48
    for coin in ("USDC", "USDT"):
        true = world.stable(coin).filter(pl.from_epoch("time_ms", time_unit="ms").dt.date() == day)
        ours = rates.filter(pl.col("quote") == coin)["rate"].cast(pl.Float64)
        assert ours.to_list() == pytest.approx(true["close"].to_list(), abs=1e-12)
