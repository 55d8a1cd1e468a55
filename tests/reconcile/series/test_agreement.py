"""How two daily series agree on logarithms."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.series.agreement import agreement
from pipelines.reconcile.series.logs import logs_of

FIRST = date(2022, 1, 3)


@pytest.fixture(scope="module")
def agreed(days):
    return lambda a, b: agreement(logs_of(days(list(a), list(b))))


def throttled(true, most=50.0):
    """What a feed shows that can tell only so much of a busy day."""
    return true / (1 + true / most)


@pytest.fixture(scope="module")
def true():
    """Dollars of 90 days, calm and wild."""
    return np.exp(np.random.default_rng(3).normal(3, 1.2, 90))


def test_one_that_always_says_three_times_the_other_has_that_ratio_and_no_slope(agreed, true):
    found = agreed(3 * true, true)
    assert np.exp(found.mean_log_ratio) == pytest.approx(3, abs=1e-5)
    assert (found.low, found.high) == (found.mean_log_ratio, found.mean_log_ratio)
    assert found.slope == pytest.approx(0, abs=1e-6)
    assert not found.has_slope
    assert found.breaks == ()


def test_a_throttled_feed_leaves_a_slope_and_a_ratio_that_grows_with_the_day(agreed, true):
    noise = np.exp(np.random.default_rng(4).normal(0, 0.2, len(true)))
    found = agreed(true * noise, throttled(true))
    assert found.has_slope
    assert found.slope > 0.2
    assert not agreed(true * noise, true).has_slope


def test_concordance_is_one_for_equal_series_and_falls_with_the_ratio(agreed, true):
    assert agreed(true, true).concordance == 1
    assert agreed(6 * true, true).concordance < agreed(2 * true, true).concordance < 1


def test_a_day_with_a_zero_has_no_ratio_and_is_counted_not_dropped(days):
    logs = logs_of(days([1.0, 0, 4, None, 5, 0], [1.0, 2, 0, 3, None, 0]))
    assert (logs.zeros, logs.only_a, logs.only_b) == (3, 1, 1)
    assert int(logs.both.sum()) == 1


def test_a_calendar_with_holes_keeps_its_days_apart(days):
    logs = logs_of(days([1.0, 2, 3], [1.0, 2, 3])[[0, 2]])
    assert len(logs.a) == 3
    assert np.isnan(logs.a[1])


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (range(1, 10), range(1, 10), "fewer than 10 days"),
        ([7] * 20, range(1, 21), "the same every day"),
        ([0] * 30, range(1, 31), "fewer than 10 days"),
    ],
)
def test_too_little_is_refused_with_its_reason_and_no_figure(agreed, a, b, why):
    found = agreed(a, b)
    assert why in found.refused
    assert (found.mean_log_ratio, found.slope, found.concordance) == (None, None, None)


def test_fourteen_days_have_a_slope_but_none_that_is_asserted(agreed, true):
    found = agreed(true[:14] ** 1.5, true[:14] * np.linspace(0.99, 1.01, 14))
    assert found.slope / found.slope_se > 10
    assert not found.has_slope


def test_a_break_of_level_is_no_slope_and_a_slope_is_no_break(agreed):
    noise = np.random.default_rng(5)
    calm_then_wild = np.exp(np.concatenate([noise.normal(1, 0.5, 60), noise.normal(4, 0.5, 60)]))
    scatter = np.exp(noise.normal(0, 0.15, 120))
    sloped = agreed(calm_then_wild**1.3 * scatter, calm_then_wild)
    assert sloped.breaks == ()
    assert sloped.has_slope
    steady = np.exp(noise.normal(2, 0.5, 120))
    broken = agreed(steady * scatter * np.where(np.arange(120) < 80, 1, 4), steady)
    (found,) = broken.breaks
    assert found.day == FIRST + timedelta(days=80)
    assert np.exp(found.step) == pytest.approx(4, rel=0.1)
    assert not broken.has_slope


AMOUNTS = st.lists(st.floats(1e-3, 1e9), min_size=12, max_size=60)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.randoms(use_true_random=False), st.floats(0.01, 100))
def test_swapping_flips_and_scaling_shifts(agreed, a, random, times):
    b = random.sample(a, len(a))
    there, back = agreed(a, b), agreed(b, a)
    if there.refused:
        assert back.refused == there.refused
        return
    assert there.mean_log_ratio == -back.mean_log_ratio
    assert (there.low, there.high) == (-back.high, -back.low)
    assert there.concordance == back.concordance
    if there.slope is not None:
        assert there.slope == pytest.approx(-back.slope, abs=2e-6)
    scaled = agreed([times * value for value in a], b)
    shift = scaled.mean_log_ratio - there.mean_log_ratio
    assert shift == pytest.approx(np.log(times), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.randoms(use_true_random=False))
def test_the_limits_hold_the_mean_and_concordance_is_between_minus_one_and_one(agreed, a, random):
    found = agreed(a, random.sample(a, len(a)))
    if found.refused is None:
        assert found.low <= found.mean_log_ratio <= found.high
        assert -1 <= found.concordance <= 1


def test_chance_asserts_hardly_any_slope_or_break(agreed, persistent):
    chance = np.random.default_rng(6)
    asserted = 0
    for _ in range(150):
        a, ratio = (persistent(chance, 90, 0.5) for _ in range(2))
        found = agreed(np.exp(a + ratio / 4), np.exp(a - ratio / 4))
        asserted += found.has_slope + bool(found.breaks)
    assert asserted <= 7


def test_over_2022_the_whole_grows_with_the_day_beside_binance_and_never_shrinks(liquidations):
    """CoinGlass (all venues) over Coinalyze (Binance): the slopes beyond doubt are all positive."""
    found = {cell: agreement(logs_of(both)) for cell, both in liquidations.items()}
    sloped = {cell: round(one.slope, 2) for cell, one in found.items() if one.has_slope}
    assert sloped == {
        ("BNB", "long"): 0.06, ("BTC", "long"): 0.24, ("BTC", "short"): 0.27, ("ETH", "long"): 0.22,
    }  # fmt: skip
    middle = {cell: round(float(np.exp(one.mean_log_ratio)), 1) for cell, one in found.items()}
    assert middle["BNB", "long"] == 1.3
    assert middle["BTC", "long"] == 3.4
    assert middle["ETH", "long"] == 6.6
    left = {cell: round(float(np.exp(one.unexplained_sd)), 1) for cell, one in found.items()}
    assert (min(left.values()), max(left.values())) == (1.3, 2.1)
