"""Each source's daily dollars: summed once, and left out where a part is unknown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.told import Told
from pipelines.reconcile.views import daily_views
from pipelines.tables import ASKINGS, INSTRUMENTS, LIQUIDATION_TOTALS, LIQUIDATIONS, LISTENING

MIDNIGHT = datetime(2022, 6, 13, tzinfo=UTC)


def made(table, *rows):
    names = {name for row in rows for name in row}
    told = pl.DataFrame(list(rows), schema={n: t for n, t in table.schema.items() if n in names})
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in table.schema.items() if n not in names]
    return told.with_columns(missing).select(table.schema.names())


def total(usd, source="coinalyze", venue="binance", scope="binance:BTCUSDT", **more):
    row = {
        "source": source, "venue": venue, "coin": "BTC", "scope": scope, "time": MIDNIGHT,
        "interval_s": 86_400, "position": "long",
        "notional_usd": None if usd is None else Decimal(usd),
    }  # fmt: skip
    return row | more


def event(usd, hours=0, **more):
    row = {
        "source": "bybit", "venue": "bybit", "coin": "BTC", "instrument_id": "bybit:BTCUSDT",
        "time": MIDNIGHT + timedelta(hours=hours), "position": "long",
        "notional_usd": None if usd is None else Decimal(usd),
        "feed": "bybit/all_liquidation@2025-02-20",
    }  # fmt: skip
    return row | more


def views(events=(), totals=(), askings=(), listening=(), instruments=()):
    told = Told(
        made(LIQUIDATIONS, *events).lazy(),
        made(LIQUIDATION_TOTALS, *totals),
        made(ASKINGS, *askings),
        made(LISTENING, *listening),
        made(INSTRUMENTS, *instruments),
    )
    frame = daily_views(told).select("source", "venue", "position", "day", "usd")
    return {(s, v, p, d.day): usd for s, v, p, d, usd in frame.iter_rows()}


def test_events_of_a_day_are_added_up():
    assert views([event(1), event("2.5", 23), event(9, 24)]) == {
        ("bybit", "bybit", "long", 13): Decimal("3.5"),
        ("bybit", "bybit", "long", 14): Decimal(9),
    }


def test_several_venues_of_a_source_are_added_up_once():
    told = views(
        totals=[
            total(1),
            total(2, scope="binance:BTCUSDC"),
            total(4, venue="bybit", scope="bybit:BTCUSDT"),
        ]
    )
    assert told == {
        ("coinalyze", "binance", "long", 13): Decimal(3),
        ("coinalyze", "bybit", "long", 13): Decimal(4),
        ("coinalyze", "several", "long", 13): Decimal(7),
    }


def test_a_source_of_one_venue_has_no_sum_of_several():
    assert list(views(totals=[total(1)])) == [("coinalyze", "binance", "long", 13)]


def test_hours_are_not_added_to_the_days_that_hold_them():
    told = views(totals=[total(5), total(2, interval_s=3600)])
    assert list(told.values()) == [Decimal(5)]


@pytest.mark.parametrize("usd", [None])
def test_a_day_with_an_unknown_part_is_left_out_and_the_next_stands(usd):
    later = MIDNIGHT + timedelta(days=1)
    told = views(totals=[total(5), total(usd, scope="other"), total(7, time=later)])
    assert told == {("coinalyze", "binance", "long", 14): Decimal(7)}


def test_a_feed_that_was_heard_and_told_nothing_says_zero_of_the_coins_it_names():
    heard = {
        "source": "bybit", "venue": "bybit", "dataset": "all_liquidation",
        "time": MIDNIGHT + timedelta(days=1), "minutes_heard": 60, "minutes_mask": 2**60 - 1,
    }  # fmt: skip
    deaf = heard | {"time": MIDNIGHT + timedelta(days=2), "minutes_heard": 0}
    told = views([event(1)], listening=[heard, deaf])
    assert told[("bybit", "bybit", "long", 14)] == 0
    assert told[("bybit", "bybit", "short", 14)] == 0
    assert not any(day == 15 for *_, day in told)


def test_nothing_held_is_no_view():
    assert views() == {}
