"""At least and at most of an hour, by what was told, heard and traded."""

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.layers.cells import cells

HALF_PAST = timedelta(minutes=30, seconds=20)
NOON = timedelta(hours=12)


def cell(found, venue, position="long", hour=12):
    rows = found.bounds.filter(
        pl.col("venue") == venue, pl.col("position") == position, pl.col("hour") % 24 == hour
    )
    return rows.row(0, named=True) if rows.height else None


def bounds(found, venue, position="long", hour=12):
    row = cell(found, venue, position, hour)
    return row["at_least_coins"], row["at_most_coins"], row["at_most_by"]


def test_a_feed_that_shows_all_and_was_heard_whole_is_both_bounds(ground):
    ground.heard("bybit", 12)
    ground.traded("bybit", NOON, 500, 200)
    ground.order("bybit", NOON + HALF_PAST, "3")
    ground.order("bybit", NOON + HALF_PAST, "2", nth=1, price="99000")
    assert bounds(cells(ground.seen()), "bybit") == (5, 5, "feed_of_all")


def test_an_hour_that_was_heard_whole_and_had_nothing_has_no_row(ground):
    for venue in ("bybit", "binance"):
        ground.heard(venue, 12)
        ground.traded(venue, NOON, 500, 200)
    found = cells(ground.seen())
    assert cell(found, "bybit") is None
    assert cell(found, "binance") is None


def test_a_feed_of_one_a_second_may_hide_what_takers_sold_in_its_busy_minutes(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    for minute in range(60):
        ground.traded("binance", NOON + timedelta(minutes=minute), 10, 4, interval_s=60)
    ground.order("binance", NOON + HALF_PAST, "1")
    found = cells(ground.seen())
    assert bounds(found, "binance") == (1, 6, "busy_minutes")
    # the second that shows a long may hide a short, which takers bought
    assert bounds(found, "binance", "short") == (0, 4, "busy_minutes")


def test_an_order_at_the_end_of_a_minute_leaves_the_next_minute_open_too(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    for minute in range(60):
        ground.traded("binance", NOON + timedelta(minutes=minute), 10, 4, interval_s=60)
    ground.order("binance", NOON + timedelta(minutes=30, seconds=59, milliseconds=400), "1")
    assert bounds(cells(ground.seen()), "binance")[1] == 12


@pytest.mark.parametrize(
    ("at", "other"), [(timedelta(0), 11), (timedelta(minutes=59, seconds=59.4), 13)]
)
def test_an_order_at_the_edge_of_an_hour_leaves_the_silent_hour_beside_it_open(ground, at, other):
    """Its second may have begun there, and hidden an order of that hour."""
    for hour in (11, 12, 13):
        ground.heard("binance", hour)
        ground.traded("binance", timedelta(hours=hour), 600, 240)
        for minute in range(60):
            time = timedelta(hours=hour, minutes=minute)
            ground.traded("binance", time, 10, 4, interval_s=60)
    ground.order("binance", NOON + at, "1")
    found = cells(ground.seen()).bounds.filter(pl.col("hour") % 24 == other, position="long")
    assert found.select("at_least_coins", "at_most_coins").rows() == [(0, 6)]


def test_without_single_minutes_the_whole_busy_hour_is_left_open(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    ground.order("binance", NOON + HALF_PAST, "1")
    assert bounds(cells(ground.seen()), "binance") == (1, 300, "busy_hour")


def test_an_hour_that_is_lacking_is_its_sixty_minutes_though_the_others_are_held(ground):
    for hour in range(24):
        ground.heard("binance", hour)
        if hour != 12:
            ground.traded("binance", timedelta(hours=hour), 500, 200)
    for minute in range(60):
        ground.traded("binance", NOON + timedelta(minutes=minute), 10, 4, interval_s=60)
    ground.order("binance", NOON + HALF_PAST, "1")
    row = cell(cells(ground.seen()), "binance")
    assert (row["at_most_coins"], row["at_most_by"], row["price_usd"]) == (
        6,
        "busy_minutes",
        100_000,
    )
    volumes = cells(ground.seen()).volumes.filter(pl.col("hour") % 24 == 12)
    assert volumes["volume_coins"].to_list() == [600]


def test_a_market_without_a_gap_is_measured_by_its_hours_and_its_busy_minutes(ground):
    for hour in range(24):
        ground.heard("binance", hour)
        ground.traded("binance", timedelta(hours=hour), 500, 200)
    for minute in range(24 * 60):
        ground.traded("binance", timedelta(minutes=minute), 10, 4, interval_s=60)
    ground.order("binance", NOON + HALF_PAST, "1")
    found = cells(ground.seen())
    assert bounds(found, "binance") == (1, 6, "busy_minutes")
    assert set(found.volumes["volume_coins"]) == {500}


def test_a_minute_that_two_feeds_tell_is_open_once(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    for feed in ("binance/candles@2019-09-08", "binance/bulk_klines@2019-09-08"):
        for minute in range(60):
            ground.traded("binance", NOON + timedelta(minutes=minute), 10, 4, interval_s=60)
            ground.candles[-1]["feed"] = feed
    ground.order("binance", NOON + HALF_PAST, "1")
    assert bounds(cells(ground.seen()), "binance") == (1, 6, "busy_minutes")


def test_of_an_hour_that_two_feeds_tell_the_larger_volume_bounds(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    ground.traded("binance", NOON, 510, 200)
    ground.candles[-1]["feed"] = "binance/bulk_klines@2019-09-08"
    ground.order("binance", NOON + HALF_PAST, "1")
    assert bounds(cells(ground.seen()), "binance") == (1, 310, "busy_hour")


def test_no_more_can_be_closed_by_force_than_was_closed_at_all(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    ground.order("binance", NOON + HALF_PAST, "1")
    ground.order("binance", NOON + HALF_PAST + timedelta(minutes=1), "2", position="short")
    ground.open("binance", 12, 1_000)
    ground.open("binance", 13, 1_480)
    # 500 traded, 480 of them opened on balance: 20 closings, of which 2 are known to be of shorts
    assert bounds(cells(ground.seen()), "binance") == (1, 18, "closings")


def test_volume_and_open_interest_of_two_instants_bound_nothing(ground):
    ground.heard("binance", 12)
    ground.traded("binance", NOON, 500, 200)
    ground.order("binance", NOON + HALF_PAST, "30")
    ground.open("binance", 12, 1_000)
    ground.open("binance", 13, 1_490)
    assert bounds(cells(ground.seen()), "binance") == (30, 300, "busy_hour")


def test_a_gap_in_listening_widens_the_ceiling_by_what_was_traded_in_it(ground):
    ground.heard("bybit", 12, mask=(1 << 60) - 1 - 0b11)
    ground.traded("bybit", NOON, 600, 240)
    for minute in range(60):
        ground.traded("bybit", NOON + timedelta(minutes=minute), 10, 4, interval_s=60)
    ground.order("bybit", NOON + HALF_PAST, "3")
    assert bounds(cells(ground.seen()), "bybit") == (3, 15, "busy_minutes")


def test_nothing_bounds_an_hour_that_nobody_heard_and_of_which_no_volume_is_held(ground):
    ground.heard("bybit", 11)
    ground.tracker("bybit", 12, "4")
    row = cell(cells(ground.seen()), "bybit")
    assert row["at_most_coins"] is None
    assert "unbounded" in row["flags"]


def test_where_we_did_not_listen_a_tracker_raises_the_floor(ground):
    ground.heard("binance", 11)
    ground.traded("binance", NOON, 500, 200)
    ground.order("binance", timedelta(hours=11), "1")
    ground.tracker("binance", 12, "7")
    row = cell(cells(ground.seen()), "binance")
    assert (row["at_least_coins"], row["at_least_by"]) == (7, "coinalyze")
    assert (row["at_most_coins"], row["flags"]) == (300, "unwitnessed")


def test_a_tracker_that_doubles_its_rows_for_some_hours_raises_no_floor_where_we_listened(ground):
    for hour in range(24):
        ground.heard("binance", hour)
        ground.traded("binance", timedelta(hours=hour), 500, 200)
        ground.order("binance", timedelta(hours=hour, minutes=5), "3")
        ground.tracker("binance", hour, "6" if hour in (7, 8) else "3")
    found = cells(ground.seen())
    assert found.refused.is_empty()  # two hours of a day are too few for a guard
    assert set(found.bounds.filter(pl.col("position") == "long")["at_least_coins"]) == {3}


def test_against_a_feed_of_all_that_was_heard_whole_nobody_knows_more(ground):
    ground.heard("bybit", 12)
    ground.traded("bybit", NOON, 500, 200)
    ground.order("bybit", NOON + HALF_PAST, "3")
    ground.tracker("bybit", 12, "3.01")
    assert bounds(cells(ground.seen()), "bybit")[:2] == (3, 3)


def test_a_missing_contract_multiplier_is_seen_by_what_the_venue_traded_and_spoils_all_hours(
    ground,
):
    for hour in range(24):
        ground.traded("binance", timedelta(hours=hour), 50, 20)
        ground.tracker("binance", hour, "40" if hour == 3 else "5")
    found = cells(ground.seen())
    assert found.refused.rows() == [("coinalyze", "binance", "BTC", "exceeds_volume", 1)]
    assert found.bounds["at_least_coins"].to_list() == [Decimal(0)] * found.bounds.height


def test_who_hears_the_same_feed_cannot_hear_more_than_it_said(ground):
    for hour in range(24):
        ground.heard("binance", hour)
        ground.traded("binance", timedelta(hours=hour), 500, 200)
        ground.order("binance", timedelta(hours=hour, minutes=5), "1")
        ground.tracker("binance", hour, "2")
    found = cells(ground.seen())
    assert [row[3] for row in found.refused.rows()] == ["exceeds_its_feed"]
    assert set(found.bounds.filter(pl.col("position") == "long")["at_least_coins"]) == {1}


def test_events_that_are_alike_to_the_last_digit_count_once_and_many_of_them_are_told(ground):
    for hour in range(24):
        ground.heard("bybit", hour)
        ground.traded("bybit", timedelta(hours=hour), 500, 200)
        for nth in range(2):
            ground.order("bybit", timedelta(hours=hour, minutes=5), f"1.{hour:02}", nth=nth)
    found = cells(ground.seen())
    row = cell(found, "bybit", hour=12)
    assert row["at_least_coins"] == Decimal("1.12")
    assert [refused[3] for refused in found.refused.rows()] == []
    for hour in (3, 4):
        for n in range(6):
            for nth in range(2):
                at = timedelta(hours=hour, minutes=10 + n)
                ground.order("bybit", at, f"2.{n}", nth=nth)
    refused = cells(ground.seen()).refused
    assert refused.rows() == [("bybit", "bybit", "BTC", "doubled", 2)]


@pytest.mark.parametrize(("fraction_ms", "guards"), [(0, []), (1, ["doubled"])])
def test_equal_orders_of_one_second_are_a_cascade_and_of_one_millisecond_are_doubled(
    ground, fraction_ms, guards
):
    """Fifteen rows, six of them twins; of nine orders three come again, as chance makes them."""
    at = [timedelta(hours=12, minutes=n, milliseconds=fraction_ms) for n in range(9)]
    for n, instant in enumerate(at):
        for nth in range(1 + 2 * (n < 3)):
            ground.order("bybit", instant, f"2.{n}", nth=nth)
    assert cells(ground.seen()).refused["guard"].to_list() == guards


@pytest.mark.parametrize(("orders", "guards"), [(4, []), (5, ["doubled"])])
def test_a_feed_of_whole_seconds_is_doubled_where_each_of_many_orders_comes_twice(
    ground, orders, guards
):
    for n in range(orders):
        for nth in range(2):
            ground.order("bybit", timedelta(hours=12, minutes=n), f"2.{n}", nth=nth)
    assert cells(ground.seen()).refused["guard"].to_list() == guards


def test_dollars_are_coins_at_one_price_of_the_hour(ground):
    ground.heard("bybit", 12)
    ground.traded("bybit", NOON, 500, 200)
    ground.order("bybit", NOON + HALF_PAST, "3", price="90000")  # its bankruptcy price
    row = cell(cells(ground.seen()), "bybit")
    assert row["at_least_usd"] == row["at_most_usd"] == 300_000


@pytest.mark.parametrize("mask", [0, 1])
def test_a_second_feed_that_was_not_heard_leaves_the_hour_open(ground, mask):
    ground.heard("bybit", 12, mask=mask)
    ground.traded("bybit", NOON, 500, 200)
    ground.order("bybit", NOON + HALF_PAST, "3")
    assert bounds(cells(ground.seen()), "bybit") == (3, 300, "whole_hour")
