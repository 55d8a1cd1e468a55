"""Which rows of two lists of events are one event."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.matching import Tolerance, matched
from pipelines.reconcile.matching.match import EVENT

START = datetime(2025, 3, 1, tzinfo=UTC)


def events(*rows):
    """Each (milliseconds, size, price, position, market)."""
    made = [
        {
            "instrument_id": market, "position": position,
            "time": START + timedelta(milliseconds=ms), "size_coins": Decimal(size),
            "price": None if price is None else Decimal(price),
        }
        for ms, size, price, position, market in rows
    ]  # fmt: skip
    return pl.DataFrame(made, schema=EVENT)


def event(ms=0, size="1.5", price="84000", position="long", market="okx:BTC-USDT-SWAP"):
    return (ms, size, price, position, market)


def pairs(a, b, **more):
    found = matched(events(*a), events(*b), **more)
    return {(row["a"], row["b"]): row["is_exact"] for row in found.iter_rows(named=True)}


def test_equal_rows_are_one_event():
    assert pairs([event()], [event()]) == {(0, 0): True}


@pytest.mark.parametrize(
    "other",
    [
        event(500),  # the stream stamps the batch
        event(1900),
        event(price=None),
        event(price="83000"),  # bankruptcy price against fill
        event(size="1.495", price="84010"),  # contracts against coins
        event(1000, price="84001"),
    ],
)
def test_what_differs_within_the_tolerances_is_matched_by_score(other):
    assert pairs([event()], [other]) == {(0, 0): False}


@pytest.mark.parametrize(
    "other",
    [
        event(2001),
        event(size="1.6"),
        event(position="short"),
        event(market="okx:ETH-USDT-SWAP"),
        event(1500, size="1.49", price="83000"),  # nothing but the market speaks for it
    ],
)
def test_what_differs_more_is_two_events(other):
    assert pairs([event()], [other]) == {}


def test_the_exact_partner_is_taken_before_a_near_one():
    assert pairs([event(0), event(300)], [event(300), event(700)]) == {(1, 0): True, (0, 1): False}


def test_of_equal_orders_in_a_millisecond_as_many_match_as_both_have():
    assert len(pairs([event()] * 3, [event()] * 2)) == 2


def test_a_narrower_tolerance_matches_less():
    near = [event(500)]
    assert pairs([event()], near, tolerance=Tolerance(time_ms=400)) == {}


def test_nothing_matches_nothing():
    assert pairs([], []) == pairs([event()], []) == pairs([], [event()]) == {}


ROWS = st.lists(
    st.tuples(
        st.integers(0, 20_000), st.sampled_from(["0.001", "0.1", "1", "1.005", "25", "300"]),
        st.one_of(st.none(), st.sampled_from(["84000", "84100.5", "90000"])),
        st.sampled_from(["long", "short"]), st.sampled_from(["okx:A", "okx:B"]),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_list_matched_with_itself_is_all_exact(rows):
    found = matched(events(*rows), events(*rows))
    assert found.height == len(rows)
    assert found["is_exact"].all()


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_each_row_is_in_one_match_at_most_and_swapping_the_lists_swaps_the_counts(one, other):
    there, back = matched(events(*one), events(*other)), matched(events(*other), events(*one))
    for found in (there, back):
        assert found["a"].is_unique().all()
        assert found["b"].is_unique().all()
    assert there["is_exact"].sum() == back["is_exact"].sum()


@settings(max_examples=60, deadline=None)
@given(ROWS, st.data())
def test_rows_that_one_side_drops_are_those_without_a_match(rows, data):
    apart = [(n * 5000 + ms % 1000, *rest) for n, (ms, *rest) in enumerate(rows)]
    dropped = data.draw(st.sets(st.sampled_from(range(len(apart))))) if apart else set()
    kept = [row for n, row in enumerate(apart) if n not in dropped]
    found = matched(events(*apart), events(*kept))
    assert set(range(len(apart))) - set(found["a"].to_list()) == dropped
    assert found["is_exact"].all()


@settings(max_examples=60, deadline=None)
@given(ROWS, st.data())
def test_events_apart_find_each_other_through_jitter(rows, data):
    apart = [(n * 10_000, *rest) for n, (_, *rest) in enumerate(rows)]
    jitter = data.draw(st.lists(st.integers(-2000, 2000), min_size=len(rows), max_size=len(rows)))
    late = [(ms + by, *rest) for (ms, *rest), by in zip(apart, jitter, strict=True)]
    found = matched(events(*apart), events(*late))
    assert [*zip(found["a"], found["b"], strict=True)] == [(n, n) for n in range(len(rows))]


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_the_same_lists_give_the_same_matches(one, other):
    assert matched(events(*one), events(*other)).equals(matched(events(*one), events(*other)))
