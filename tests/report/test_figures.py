from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report import figures

amounts = st.decimals(
    min_value=-(10**19), max_value=10**19, places=18, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1014899818.19", "USD", "1,014,899,818.19"),
        ("0.125", "USD", "0.12"),
        ("0.135", "USD", "0.14"),
        ("-1234.5", "USD", "\N{MINUS SIGN}1,234.50"),
        ("-0.001", "USD", "0.00"),
        ("5.226499", "ratio", "5.23"),
        ("0.012345", "ratio", "0.012345"),
        ("0", "ratio", "0.00"),
        ("0.000012", "fraction", "0.0012 %"),
        ("-22.579917", "percent", "\N{MINUS SIGN}22.58 %"),
        ("0.000012340000", "quote", "0.00001234"),
        ("-20574.50", "quote", "\N{MINUS SIGN}20,574.5"),
        ("1234", "rows", "1,234"),
    ],
)
def test_a_unit_has_one_way_to_be_written(value: str, unit: str, text: str) -> None:
    assert figures.printed(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1014899818.19", "1,014.90 M"), ("999999.994", "999,999.99"), ("2500000", "2.50 M")],
)
def test_headlines_are_in_millions_from_a_million(value: str, text: str) -> None:
    assert figures.millions(Decimal(value)) == text


def test_a_sum_of_nothing_is_missing_and_not_zero() -> None:
    assert figures.total([]) is None
    assert figures.total([None, None]) is None
    assert figures.total([None, Decimal(0)]) == 0


@given(st.lists(amounts, min_size=1, max_size=30))
def test_sums_keep_every_digit(values: list[Decimal]) -> None:
    scaled = sum(int(value.scaleb(18, context=figures.EXACT)) for value in values)
    assert figures.total(values) == figures.EXACT.create_decimal(scaled).scaleb(
        -18, context=figures.EXACT
    )


@given(amounts)
def test_exact_text_reads_back_as_the_same_number(value: Decimal) -> None:
    text = figures.exact(value)
    assert Decimal(text) == value
    assert "E" not in text
