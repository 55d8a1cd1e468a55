"""A ratio that stands still at a power of ten is a unit, and a ratio that moves is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.series.logs import logs_of
from pipelines.reconcile.series.ratio import unit_factor


@pytest.fixture(scope="module")
def factor(days):
    def said(a, b, sizes=()):
        return unit_factor(logs_of(days(list(a), list(b))), sizes)

    return said


TRUE = np.random.default_rng(1).lognormal(3, 1, 40)
NOISE = np.exp(np.random.default_rng(2).normal(0, 0.015, 40))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([*range(-6, 0), *range(1, 7)]))
def test_a_power_of_ten_is_told_whichever_side_is_wrong(factor, power):
    assert factor(TRUE * NOISE * 10.0**power, TRUE) == pytest.approx(10.0**power)


def test_a_contract_s_size_is_told_only_where_a_market_lists_it(factor):
    assert factor(TRUE * NOISE / 0.0025, TRUE) is None
    assert factor(TRUE * NOISE / 0.0025, TRUE, [0.0025]) == pytest.approx(400)
    assert factor(TRUE * NOISE * 0.0025, TRUE, [0.0025]) == pytest.approx(0.0025)


def test_a_ratio_of_nine_days_or_one_that_moves_or_is_one_is_no_unit(factor):
    moving = np.exp(np.random.default_rng(3).normal(0, 0.3, 40))
    assert factor(TRUE[:9] * 1000, TRUE[:9]) is None
    assert factor(TRUE * 1000 * moving, TRUE) is None
    assert factor(TRUE * NOISE, TRUE) is None
    assert factor(TRUE * NOISE * 3, TRUE) is None


def test_one_wild_day_of_ten_does_not_hide_a_unit(factor):
    wild = np.where(np.arange(40) % 14 == 0, 5.0, 1.0)
    assert factor(TRUE * 1000 * wild, TRUE) == pytest.approx(1000)


def test_no_two_recorded_series_differ_by_a_unit_in_dollars(liquidations):
    assert [unit_factor(logs_of(both)) for both in liquidations.values()] == [None] * 14
