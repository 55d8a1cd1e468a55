"""From single events and published sums to days and weeks: nothing counted twice, nothing made up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipelines.tables import ASKINGS, INSTRUMENTS, LIQUIDATION_TOTALS, LIQUIDATIONS, LISTENING

WEEKLY = """
    select notional_usd, days_held, missing_days, is_complete
    from mart.weekly_liquidations where position = 'long'
"""


def put_week(ground: Any, *, without: tuple[int, ...] = (), **values: Any) -> Any:
    for day in set(range(7)) - set(without):
        for position in ("long", "short"):
            ground.put(LIQUIDATION_TOTALS, ground.at(day), position=position, **values)
    return ground


def listen(ground: Any, days: tuple[int, ...], **values: Any) -> Any:
    for day in days:
        for hour in range(24):
            ground.put(LISTENING, ground.at(day, hour), **values)
    return ground


def ask_for(ground: Any, days: tuple[int, ...], **values: Any) -> Any:
    asked = {"source": "kraken", "dataset": "executions", "subject": "PF_XBTUSD"} | values
    for day in days:
        ground.put(ASKINGS, ground.at(day), **asked)
    return ground


KRAKEN = {
    "source": "kraken",
    "venue": "kraken",
    "instrument_id": "kraken:PF_XBTUSD",
    "feed": "kraken/executions@2022-03-23",
}
LISTED = KRAKEN | {"source_symbol": "PF_XBTUSD", "feed": "kraken/instruments@2022-03-23"}


def test_a_week_is_the_exact_sum_of_its_seven_days(ground: Any) -> None:
    digits = Decimal("0.100000000000000001")
    put_week(ground, notional_usd=digits).made()
    assert ground.ask(WEEKLY) == [(7 * digits, 7, "", True)]


def test_a_missing_day_is_named_and_is_no_zero(ground: Any) -> None:
    put_week(ground, without=(2,)).made()
    assert ground.ask(WEEKLY) == [(600, 6, "2022-06-15", False)]
    assert ground.ask(
        """
        select day, notional_usd, is_held from mart.daily_liquidations
        where position = 'long' and day between '2022-06-14' and '2022-06-16' order by day
        """
    ) == [
        (ground.at(1).date(), 100, True),
        (ground.at(2).date(), None, False),
        (ground.at(3).date(), 100, True),
    ]
    assert ground.ask(
        "select days_held, coins_incomplete, missing_days from mart.weekly_totals where position = 'long'"
    ) == [(6, 1, "2022-06-15")]


def test_a_total_takes_the_days_missing_of_any_coin(ground: Any) -> None:
    put_week(ground, without=(2, 4))
    put_week(ground, without=(0, 2), coin="ETH")
    put_week(ground, coin="SOL").made()
    assert ground.ask(
        """
        select notional_usd, coins, days_held, coins_incomplete, missing_days
        from mart.weekly_totals where position = 'short'
        """
    ) == [(1700, 3, 5, 2, "2022-06-13,2022-06-15,2022-06-17")]


def test_a_published_zero_is_a_zero(ground: Any) -> None:
    put_week(ground, notional_usd=0, origin="left_out").made()
    assert ground.ask(WEEKLY) == [(0, 7, "", True)]


def test_a_day_asked_before_it_was_over_is_not_whole(ground: Any) -> None:
    put_week(ground, without=(6,))
    ground.put(LIQUIDATION_TOTALS, ground.at(6), asked_at=ground.at(6, 23)).made()
    assert ground.ask(WEEKLY) == [(700, 7, "", False)]


def test_markets_of_one_coin_are_added_up_and_named(ground: Any) -> None:
    market = {"source": "coinalyze", "venue": "binance", "usd_basis": "par", "size_coins": 2}
    put_week(ground, instrument_id="binance:BTCUSDT", scope="binance:BTCUSDT", **market)
    put_week(ground, instrument_id="binance:BTCUSDC", scope="binance:BTCUSDC", **market)
    ground.made()
    assert ground.ask(
        "select notional_usd, size_coins, scope, usd_basis, is_complete from mart.weekly_liquidations"
    ) == 2 * [(1400, 28, "binance:BTCUSDC, binance:BTCUSDT", "par", True)]


def test_a_day_that_lacks_one_of_the_markets_is_not_whole(ground: Any) -> None:
    market = {"source": "coinalyze", "venue": "binance"}
    put_week(ground, instrument_id="binance:BTCUSDT", scope="binance:BTCUSDT", **market)
    put_week(ground, without=(3,), instrument_id="binance:BTCUSDC", scope="x", **market).made()
    assert ground.ask(WEEKLY) == [(1300, 7, "", False)]


def test_of_two_lists_of_venues_the_latest_asked_counts_and_they_are_not_added_up(
    ground: Any,
) -> None:
    put_week(ground, scope="Binance", notional_usd=1)
    later = datetime(2022, 6, 28, tzinfo=UTC)
    put_week(ground, scope="Binance,OKX", notional_usd=5, asked_at=later).made()
    assert ground.ask("select notional_usd, scope from mart.weekly_liquidations") == 2 * [
        (35, "Binance,OKX")
    ]


def test_coins_without_a_price_are_held_without_dollars(ground: Any) -> None:
    put_week(ground, notional_usd=None, usd_basis=None, size_coins=3).made()
    assert ground.ask(
        """
        select notional_usd, size_coins, usd_basis, days_held, rows_without_usd
        from mart.weekly_liquidations
        """
    ) == 2 * [(None, 21, None, 7, 7)]


def test_par_in_any_part_makes_the_week_par(ground: Any) -> None:
    put_week(ground, without=(5,))
    ground.put(LIQUIDATION_TOTALS, ground.at(5), usd_basis="par").made()
    assert ground.ask("select usd_basis from mart.weekly_totals order by position") == [
        ("par",),
        ("published",),
    ]


def test_twenty_four_hours_make_a_day_and_twenty_three_do_not(ground: Any) -> None:
    for day, hours in ((0, 24), (1, 23)):
        for hour in range(hours):
            ground.put(LIQUIDATION_TOTALS, ground.at(day, hour), interval_s=3_600)
    ground.made()
    assert ground.ask(
        "select notional_usd, is_complete from core.liquidation_days where series = 'hourly' order by day"
    ) == [(2400, True), (2300, False)]


@pytest.mark.parametrize("series", ["events", "daily"])
def test_events_come_before_daily_sums_and_daily_before_hourly(ground: Any, series: str) -> None:
    market = {"source": "bybit", "venue": "bybit"}
    ground.put(LIQUIDATION_TOTALS, ground.at(0), interval_s=3_600, notional_usd=1, **market)
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=2, **market)
    if series == "events":
        ground.put(LIQUIDATIONS, ground.at(0), notional_usd=3, **market)
    ground.made()
    want = {"daily": 2, "events": 3}[series]
    assert ground.ask("select series, notional_usd from mart.weekly_liquidations") == [
        (series, want)
    ]
    assert ground.ask("select count(*) from core.liquidation_days") == [(3 if want == 3 else 2,)]


def test_events_are_counted_in_the_hour_and_day_that_they_happened(ground: Any) -> None:
    ground.put(LIQUIDATIONS, ground.at(0, 23, 59)).put(LIQUIDATIONS, ground.at(1, 0, 0))
    ground.put(LIQUIDATIONS, ground.at(1, 0, 59), notional_usd=7).made()
    assert ground.ask("select hour, notional_usd, rows_counted from core.liquidation_hours") == [
        (ground.at(0, 23), 100, 1),
        (ground.at(1, 0), 107, 2),
    ]
    assert ground.ask("select day, notional_usd from core.liquidation_days order by day") == [
        (ground.at(0).date(), 100),
        (ground.at(1).date(), 107),
    ]


def test_events_without_word_of_coverage_are_held_but_never_whole(ground: Any) -> None:
    ground.put(LIQUIDATIONS, ground.at(0)).made()
    assert ground.ask(WEEKLY)[0][1:] == (
        1,
        "2022-06-14,2022-06-15,2022-06-16,2022-06-17,2022-06-18,2022-06-19",
        False,
    )


def test_a_capture_that_listened_all_week_says_zero_where_it_heard_nothing(ground: Any) -> None:
    listen(ground, tuple(range(7))).put(LIQUIDATIONS, ground.at(2, 5)).made()
    assert ground.ask(
        """
        select position, notional_usd, size_coins, days_held, is_complete, coverage, usd_basis
        from mart.weekly_liquidations order by position
        """
    ) == [
        ("long", 100, 1, 7, True, "all", "par"),
        ("short", 0, 0, 7, True, "all", None),
    ]


def test_a_capture_that_was_deaf_for_a_minute_is_not_whole(ground: Any) -> None:
    listen(ground, tuple(range(6))).put(LIQUIDATIONS, ground.at(2, 5))
    for hour in range(24):
        ground.put(LISTENING, ground.at(6, hour), minutes_heard=59 if hour == 3 else 60)
    ground.made()
    assert ground.ask(WEEKLY) == [(100, 7, "", False)]


def test_a_day_on_which_the_capture_heard_nothing_is_missing(ground: Any) -> None:
    listen(ground, tuple(range(6))).put(LIQUIDATIONS, ground.at(2, 5))
    listen(ground, (6,), minutes_heard=0).made()
    assert ground.ask(WEEKLY) == [(100, 6, "2022-06-19", False)]


def test_a_market_that_was_asked_for_and_had_no_liquidation_is_zero(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0), **LISTED)
    ground.put(INSTRUMENTS, ground.at(0), **LISTED | {"source_symbol": "PF_ETHUSD", "coin": "ETH"})
    ask_for(ground, tuple(range(7)))
    ask_for(ground, tuple(range(7)), subject="PF_ETHUSD")
    ground.put(LIQUIDATIONS, ground.at(0), **KRAKEN).made()
    assert ground.ask(
        """
        select coin, notional_usd, days_held, is_complete from mart.weekly_liquidations
        where position = 'long' order by coin
        """
    ) == [("BTC", 100, 7, True), ("ETH", 0, 7, True)]


def test_an_asking_that_broke_off_is_no_zero(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0), **LISTED)
    ask_for(ground, (0, 1, 2, 3, 5, 6))
    ask_for(ground, (4,), is_complete=False, outcome="too many requests")
    ground.put(LIQUIDATIONS, ground.at(0), **KRAKEN).made()
    assert ground.ask(WEEKLY) == [(100, 6, "2022-06-17", False)]


def test_what_an_asking_that_broke_off_did_bring_is_kept_and_is_not_whole(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0), **LISTED)
    ask_for(ground, (0, 1, 2, 3, 5, 6))
    ask_for(ground, (4,), is_complete=False, outcome="too many requests")
    ground.put(LIQUIDATIONS, ground.at(4), **KRAKEN).made()
    assert ground.ask(WEEKLY) == [(100, 7, "", False)]


def test_the_days_about_new_year_lie_in_the_iso_week(ground: Any) -> None:
    for day in (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC)):
        ground.put(LIQUIDATION_TOTALS, day)
    ground.made()
    assert ground.ask(
        "select week, first_day, last_day, days_held from mart.weekly_liquidations"
    ) == [
        ("2026-W53", datetime(2026, 12, 28).date(), datetime(2027, 1, 3).date(), 2)  # noqa: DTZ001
    ]


def test_a_coin_of_which_one_market_was_not_answered_is_held_and_not_whole(ground: Any) -> None:
    for symbol in ("PF_XBTUSD", "PI_XBTUSD"):
        ground.put(INSTRUMENTS, ground.at(0), **LISTED | {"source_symbol": symbol})
        ask_for(ground, tuple(range(6)), subject=symbol)
    ask_for(ground, (6,))
    ask_for(ground, (6,), subject="PI_XBTUSD", is_complete=False, outcome="timed out")
    ground.put(LIQUIDATIONS, ground.at(0), **KRAKEN).made()
    assert ground.ask(WEEKLY) == [(100, 7, "", False)]


def test_an_event_feed_asked_before_the_day_was_over_is_held_and_not_whole(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0), **LISTED)
    ask_for(ground, tuple(range(6)))
    ask_for(ground, (6,), asked_at=ground.at(6, 23))
    ground.put(LIQUIDATIONS, ground.at(0), **KRAKEN).made()
    assert ground.ask(WEEKLY) == [(100, 7, "", False)]
