"""alternative.me's index: rows as another project quotes them."""

from datetime import date
from decimal import Decimal

import pytest


def test_a_day_has_its_figure_and_the_publisher_s_word(bench):
    rows = bench.of("fear_greed", "fear_greed").rows.sort("time")
    assert rows.select("sentiment_index", "word", "interval_s").rows() == [
        (Decimal(40), "Fear", 86_400),
        (Decimal(50), "Neutral", 86_400),
        (Decimal(62), "Greed", 86_400),
    ]
    assert rows["time"].dt.date()[0] == date(2026, 11, 10)


@pytest.mark.parametrize("value", ["101", "-1"])
def test_a_figure_beyond_the_ends_is_refused_and_harmless(bench, reasons, value):
    body = bench.payload("fear_greed", "fear_greed")[0].body
    body["data"][0]["value"] = value
    told = bench.told("fear_greed", "fear_greed", body)
    assert told.rows.height == 2
    assert reasons(told) == ["an index that is not between 0 and 100"]


def test_what_is_no_number_is_missing(bench, reasons):
    body = bench.payload("fear_greed", "fear_greed")[0].body
    body["data"][0]["value"] = None
    assert reasons(bench.told("fear_greed", "fear_greed", body)) == [
        "an index that is no exact number"
    ]
