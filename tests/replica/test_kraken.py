"""Kraken: the whole tape by continuation token, with the forced fills among the others."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

HOST = "futures.kraken.com"
WEEK = {"since": 1794182400000, "before": 1794787199999}
ANALYTICS = "/api/charts/v1/analytics/PF_XBTUSD"
HOURS = {"since": WEEK["since"] // 1000, "interval": 3600}


def _tape(served: Any, symbol: str, **params: object) -> list[dict[str, Any]]:
    fills: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        path = f"/api/history/v3/market/{symbol}/executions"
        page = served.json(HOST, path, **params, **token)
        assert page["len"] == len(page["elements"])
        fills += page["elements"]
        if "continuationToken" not in page:
            return fills
        token = {"continuation_token": page["continuationToken"]}


def _fill(element: dict[str, Any]) -> dict[str, Any]:
    fill: dict[str, Any] = element["event"]["Execution"]["execution"]
    return fill


def test_pages_hold_each_fill_once_newest_first(simulated: Any) -> None:
    fills = _tape(simulated, "PF_XBTUSD", **WEEK, count=17)
    times = [fill["timestamp"] for fill in fills]
    assert times == sorted(times, reverse=True)
    assert len({fill["uid"] for fill in fills}) == len(fills) > 17


def test_a_single_fill_that_is_left_gets_a_page_of_its_own(simulated: Any) -> None:
    whole = _tape(simulated, "PF_XBTUSD", **WEEK)
    assert _tape(simulated, "PF_XBTUSD", **WEEK, count=len(whole) - 1) == whole


def test_the_tape_can_be_read_upwards(simulated: Any) -> None:
    up = _tape(simulated, "PF_XBTUSD", **WEEK, sort="asc")
    down = _tape(simulated, "PF_XBTUSD", **WEEK)
    assert [one["uid"] for one in up] == [one["uid"] for one in reversed(down)]


def test_forced_fills_add_up_to_the_truth(simulated: Any) -> None:
    forced, usd, longs = 0, Decimal(0), 0
    for instrument in simulated.json(HOST, "/derivatives/api/v3/instruments")["instruments"]:
        for element in _tape(simulated, instrument["symbol"], **WEEK):
            fill = _fill(element)
            if "liquidation" in fill["takerOrder"]["orderType"].lower():
                forced += 1
                usd += Decimal(fill["usdValue"])
                longs += fill["takerOrder"]["direction"] == "Sell"
    rows = simulated.own("truth?week=2026-W46")["rows"]
    true = [row for row in rows if row["venue"] == "kraken"]
    assert forced == sum(row["events"] for row in true)
    assert longs == sum(row["events"] for row in true if row["position"] == "long")
    # The venue prints each fill in whole cents.
    assert abs(usd - sum(Decimal(row["usd"]) for row in true)) < Decimal("0.005") * forced + 1


def test_most_of_the_tape_is_ordinary(simulated: Any) -> None:
    words = [_fill(one)["takerOrder"]["orderType"] for one in _tape(simulated, "PF_ETHUSD")]
    forced = sum("iquidation" in word for word in words)
    assert 5 * forced <= len(words) - forced <= 10 * forced


def test_tickers_and_instruments_name_both_kinds_of_contract(simulated: Any) -> None:
    instruments = simulated.json(HOST, "/derivatives/api/v3/instruments")["instruments"]
    kinds = {row["symbol"]: row["type"] for row in instruments}
    assert kinds["PF_XBTUSD"] == "flexible_futures"
    assert kinds["PI_XBTUSD"] == "futures_inverse"
    tickers = simulated.json(HOST, "/derivatives/api/v3/tickers")["tickers"]
    assert {row["symbol"] for row in tickers} == set(kinds)
    assert all(row["openInterest"] > 0 for row in tickers)


def test_an_unknown_contract_is_said_to_be_unknown(simulated: Any) -> None:
    answer = simulated.json(HOST, "/api/history/v3/market/PF_NOPEUSD/executions")
    assert (answer["result"], answer["error"]) == ("error", "contractNotFound")


def test_analytics_are_columns_and_say_whether_more_follows(simulated: Any) -> None:
    asked = HOURS | {"interval": 300}
    page = simulated.json(HOST, f"{ANALYTICS}/long-short-ratio", **asked)["result"]
    assert page["more"] is True
    assert len(page["timestamp"]) == len(page["data"]) == 500
    rest = simulated.json(
        HOST, f"{ANALYTICS}/long-short-ratio", **(asked | {"since": page["timestamp"][-1] + 300})
    )["result"]
    assert rest["timestamp"][0] == page["timestamp"][-1] + 300


def test_open_interest_of_an_hour_has_four_figures(simulated: Any) -> None:
    asked = HOURS | {"to": HOURS["since"] + 3600}
    result = simulated.json(HOST, f"{ANALYTICS}/open-interest", **asked)["result"]
    for first, high, low, last in result["data"]:
        assert Decimal(low) <= min(Decimal(first), Decimal(last))
        assert Decimal(high) >= max(Decimal(first), Decimal(last))


def test_the_sum_of_liquidations_is_not_parted_by_side(simulated: Any, truly_forced: Any) -> None:
    day, start = date(2026, 11, 12), 1794441600
    asked = {"since": start, "to": start + 86_399, "interval": 3600}
    result = simulated.json(HOST, f"{ANALYTICS}/liquidation-volume", **asked)["result"]
    orders = truly_forced("kraken", day)
    ours = orders.filter(orders["symbol"] == "PF_XBTUSD")["usd"].to_list()
    assert sum(map(Decimal, result["data"])) == sum(map(Decimal, ours))
    assert len(result["timestamp"]) == len(result["data"])


def test_a_call_gives_two_thousand_candles_at_most(simulated: Any) -> None:
    since = 1790000000
    page = simulated.json(HOST, "/api/charts/v1/trade/PF_XBTUSD/1h", from_=since)
    assert 0 < len(page["candles"]) <= 2000
    assert page["more_candles"] is False


def test_the_charts_refuse_in_the_venue_s_own_words(simulated: Any) -> None:
    for path, asked, word in (
        ("/api/charts/v1/analytics/PF_NOPEUSD/open-interest", HOURS, "contractNotFound"),
        (f"{ANALYTICS}/open-interest", HOURS | {"interval": 7}, "invalidArgument"),
        (f"{ANALYTICS}/mood", HOURS, "invalidArgument"),
        ("/api/charts/v1/trade/PF_XBTUSD/7h", {}, "invalidArgument"),
        ("/derivatives/api/v4/historicalfundingrates", {"symbol": "NOPE"}, "contractNotFound"),
    ):
        answer = simulated.json(HOST, path, **asked)
        assert (answer["result"], answer["error"]) == ("error", word), path


def _told(rows: Any) -> list[tuple[object, ...]]:
    return sorted(
        (
            int(r["time"].timestamp() * 1000),
            r["instrument_id"],
            r["position"],
            r["size"],
            r["price"],
        )
        for r in rows.iter_rows(named=True)
    )


def _true(orders: Any) -> list[tuple[object, ...]]:
    return sorted(
        (
            r["time_ms"],
            f"kraken:{r['symbol']}",
            r["position"],
            Decimal(r["size"]),
            Decimal(r["fill"]),
        )
        for r in orders.iter_rows(named=True)
    )


def _of_week(truly_forced: Any) -> Any:
    """The venue has few orders on most days."""
    return pl.concat([truly_forced("kraken", date(2026, 11, day)) for day in range(9, 16)])


def test_our_reading_of_the_tape_gives_back_every_forced_order_of_a_week(
    simulated: Any, through: Any, truly_forced: Any
) -> None:
    first, last = date(2026, 11, 9), date(2026, 11, 15)
    listed = simulated.json(HOST, "/derivatives/api/v3/instruments")["instruments"]
    told = through("kraken/executions", first, last, tuple(one["symbol"] for one in listed))
    assert _told(told.rows) == _true(_of_week(truly_forced))
    assert told.rows.height > 10
    assert told.refused.is_empty()


def test_the_socket_s_trades_give_the_same_orders(
    through: Any, truly_forced: Any, captured: Path
) -> None:
    first, last = date(2026, 11, 9), date(2026, 11, 15)
    told = through("kraken/trade", first, last, captures=captured, table="liquidations")
    assert _told(told.rows) == _true(_of_week(truly_forced))
    assert told.refused.is_empty()


def test_our_reading_of_hours_has_each_once(through: Any) -> None:
    day, both = date(2026, 11, 12), ("PF_XBTUSD", "PI_XBTUSD")
    for name in ("open_interest_history", "long_short", "candles", "mark_candles", "funding"):
        told = through(f"kraken/{name}", day, day, both)
        hours = told.rows.group_by("instrument_id").agg(pl.col("time").dt.hour().sort())
        assert hours["time"].to_list() == [list(range(24))] * 2, name
        assert told.refused.is_empty()


def test_funding_is_the_rate_that_settled(simulated: Any, through: Any) -> None:
    day = date(2026, 11, 12)
    rows = through("kraken/funding", day, day, ("PF_XBTUSD",)).rows.sort("time")
    path = "/derivatives/api/v4/historicalfundingrates"
    served = simulated.json(HOST, path, symbol="PF_XBTUSD")["rates"]
    of_day = [one for one in served if one["timestamp"].startswith("2026-11-12")]
    assert rows["funding_rate"].cast(pl.Float64).to_list() == [
        one["relativeFundingRate"] for one in of_day
    ]
