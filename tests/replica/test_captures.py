"""Captured frames: what each venue's stream pushed, and a sign of life every minute."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def lines(simulated: Any, captured: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        folder: [
            json.loads(line)
            for file in sorted((captured / folder).glob("*.jsonl"))
            for line in file.read_text().splitlines()
        ]
        for folder in (
            "binance/force_orders",
            "bybit/all_liquidation",
            "bybit/all_liquidation_inverse",
        )
    }


def _frames(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(line["frame"]) for line in lines if "frame" in line]


def _usd(order: dict[str, Any]) -> Decimal:
    """A COIN-M contract is 100 dollars of bitcoin, or 10 of another coin."""
    filled = Decimal(order["z"])
    if order["s"].endswith("USD_PERP"):
        return filled * (100 if order["s"].startswith("BTC") else 10)
    return filled * Decimal(order["ap"])


def test_lines_are_in_order_and_in_the_file_of_their_day(lines: Any, captured: Path) -> None:
    for folder, held in lines.items():
        received = [line["received_at"] for line in held]
        assert received == sorted(received)
        first = (captured / folder / "2026-11-11.jsonl").read_text().splitlines()[0]
        assert json.loads(first)["received_at"].startswith("2026-11-11T00:00:")


def test_every_minute_has_a_sign_of_life(lines: Any) -> None:
    for held in lines.values():
        alive = [line["received_at"] for line in held if line.get("alive")]
        assert len(set(alive)) == len(alive) == 23 * 24 * 60 + 6 * 60


def test_binance_pushes_one_order_a_second_and_symbol(lines: Any) -> None:
    orders = [frame["o"] for frame in _frames(lines["binance/force_orders"])]
    seconds = Counter((order["s"], order["T"] // 1000) for order in orders)
    assert set(seconds.values()) == {1}
    assert {order["S"] for order in orders} == {"BUY", "SELL"}


def test_a_forced_sale_is_a_long_on_binance_and_a_buy_on_bybit(lines: Any, simulated: Any) -> None:
    """The week's longs by the venues' own words, against the truth."""
    rows = simulated.own("truth?week=2026-W46")["rows"]
    true = {
        venue: Decimal(0)
        + sum(
            Decimal(row["usd"])
            for row in rows
            if row["venue"] == venue and row["position"] == "long"
        )
        for venue in ("binance", "bybit")
    }
    start, end = 1794182400000, 1794787200000
    shown = sum(
        _usd(frame["o"])
        for frame in _frames(lines["binance/force_orders"])
        if frame["o"]["S"] == "SELL" and start <= frame["o"]["T"] < end
    )
    assert Decimal("0.3") < shown / true["binance"] < 1
    bankrupt = sum(
        Decimal(one["v"]) * (1 if one["s"].endswith("USD") else Decimal(one["p"]))
        for category in ("all_liquidation", "all_liquidation_inverse")
        for frame in _frames(lines[f"bybit/{category}"])
        for one in frame["data"]
        if one["S"] == "Buy" and start <= one["T"] < end
    )
    # The price is the bankruptcy price, a little below the fills of a forced sale.
    assert Decimal("0.98") < bankrupt / true["bybit"] < 1


def test_contracts_of_dollars_come_in_the_same_stream_and_are_told_apart(lines: Any) -> None:
    frames = _frames(lines["binance/force_orders"])
    told = {(frame["o"]["s"].endswith("USD_PERP"), frame["st"]) for frame in frames}
    assert told == {(False, 1), (True, 2)}


def test_bybit_pushes_each_symbol_by_itself_every_half_second(lines: Any) -> None:
    frames = _frames(lines["bybit/all_liquidation"])
    assert max(len(frame["data"]) for frame in frames) > 1
    for frame in frames:
        symbol = frame["topic"].removeprefix("allLiquidation.")
        assert {one["s"] for one in frame["data"]} == {symbol}
        assert all(0 < frame["ts"] - one["T"] <= 500 for one in frame["data"])
