"""Digits are kept or refused, never cut; a product that cannot be made harms nobody else."""

from decimal import Context, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.units import (
    AMOUNT,
    coins_of,
    exact,
    inverse_coins,
    nearest,
    notional,
    percent_to_fraction,
    quotient,
)

STEP = Decimal("1e-18")
MOST = Decimal(10) ** 20
WIDE = Context(prec=200)


def read(*texts):
    return (
        pl.DataFrame({"t": texts}, schema={"t": pl.String})
        .select(exact(pl.col("t")))["t"]
        .to_list()
    )


def of_two(make, left, right):
    frame = pl.DataFrame({"l": left, "r": right}, schema={"l": AMOUNT, "r": AMOUNT})
    return frame.select(x=make(pl.col("l"), pl.col("r")))["x"].to_list()


def fits(value):
    """Whether all digits of a decimal have a place among 20 before and 18 after the point."""
    return abs(value) < MOST and WIDE.quantize(value, STEP) == value


NUMBERS = st.builds(
    lambda sign, whole, places, exponent: sign + whole + places + exponent,
    st.sampled_from(["", "-"]),
    st.text("0123456789", min_size=1, max_size=45),
    st.one_of(st.just(""), st.text("0123456789", min_size=1, max_size=45).map(".".__add__)),
    st.one_of(
        st.just(""), st.integers(-60, 60).map("e{}".format), st.integers(0, 60).map("E+{}".format)
    ),
)
AMOUNTS = st.integers(-(10**38) + 1, 10**38 - 1).map(lambda n: Decimal(n).scaleb(-18, WIDE))
SMALL = st.integers(-(10**27), 10**27).map(lambda n: Decimal(n).scaleb(-18, WIDE))


@settings(max_examples=500, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_a_number_is_read_to_the_last_digit_or_not_at_all(texts):
    for text, got in zip(texts, read(*texts), strict=True):
        true = Decimal(text)
        assert got == (true if fits(true) else None)


@pytest.mark.parametrize(
    "text",
    [
        "12345678901234567890.1234567890123456789",  # 39 digits: one more than there is room for
        "0.0000000000000000001",
        "100000000000000000000",
        "1e999",
        "1e99999",
        "1e-19",
    ],
)
def test_digits_that_do_not_fit_are_refused(text):
    assert read(text) == [None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234567890123456789012345678.9e-9", "1234567890123456789.0123456789"),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
        ("1.500000000000000000000000000000", "1.5"),
        ("0e999", "0"),
        ("-0", "0"),
        ("000000000000000000000000000001", "1"),
        ("2.5E-7", "0.00000025"),
    ],
)
def test_digits_that_fit_are_kept_however_they_are_written(text, value):
    assert read(text) == [Decimal(value)]


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "+1", ".5", "5.", "1,234.5", "0x10", "NaN", "inf", "１２", "１２e3", "1e", "--1",
     "1_000", "1\n"],
)  # fmt: skip
def test_what_is_no_number_of_json_is_no_number(text):
    assert read(text, "7") == [None, Decimal(7)]


def test_null_stays_null():
    assert read(None, "1") == [None, Decimal(1)]


@settings(max_examples=200, deadline=None)
@given(AMOUNTS)
def test_percent_becomes_an_exact_fraction_or_nothing(percent):
    (got,) = pl.DataFrame({"p": [percent]}, schema={"p": AMOUNT}).select(
        percent_to_fraction(pl.col("p"))
    )["p"]
    true = WIDE.divide(percent, Decimal(100))
    assert got == (true if fits(true) else None) or (got is None and abs(percent) > MOST / 3)


@settings(max_examples=200, deadline=None)
@given(SMALL, SMALL)
def test_a_product_is_the_true_one_to_the_last_place(size, price):
    true = WIDE.multiply(size, price)
    for make in (notional, coins_of):
        (got,) = of_two(make, [size], [price])
        assert abs(got - true) <= STEP / 2


@settings(max_examples=200, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_a_product_too_large_is_missing_and_harms_no_other_row(size, price):
    got, other = of_two(notional, [size, Decimal(2)], [price, Decimal("1.5")])
    assert other == Decimal(3)
    true = WIDE.multiply(size, price)
    assert got is None or abs(got - true) <= STEP
    assert got is not None or abs(true) > MOST / 3


@settings(max_examples=200, deadline=None)
@given(AMOUNTS, AMOUNTS | st.just(Decimal(0)) | st.just(STEP))
def test_a_quotient_that_cannot_be_made_is_missing_and_harms_no_other_row(amount, by):
    for make in (quotient, inverse_coins):
        got, other = of_two(make, [amount, Decimal(9)], [by, Decimal(2)])
        assert other == Decimal("4.5")
        if by == 0:
            assert got is None
        elif got is not None:
            assert abs(got - WIDE.divide(amount, by)) <= STEP
        else:
            assert abs(WIDE.divide(amount, by)) > MOST / 3


def test_half_of_both_sides_is_one_side():
    frame = pl.DataFrame({"a": [Decimal("63910691.5")]}, schema={"a": AMOUNT})
    assert frame.select(quotient(pl.col("a"), 2))["a"].to_list() == [Decimal("31955345.75")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-4.739622041017375e-07", "-0.000000473962204102"),
        ("0.0011000000000000001", "0.0011"),
        ("12.5", "12.5"),
        ("9" * 20 + ".9999999999999999999", None),
        ("1e30", None),
        ("x", None),
        (None, None),
    ],
)
def test_a_float_printed_whole_is_rounded_to_the_last_place_that_is_kept(text, value):
    frame = pl.DataFrame({"t": [text]}, schema={"t": pl.String})
    (told,) = frame.select(nearest(pl.col("t")))["t"]
    assert told == (None if value is None else Decimal(value))
