"""Printed numbers, and which exact numbers are printed so."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reconcile.claims.amounts import ranges_of, read_amount

BILLION = Decimal(10) ** 9


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2.3B", "2.25", "2.35"),
        ("$2.3 billion", "2.25", "2.35"),
        ("2.30bn", "2.295", "2.305"),
        ("2300000000", "2.25", "2.35"),
        ("2,300,000,000", "2.25", "2.35"),
        ("2300 million", "2.2995", "2.3005"),
        ("879.64M", "0.879635", "0.879645"),
        ("8-10B", "8", "10"),
        ("over 8B", "8", "9"),
        ("nearly 5.0B", "4", "5.05"),
        ("~600M", "0.5", "0.7"),
        ("73193982.81", "0.073193982805", "0.073193982815"),
    ],
)
def test_a_number_stands_for_half_a_unit_of_its_last_printed_digit(text, low, high):
    number = read_amount(text)
    assert (number.low_usd, number.high_usd) == (Decimal(low) * BILLION, Decimal(high) * BILLION)


@given(st.integers(1, 10**13), st.integers(0, 3))
def test_every_number_that_prints_so_is_in_the_interval_of_its_print(dollars, places):
    exact = Decimal(dollars) / 100
    for scale, word in ((9, "B"), (6, "M")):
        unit = Decimal(1).scaleb(-places)
        printed = exact.scaleb(-scale).quantize(unit, rounding=ROUND_HALF_UP)
        if printed:
            assert read_amount(f"{printed}{word}").holds(exact)


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_digits_alone_hold_every_number_that_rounds_to_them(digits, zeros):
    value = digits * 10**zeros
    half = Decimal(10**zeros) / 2
    number = read_amount(str(value))
    assert number.holds(value - half)
    assert number.holds(value + half - 1)


@pytest.mark.parametrize("text", ["", "abc", "-5B", "5 apples", "2..3B", "1e9", "B"])
def test_what_is_no_number_of_dollars_is_said_to_be_none(text):
    with pytest.raises(ValueError, match="is no number of dollars"):
        read_amount(text)


def test_ranges_are_found_in_words():
    text = "range 8-10B, or between 900 million and 1.2 billion"
    ends = [(one.low_usd / BILLION, one.high_usd / BILLION) for one in ranges_of(text)]
    assert ends == [(8, 10), (Decimal("0.9"), Decimal("1.2"))]
