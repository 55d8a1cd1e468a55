"""Faults that hide one another, and what a feed of one order a second hides, found against the orders."""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.tellings.telling import DAY_S, HOUR_S, KEY
from pipelines.tables.words import Cause
from tests.reconcile.gap.conftest import END, FIRST, hours, parts_of, times, within

OKX, BYBIT = (pl.col("venue") == name for name in ("okx", "bybit"))
BTC = pl.col("coin") == "BTC"


@pytest.fixture
def heard(tell, market):
    """Our feed, which tells every order of Bybit and knows what a throttled one would show of it."""
    left = pl.when(pl.col("time").dt.hour() % 3 == 0).then(Decimal("0.9")).otherwise(Decimal("0.4"))
    usd = market.schema["usd"]
    largest = pl.when(BYBIT).then((pl.col("usd") * left).cast(usd))
    latest = pl.when(BYBIT).then((pl.col("usd") * left * Decimal("0.5")).cast(usd))
    return tell("feeds", market.with_columns(largest_usd=largest, latest_usd=latest))


@pytest.mark.parametrize("rule", ["largest", "latest"])
def test_a_publisher_that_hears_a_throttled_feed_of_one_venue_is_told_so(
    heard, summed, tell, market, rule
):
    shown = pl.coalesce(f"{rule}_usd", "usd").alias("usd")
    told = heard.cells.with_columns(shown).drop("largest_usd", "latest_usd", "twin_usd", "rows")
    hidden = float(heard.usd.sum()) - float(told["usd"].sum())
    for other in (summed(told), tell("pairs", told.drop("coins", "par_usd"))):
        parts = parts_of(heard, other)
        assert parts[Cause.THROTTLE] == pytest.approx(hidden, rel=0.01)
        assert abs(parts[Cause.UNEXPLAINED]) < 0.002 * float(heard.usd.sum())
        words = explain(heard, other).row(
            by_predicate=pl.col("cause") == Cause.THROTTLE, named=True
        )
        assert words["is_estimated"]
        assert (
            f"tells of bybit what a feed of one order a second shows, the {rule}"
            in words["evidence"]
        )


def test_what_a_throttle_would_hide_is_no_cause_where_all_is_told(heard, summed, market):
    assert Cause.THROTTLE not in parts_of(heard, summed(market))


def test_a_small_part_of_a_venue_that_is_not_in_the_sum_is_lost_and_no_unit(tell, summed, market):
    """A dollar that is a little off everywhere looks like a hundredth of what is lost."""
    rated = market.with_columns(
        (pl.col("usd") * Decimal("0.985")).cast(market.schema["usd"]).alias("usd")
    )
    feeds = tell("feeds", rated)
    lost = OKX & hours(58, 168)
    sums = summed(market.filter(~lost), interval_s=HOUR_S)
    parts = parts_of(feeds, sums)
    assert parts[Cause.OUTAGE] == pytest.approx(within(rated, lost), rel=0.03)
    assert Cause.UNIT not in parts


def test_a_unit_that_doubled_rows_make_up_for_in_part_is_found_with_them(feeds, summed, market):
    wrong, twice = OKX & BTC, BYBIT & hours(4, 51)
    sums = summed(times(times(market, wrong, "0.01"), twice, "2"))
    parts = parts_of(feeds, sums)
    assert parts[Cause.UNIT] == pytest.approx(0.99 * within(market, wrong), rel=0.02)
    assert parts[Cause.DUPLICATES] == pytest.approx(-within(market, twice), rel=0.03)


def test_a_unit_of_a_week_that_one_hour_outweighs_is_found_by_all_of_its_days(tell, market):
    linear = OKX & BTC & (pl.col("margin") == "linear")
    cascade = linear & hours(80, 81) & (pl.col("position") == "long")
    heavy = times(market, cascade, "10000")
    by_day = heavy.with_columns(pl.col("time").dt.truncate("1d")).group_by(KEY)
    days = by_day.agg(pl.col("usd", "coins", "par_usd").sum())
    tracker = tell("tracker", times(days, linear, "10"), interval_s=DAY_S)
    parts = parts_of(tell("feeds", heavy), tracker)
    assert parts[Cause.UNIT] == pytest.approx(-9 * within(heavy, linear), rel=0.01)


@pytest.mark.parametrize("times_as_much", ["0", "1", "50"])
def test_what_lies_in_hours_that_our_feed_did_not_hear_is_reckoned_from_its_orders(
    summed, tell, market, times_as_much
):
    """Hours are not alike: a day of which ten were not heard may have all or nothing in these."""
    gap = OKX & hours(30, 40)
    whole = times(market, gap, times_as_much)
    listed = market.select("venue", "coin").unique()
    every = pl.datetime_range(FIRST, END, "1h", closed="left", eager=True, time_unit="ms")
    held = listed.join(every.alias("time").to_frame(), how="cross").filter(~gap)
    feeds = tell("feeds", whole.filter(~gap), held=held.with_columns(share=1.0))
    of_day = whole.with_columns(pl.col("time").dt.truncate("1d")).group_by(KEY)
    pairs = tell("pairs", of_day.agg(pl.col("usd", "coins", "par_usd").sum()), interval_s=DAY_S)
    for other in (summed(whole), pairs):
        parts = parts_of(feeds, other)
        assert parts.get(Cause.OUTAGE, 0) == pytest.approx(-within(whole, gap), abs=1)
        assert parts[Cause.UNEXPLAINED] == pytest.approx(0, abs=1)
