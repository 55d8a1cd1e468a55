"""Laws of a gap that is explained: it adds up, and who is named first turns the sign alone."""

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.gap.cents import apportioned, in_cents
from pipelines.reconcile.gap.explain import dollars_of, explain
from pipelines.reconcile.tellings.telling import CELLS, KEY, telling
from tests.reconcile.gap.conftest import END, FIRST

CELL = st.tuples(
    st.sampled_from(["binance", "okx"]),
    st.sampled_from(["BTC", "ETH"]),
    st.sampled_from(["linear", "inverse"]),
    st.sampled_from(["long", "short"]),
    st.integers(-24, 24 * 7 + 23),
    st.integers(0, 10**14).map(lambda n: Decimal(n).scaleb(-6)),
)
ROWS = st.lists(CELL, max_size=12, unique_by=lambda cell: cell[:5])


def told(name, rows):
    cells = [(*row[:4], FIRST + timedelta(hours=row[4]), row[5], row[5] / 100) for row in rows]
    names = [*KEY, "usd", "coins"]
    frame = pl.DataFrame(cells, schema={n: CELLS[n] for n in names}, orient="row")
    return telling(name, frame, FIRST, END)


@settings(max_examples=80, deadline=None)
@given(ROWS, ROWS, st.sampled_from([None, "long", "short"]), st.sampled_from([None, "BTC"]))
def test_the_parts_add_up_to_the_gap_to_the_cent(one, other, position, coin):
    a, b = told("a", one), told("b", other)
    parts = explain(a, b, position=position, coin=coin)
    gap = dollars_of(a, coin, position) - dollars_of(b, coin, position)
    assert parts["part_usd"].sum() == gap
    assert all(part == in_cents(part) for part in parts["part_usd"])


@settings(max_examples=80, deadline=None)
@given(ROWS, ROWS, st.sampled_from([None, "long", "short"]))
def test_naming_the_other_first_turns_every_sign_and_nothing_else(one, other, position):
    a, b = told("a", one), told("b", other)
    there = explain(a, b, position=position)
    back = explain(b, a, position=position)
    assert there["cause"].to_list() == back["cause"].to_list()
    assert there["part_usd"].to_list() == [-part for part in back["part_usd"]]


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_a_hundred_times_the_dollars_are_a_hundred_times_each_part(one, other):
    parts = explain(told("a", one), told("b", other))
    more = [[(*row[:5], row[5] * 100) for row in rows] for rows in (one, other)]
    larger = explain(*(told(n, rows) for n, rows in zip("ab", more, strict=True)))
    assert parts["cause"].to_list() == larger["cause"].to_list()
    for small, large in zip(parts["part_usd"], larger["part_usd"], strict=True):
        assert float(large) == pytest.approx(float(small) * 100, abs=1.02)


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_the_order_of_the_cells_is_of_no_account(one, other):
    there = explain(told("a", one), told("b", other))
    assert there.equals(explain(told("a", one[::-1]), told("b", other[::-1])))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=13))
def test_cents_add_up_and_no_part_moves_by_more_than_one(parts):
    named = dict(enumerate(parts))
    total = in_cents(sum(map(Decimal, parts), Decimal(0)))
    found = apportioned(named, total)
    assert sum(found.values()) == total
    assert all(abs(found[n] - Decimal(part)) <= Decimal("0.0151") for n, part in named.items())
    turned = apportioned({n: -part for n, part in named.items()}, -total)
    assert turned == {n: -part for n, part in found.items()}


def test_two_tellings_of_one_name_are_refused():
    with pytest.raises(ValueError, match="both tellings are named a"):
        explain(told("a", []), told("a", []))
