"""Which raw side of single orders sums to the longs: told by one-sided days, and by no others."""

from decimal import Decimal
from typing import Any

import pytest

from pipelines.tables import LIQUIDATION_TOTALS, REPORTED_ORDERS

BY_PAIR = {
    "venue": "binance",
    "instrument_id": "binance:BTCUSDT",
    "scope": "binance:BTCUSDT",
    "feed": "coinglass/pair_liquidations@2020-12-23",
}


def put_orders(ground: Any, of_1: int, of_2: int, **more: Any) -> None:
    ground.put(REPORTED_ORDERS, ground.at(0, 1), side_raw="1", notional_usd=of_1, **more)
    ground.put(REPORTED_ORDERS, ground.at(0, 2), side_raw="2", notional_usd=of_2, **more)


def put_totals(ground: Any, longs: int, shorts: int, **more: Any) -> None:
    for position, dollars in (("long", longs), ("short", shorts)):
        ground.put(
            LIQUIDATION_TOTALS, ground.at(0), position=position, notional_usd=dollars, **more
        )


def sides_of(ground: Any) -> list[Any]:
    ground.made("core.order_sides")
    return list(ground.ask("select venue, coin, orders, side_of_longs from core.order_sides"))


@pytest.mark.parametrize(
    ("of_1", "of_2", "longs", "shorts", "side"),
    [
        (95, 5, 900, 100, "1"),
        (5, 95, 900, 100, "2"),
        (95, 5, 100, 900, "2"),
        (5, 95, 100, 900, "1"),
        (60, 40, 900, 100, None),  # a large order on the other side, or a filter of small ones
        (95, 5, 600, 400, None),
    ],
)
def test_the_side_of_the_longs_is_the_one_that_weighs_as_much(
    ground: Any, of_1: int, of_2: int, longs: int, shorts: int, side: str | None
) -> None:
    put_orders(ground, of_1, of_2)
    put_totals(ground, longs, shorts, **BY_PAIR)
    assert sides_of(ground) == [("binance", "BTC", 2, side)]


def test_a_sum_over_venues_is_held_against_the_orders_of_all_of_them(ground: Any) -> None:
    put_orders(ground, 90, 10)
    put_orders(ground, 10, 1, venue="bybit", symbol="BTCUSD")
    put_totals(ground, 900, 100)
    assert sides_of(ground) == [("several", "BTC", 4, "1")]
    (row,) = ground.ask("select side_1_usd, side_2_usd, longs_usd from core.order_sides")
    assert row == (Decimal(100), Decimal(11), Decimal(900))


def test_a_day_without_sums_or_without_orders_tells_nothing(ground: Any) -> None:
    put_orders(ground, 95, 5)
    put_totals(ground, 900, 100, coin="ETH")
    assert sides_of(ground) == []


def test_a_day_that_was_not_over_when_it_was_asked_for_tells_nothing(ground: Any) -> None:
    put_orders(ground, 95, 5)
    put_totals(ground, 900, 100, asked_at=ground.at(0, 12), **BY_PAIR)
    assert sides_of(ground) == []


def test_days_that_do_not_agree_are_told_as_such(ground: Any) -> None:
    put_orders(ground, 95, 5)
    put_totals(ground, 900, 100, **BY_PAIR)
    put_orders(ground, 5, 95, venue="bybit")
    other = BY_PAIR | {"venue": "bybit", "instrument_id": "bybit:BTCUSDT", "scope": "bybit:BTCUSDT"}
    put_totals(ground, 900, 100, **other)
    ground.made("finding.order_side_meaning")
    ((sentence,),) = ground.ask("select sentence from finding.order_side_meaning")
    assert sentence.endswith(
        "side 1 sums to the longs on 1 and side 2 on 1: the days do not agree."
    )
