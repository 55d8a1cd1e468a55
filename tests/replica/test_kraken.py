"""Kraken: the whole tape by continuation token, with the forced fills among the others."""

from decimal import Decimal
from typing import Any

HOST = "futures.kraken.com"
WEEK = {"since": 1794182400000, "before": 1794787199999}


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
