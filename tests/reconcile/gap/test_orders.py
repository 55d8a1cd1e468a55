"""Sums over venues held against the venues' own orders: what is wrong inside them is found and named."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.gap.orders import Orders
from pipelines.tables.words import Cause
from tests.reconcile.gap.conftest import FIRST, HOUR, VENUES, hours, parts_of, times, within

OKX = pl.col("venue") == "okx"


def test_a_sum_that_is_right_leaves_nothing_to_explain(feeds, summed, market):
    assert parts_of(feeds, summed(market)) == pytest.approx({"unexplained": 0}, abs=0.02)


def test_a_venue_that_a_sum_lost_in_mid_week_is_named_with_the_hours(feeds, summed, market):
    lost = summed(market.filter(~(OKX & hours(58, 168))))
    parts = parts_of(feeds, lost)
    assert parts[Cause.OUTAGE] == pytest.approx(within(market, OKX & hours(58, 168)), rel=0.02)
    assert abs(parts[Cause.UNEXPLAINED]) < 0.002 * float(feeds.usd.sum())
    words = explain(feeds, lost).filter(pl.col("cause") == Cause.OUTAGE)["evidence"].item()
    assert "lacks okx from about 2022-06-15 1" in words


def test_rows_that_a_sum_counts_twice_for_some_hours_are_found(feeds, summed, market):
    twice = summed(times(market, OKX & hours(30, 75), "2"))
    parts = parts_of(feeds, twice)
    assert parts[Cause.DUPLICATES] == pytest.approx(-within(market, OKX & hours(30, 75)), rel=0.03)


@pytest.mark.parametrize("factor", ["100", "0.1"])
def test_a_wrong_unit_of_one_coin_of_one_venue_is_found_in_a_sum(feeds, summed, market, factor):
    where = OKX & (pl.col("coin") == "ETH") & (pl.col("margin") == "linear")
    parts = parts_of(feeds, summed(times(market, where, factor)))
    effect = within(market, where) * (float(factor) - 1)
    assert parts[Cause.UNIT] == pytest.approx(-effect, rel=0.02)


def test_longs_told_as_shorts_at_one_venue_show_on_each_side_of_the_sum(feeds, summed, market):
    turned = pl.when(OKX).then(pl.col("position").replace({"long": "short", "short": "long"}))
    swapped = summed(market.with_columns(position=turned.otherwise("position")))
    longs = parts_of(feeds, swapped, position="long")
    of = {side: within(market, OKX & (pl.col("position") == side)) for side in ("long", "short")}
    assert longs[Cause.SIDES] == pytest.approx(of["long"] - of["short"], rel=0.02)
    assert abs(parts_of(feeds, swapped).get(Cause.SIDES, 0)) < 0.02


def test_days_of_one_venue_that_end_earlier_are_found_in_a_sum(feeds, summed, market):
    late = pl.when(OKX).then(pl.col("time") + 8 * HOUR).otherwise("time")
    parts = parts_of(feeds, summed(market.with_columns(late)))
    lead = market.filter(OKX, pl.col("time") >= FIRST - 8 * HOUR, pl.col("time") < FIRST)
    effect = float(lead["usd"].sum()) - within(market, OKX & hours(160, 168))
    assert parts[Cause.WINDOW] == pytest.approx(-effect, rel=0.05)


def test_hours_of_the_same_publisher_part_faults_that_lie_one_over_the_other(feeds, summed, market):
    faulty = market.filter(~(OKX & hours(0, 40)), ~((pl.col("venue") == "bybit") & hours(90, 168)))
    daily = summed(faulty)
    both = replace(daily, finer=summed(faulty, interval_s=3_600))
    found = Orders.of([feeds]).traced(both)
    assert {(f.venue, f.first, f.end) for f in found.faults} == {
        ("okx", 0, 40),
        ("bybit", 90, 168),
    }


def test_venues_of_a_sum_that_the_other_does_not_tell_are_taken_out_of_it(tell, summed, market):
    third = tell("feeds", market)
    alone = tell("alone", market.filter(pl.col("venue") != "okx").drop("twin_usd", "rows"))
    parts = parts_of(summed(market), alone, beside=[third])
    assert parts[Cause.VENUES] == pytest.approx(within(market, OKX), rel=0.01)
    assert abs(parts[Cause.UNEXPLAINED]) < 0.01 * float(alone.usd.sum())


def test_a_sum_of_more_venues_than_are_heard_is_not_opened(feeds, summed, market, tell):
    more = replace(summed(market), venues=(*VENUES, "htx"))
    assert Orders.of([feeds]).traced(more) is None


def test_hours_in_which_every_order_is_there_twice_are_reckoned_once(feeds, tell, market):
    double = times(market, hours(20, 30), "2").with_columns(
        twin_usd=pl.when(hours(20, 30)).then(pl.col("usd") / 2).otherwise(Decimal(0))
    )
    parts = parts_of(tell("feeds", double), tell("other", market.drop("twin_usd", "rows")))
    assert parts[Cause.DUPLICATES] == pytest.approx(within(market, hours(20, 30)), rel=1e-6)
