"""Hyperliquid: what is posted to it, and what our own reading makes of it and of node fills."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replica.answer import Request
from replica.node_fills import write_node_fills
from replica.venues.hyperliquid import Hyperliquid

HOST = "api.hyperliquid.xyz"
HOUR = 3_600_000
MONDAY = 1794182400000
DAY = date(2026, 11, 12)


def post(simulated: Any, told: Any) -> Any:
    return simulated.session.post(f"{simulated.base}/{HOST}/info", json=told, timeout=10)


def candles(**more: Any) -> dict[str, Any]:
    return {"type": "candleSnapshot", "req": {"coin": "BTC", "interval": "1h"} | more}


def test_markets_and_their_states_stand_in_the_same_order(simulated: Any) -> None:
    meta, states = post(simulated, {"type": "metaAndAssetCtxs"}).json()
    names = [market["name"] for market in meta["universe"]]
    assert len(names) == len(states)
    prices = dict(zip(names, (Decimal(state["markPx"]) for state in states), strict=True))
    assert prices["BTC"] == max(prices.values())


def test_rates_come_oldest_first_and_at_most_five_hundred(simulated: Any) -> None:
    asked = {"type": "fundingHistory", "coin": "BTC", "startTime": MONDAY - 5000 * HOUR}
    times = [row["time"] for row in post(simulated, asked).json()]
    assert len(times) == 500
    assert times == list(range(times[0], times[0] + 500 * HOUR, HOUR))


def test_candles_name_their_coin_and_both_ends(simulated: Any) -> None:
    first, second = post(simulated, candles(startTime=MONDAY, endTime=MONDAY + HOUR)).json()
    assert (first["s"], first["i"], first["t"], first["T"]) == (
        "BTC", "1h", MONDAY, MONDAY + HOUR - 1,
    )  # fmt: skip
    assert second["t"] == MONDAY + HOUR


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"type": "nothing"},
        {"type": "fundingHistory", "coin": "BTC"},
        candles(startTime="yesterday"),
        candles(startTime=MONDAY, interval="90m"),
        candles(startTime=MONDAY, coin="NONE"),
    ],
)
def test_what_cannot_be_read_is_status_422_with_words(simulated: Any, told: Any) -> None:
    answer = post(simulated, told)
    assert answer.status_code == 422
    assert "deserialize" in answer.text


def test_a_question_that_is_not_posted_is_refused(simulated: Any) -> None:
    assert simulated.get(HOST, "/info").status_code == 422


def test_our_reading_of_node_fills_gives_back_every_forced_order_of_a_day(
    through: Any, truly_forced: Any, world: Any, tmp_path: Path
) -> None:
    write_node_fills(world, tmp_path / "captures", world.now_ms)
    told = through("hyperliquid/node_fills", DAY, DAY, captures=tmp_path / "captures")
    ours = [
        (
            int(r["time"].timestamp() * 1000),
            r["instrument_id"],
            r["position"],
            r["size"],
            r["price"],
        )
        for r in told.rows.iter_rows(named=True)
    ]
    theirs = [
        (
            r["time_ms"], f"hyperliquid:{r['symbol']}", r["position"],
            Decimal(r["size"]), Decimal(r["fill"]),
        )
        for r in truly_forced("hyperliquid", DAY).iter_rows(named=True)
    ]  # fmt: skip
    assert sorted(ours) == sorted(theirs)
    assert len(ours) > 50
    assert told.refused.is_empty()


def test_our_reading_of_rates_and_candles_has_every_hour(through: Any) -> None:
    for name in ("funding", "candles"):
        rows = through(f"hyperliquid/{name}", DAY, DAY, ("BTC", "ETH")).rows
        assert rows.height == 48
        assert rows["time"].min() == datetime(2026, 11, 12, tzinfo=UTC)


def test_a_question_weighs_twenty_and_more_for_what_it_brings(desk: Any) -> None:
    """500 rates weigh 45, so that 26 such questions fit into 1200, and one light one beside."""
    venue = Hyperliquid(desk)
    start = {"startTime": MONDAY - 5000 * HOUR}
    rates: dict[str, object] = {"type": "fundingHistory", "coin": "BTC"} | start

    def status(told: dict[str, object]) -> int:
        return venue.answer(Request(HOST, "/info", "", {}, {}, "somebody", told)).status

    assert [status(rates) for _ in range(27)] == [200] * 26 + [429]
    assert [status({"type": "metaAndAssetCtxs"}) for _ in range(2)] == [200, 429]
