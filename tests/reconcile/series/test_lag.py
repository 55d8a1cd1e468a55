"""A day shifted shows, and only then."""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from pipelines.reconcile.series.lag import lag_scan
from pipelines.reconcile.series.logs import logs_of


@pytest.fixture(scope="module")
def scanned(days):
    return lambda a, b: lag_scan(logs_of(days(list(a), list(b))))


@pytest.fixture(scope="module")
def pair(persistent):
    """A series of 60 days and another one that follows it with scatter."""
    chance = np.random.default_rng(8)
    told = persistent(chance, 60, 0.5)
    return np.exp(told), np.exp(told + chance.normal(0, 0.4, 60))


@pytest.mark.parametrize("late", [-3, -2, -1, 1, 2, 3])
def test_dates_that_are_late_by_days_are_late_by_so_many(scanned, pair, late):
    a, b = pair
    shifted = np.roll(a, late)[3:-3]
    assert scanned(shifted, b[3:-3]).days == late


def test_series_of_the_same_days_have_no_shift(scanned, pair):
    assert scanned(*pair).days == 0


def test_series_that_have_nothing_to_do_with_each_other_are_not_said_to_be_shifted(
    scanned, persistent
):
    chance = np.random.default_rng(9)
    said = [
        scanned(*(np.exp(persistent(chance, 90, 0.6)) for _ in range(2))).days for _ in range(100)
    ]
    assert said.count(None) >= 98


def test_nine_days_say_nothing(scanned, pair):
    a, b = pair
    found = scanned(np.roll(a, 1)[3:12], b[3:12])
    assert found.days is None
    assert "fewer than 10" in found.said


def test_a_series_that_leans_on_the_day_before_is_no_shift(scanned, pair):
    a, _ = pair
    smeared = a + np.roll(a, 1)
    assert scanned(a[1:], smeared[1:]).days in (0, None)


def test_a_recorded_series_shifted_by_a_day_is_found_and_one_that_is_not_never_is(liquidations):
    """Stretches of 90 days of 2022, seven coins, two sides; of 30 days, most are found."""
    assert counted(liquidations, 90, 1) == {1: 56}
    assert counted(liquidations, 90, 0) == {0: 56}
    assert counted(liquidations, 30, 1) == {1: 158, None: 10}
    assert counted(liquidations, 30, 0) == {0: 168}


def counted(liquidations, length, late):
    """What is said of each stretch when CoinGlass's dates are late by so many days."""
    return Counter(
        lag_scan(logs_of(part)).days
        for both in liquidations.values()
        for shifted in [both.with_columns(pl.col("a").shift(late))]
        for part in [shifted[n : n + length] for n in range(0, both.height - length, length)]
    )
