"""Two sources of one number, side by side."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.compare import compare_week
from pipelines.tables import COMPARISONS
from pipelines.units import AMOUNT

MONDAY = date(2022, 6, 13)
SCHEMA = {
    "source": pl.String, "venue": pl.String, "coin": pl.String, "position": pl.String,
    "day": pl.Date, "scope": pl.String, "usd": AMOUNT,
}  # fmt: skip


def days(source, *amounts, venue="several", coin="BTC", position="long", scope="x"):
    """Daily dollars from Monday on; None is a day that is not held."""
    return [
        (source, venue, coin, position, MONDAY + timedelta(days=n), scope, Decimal(amount))
        for n, amount in enumerate(amounts)
        if amount is not None
    ]


def compared(*rows):
    views = pl.DataFrame([r for part in rows for r in part], schema=SCHEMA, orient="row")
    return COMPARISONS.conform(compare_week(views, MONDAY)).to_dicts()


def test_totals_gap_and_ratio_are_those_of_the_days_that_both_hold():
    (row,) = compared(days("a", 10, 20, 30), days("b", 4, 1, 7))
    assert (row["a_usd"], row["b_usd"], row["gap_usd"]) == (60, 12, 48)
    assert row["ratio"] == 5.0
    assert row["days_compared"] == 3
    assert row["time"].date() == MONDAY


def test_a_day_that_one_side_lacks_is_counted_and_not_added_up():
    (row,) = compared(days("a", 10, 20, None, 99), days("b", 4, None, 1000, 9))
    assert (row["a_usd"], row["b_usd"]) == (109, 13)
    assert (row["days_compared"], row["days_only_a"], row["days_only_b"]) == (2, 1, 1)


def test_without_a_day_in_common_there_is_no_figure_and_still_a_row():
    (row,) = compared(days("a", 10, None), days("b", None, 20))
    assert (row["days_compared"], row["days_only_a"], row["days_only_b"]) == (0, 1, 1)
    assert (row["a_usd"], row["gap_usd"], row["ratio"]) == (None, None, None)


def test_a_coin_that_only_one_source_knows_is_compared_with_nothing():
    assert compared(days("a", 1), days("b", 1, coin="ETH")) == []


def test_over_nothing_there_is_no_ratio():
    (row,) = compared(days("a", 1, 2), days("b", 0, 0))
    assert (row["ratio"], row["gap_usd"]) == (None, 3)


@pytest.mark.parametrize(
    ("a", "b", "rank"),
    [
        ((1, 2, 3), (10, 20, 30), 1.0),
        ((1, 2, 3), (30, 20, 10), -1.0),
        ((1, 2, 3, 4), (1, 3, 2, 4), 0.8),
        ((1, 1, 2), (1, 2, 3), 0.866025),  # ties take the mean of their ranks
        ((1, 2), (1, 2), None),
        ((5, 5, 5), (1, 2, 3), None),
        ((1, 2, 3, None), (3, 2, 1, 900), -1.0),
    ],
)
def test_rank_correlation_is_spearmans_over_the_days_compared(a, b, rank):
    (row,) = compared(days("a", *a), days("b", *b))
    assert row["rank_correlation"] == rank


AMOUNTS = st.lists(
    st.one_of(st.none(), st.integers(0, 10**15).map(lambda n: Decimal(n).scaleb(-4))),
    min_size=7,
    max_size=7,
)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_swapping_the_sources_flips_the_sign_and_nothing_else(one, other):
    there, back = (
        compared(days("a", *one), days("b", *other)),
        compared(days("a", *other), days("b", *one)),
    )
    assert len(there) == len(back) <= 1
    for x, y in zip(there, back, strict=True):
        assert (x["a_usd"], x["b_usd"]) == (y["b_usd"], y["a_usd"])
        assert x["gap_usd"] is y["gap_usd"] is None or x["gap_usd"] == -y["gap_usd"]
        assert (x["days_only_a"], x["days_only_b"]) == (y["days_only_b"], y["days_only_a"])
        assert x["rank_correlation"] == y["rank_correlation"]
        if x["ratio"] and y["ratio"] and 1e-2 < x["ratio"] < 1e2:
            assert x["ratio"] * y["ratio"] == pytest.approx(1, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_every_day_that_either_holds_is_counted_once(one, other):
    for row in compared(days("a", *one), days("b", *other)):
        counted = row["days_compared"] + row["days_only_a"] + row["days_only_b"]
        assert counted == sum(
            x is not None or y is not None for x, y in zip(one, other, strict=True)
        )


def test_one_venue_is_never_set_beside_another():
    rows = compared(days("a", 1, venue="binance"), days("b", 1, venue="bybit"))
    assert rows == []


def test_a_source_is_never_set_beside_itself_and_a_sum_of_venues_stands_first():
    rows = compared(days("a", 1, venue="binance"), days("a", 9), days("z", 5))
    told = {(r["source_a"], r["venue_a"], r["source_b"], r["venue_b"]) for r in rows}
    assert told == {("a", "several", "z", "several"), ("z", "several", "a", "binance")}


def test_sides_and_coins_are_kept_apart():
    rows = compared(
        days("a", 1), days("b", 2), days("a", 3, position="short"), days("b", 4, position="short")
    )
    assert [(r["position"], r["a_usd"], r["b_usd"]) for r in rows] == [
        ("long", 1, 2),
        ("short", 3, 4),
    ]


def test_nothing_held_is_nothing_compared():
    assert compared() == []
