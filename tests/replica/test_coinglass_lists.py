"""CoinGlass beside its series: pairs, the past hours, single orders, calendar, mood."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

HOST = "open-api-v4.coinglass.com"
FUTURES = "/api/futures"
ORDER = f"{FUTURES}/liquidation/order"
DAY = 86_400_000
NOW = 1794981600000  # 2026-11-18 06:00
DAY_ASKED = date(2026, 11, 12)


def test_a_missing_parameter_is_named(simulated: Any) -> None:
    for path, params, name in (
        (ORDER, {"symbol": "BTC"}, "min_liquidation_amount"),
        (ORDER, {"min_liquidation_amount": "1"}, "symbol"),
        (f"{FUTURES}/liquidation/exchange-list", {}, "range"),
        (f"{FUTURES}/open-interest/history", {"symbol": "BTCUSDT"}, "exchange"),
    ):
        answer = simulated.json(HOST, path, **params)
        words = f"Required String parameter '{name}' is not present"
        assert answer == {"code": "400", "msg": words}


def test_orders_are_the_newest_two_hundred_of_the_past_week_and_a_long_sells(
    simulated: Any, truly_forced: Callable[..., pl.DataFrame]
) -> None:
    asked = {"symbol": "BTC", "exchange": "Binance", "min_liquidation_amount": "1"}
    rows = simulated.json(HOST, ORDER, **asked, start_time=0)["data"]
    times = [row["time"] for row in rows]
    assert len(rows) == 200
    assert times == sorted(times, reverse=True)
    assert min(times) >= NOW - 7 * DAY
    day = date(1970, 1, 1).fromordinal(date(1970, 1, 1).toordinal() + times[0] // DAY)
    sides = {
        r["time_ms"]: r["position"] for r in truly_forced("binance", day, shown=True).to_dicts()
    }
    assert rows[0]["side"] == {"long": 2, "short": 1}[sides[times[0]]]
    assert rows[0]["exchange_name"] == "BINANCE"


def test_small_orders_are_left_out(simulated: Any) -> None:
    asked = {"symbol": "BTC", "exchange": "Bybit", "min_liquidation_amount": "50000"}
    rows = simulated.json(HOST, ORDER, **asked)["data"]
    assert rows
    assert all(row["usd_value"] >= 50_000 for row in rows)


@pytest.mark.parametrize("hours", ["1h", "4h", "12h", "24h"])
def test_the_past_hours_by_coin_and_by_venue_make_one_sum(simulated: Any, hours: str) -> None:
    coins = simulated.json(HOST, f"{FUTURES}/liquidation/coin-list")["data"]
    venues = simulated.json(HOST, f"{FUTURES}/liquidation/exchange-list", range=hours)["data"]
    assert venues[0]["exchange"] == "All"
    by_coin = sum(row[f"long_liquidation_usd_{hours}"] for row in coins)
    assert by_coin == pytest.approx(venues[0]["long_liquidation_usd"])
    assert by_coin == pytest.approx(sum(row["long_liquidation_usd"] for row in venues[1:]))


def test_figures_of_a_pair_are_those_of_its_market(simulated: Any) -> None:
    asked = {"symbol": "BTCUSDT", "exchange": "Binance", "interval": "1d", "limit": 2}
    interest = simulated.json(HOST, f"{FUTURES}/open-interest/history", **asked)["data"]
    funding = simulated.json(HOST, f"{FUTURES}/funding-rate/history", **asked)["data"]
    assert all(isinstance(row["close"], str) for row in (*interest, *funding))
    assert abs(float(funding[0]["close"])) < 1
    in_coins = simulated.json(HOST, f"{FUTURES}/open-interest/history", **asked, unit="coin")
    assert float(in_coins["data"][0]["close"]) < float(interest[0]["close"])


def test_the_calendar_reaches_fifteen_days_either_way(simulated: Any) -> None:
    path = "/api/calendar/economic-data"
    rows = simulated.json(HOST, path, start_time=0, end_time=NOW + 90 * DAY)["data"]
    times = [row["publish_timestamp"] for row in rows]
    assert NOW - 15 * DAY <= min(times) < NOW < max(times) <= NOW + 15 * DAY + 60_000
    assert all((row["published_value"] == "") is (row["publish_timestamp"] > NOW) for row in rows)


def test_the_mood_is_parallel_lists_in_seconds(simulated: Any) -> None:
    (lists,) = simulated.json(HOST, "/api/index/fear-greed-history")["data"]
    assert len(lists["data_list"]) == len(lists["time_list"]) == len(lists["price_list"])
    assert lists["time_list"][-1] == NOW // 1000 // 86_400 * 86_400


def test_a_recorded_market_holds_nothing_of_these(recorded: Any) -> None:
    for path, params in (
        (f"{FUTURES}/liquidation/coin-list", {}),
        (f"{FUTURES}/liquidation/exchange-list", {"range": "1h"}),
        (ORDER, {"symbol": "BTC", "min_liquidation_amount": "1"}),
        ("/api/calendar/economic-data", {}),
    ):
        assert recorded.json(HOST, path, **params)["data"] == []


def test_orders_come_through_exactly_however_many_there_are(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame]
) -> None:
    told = through("coinglass/orders", DAY_ASKED, date(2026, 11, 17), ("BTC",))
    days = [date(2026, 11, day) for day in range(DAY_ASKED.day, 18)]
    orders = pl.concat([truly_forced("binance", day, shown=True) for day in days])
    of_coin = orders.filter(pl.col("symbol").is_in(["BTCUSDT", "BTCUSD_PERP"]))
    sides = {"long": "2", "short": "1"}
    expected = [
        (r["time_ms"], r["symbol"], sides[r["position"]], Decimal(r["fill"]), Decimal(r["usd"]))
        for r in of_coin.to_dicts()
    ]
    columns = (pl.col("time").dt.epoch("ms"), "symbol", "side_raw", "price", "notional_usd")
    came = told.rows.filter(pl.col("venue") == "binance").select(*columns).rows()
    assert told.refused.is_empty()
    assert sorted(came) == sorted(expected)
    assert len(came) > 200


def test_sums_of_a_pair_come_through_as_what_its_venue_showed(
    through: Callable[..., Any], truly_forced: Callable[..., pl.DataFrame]
) -> None:
    told = through("coinglass/pair_liquidations", DAY_ASKED, DAY_ASKED, ("Bybit:BTCUSDT",))
    orders = truly_forced("bybit", DAY_ASKED, shown=True).filter(pl.col("symbol") == "BTCUSDT")
    for position, usd in told.rows.select("position", "notional_usd").rows():
        of_side = orders.filter(pl.col("position") == position)["usd"]
        assert float(usd) == pytest.approx(sum(float(one) for one in of_side), abs=0.01)
    assert told.rows.height == 2


def test_the_calendar_and_the_mood_come_through_without_a_listing(
    through: Callable[..., Any],
) -> None:
    first, last = date(2026, 11, 9), date(2026, 11, 15)
    events = through("coinglass/calendar", first, last)
    assert events.refused.is_empty()
    assert events.rows.height == 3
    moods = through("coinglass/fear_greed", first, last)
    assert moods.rows.height == 7
