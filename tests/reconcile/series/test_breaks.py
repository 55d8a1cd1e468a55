"""Days from which a series has another level."""

from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.reconcile.series.agreement import agreement
from pipelines.reconcile.series.breaks import level_breaks
from pipelines.reconcile.series.logs import logs_of

FIRST = date(2022, 1, 1)


def test_a_step_is_found_on_its_day_and_has_its_size(persistent):
    values = persistent(np.random.default_rng(1), 200, 0.3) / 4
    values[120:] += 1.0
    (found,) = level_breaks(FIRST, values)
    assert found.day == FIRST + timedelta(days=120)
    assert found.step == pytest.approx(1.0, abs=0.15)
    assert (found.days_before, found.days_after) == (120, 80)
    assert found.chance < 0.001


def test_two_steps_are_two_breaks(persistent):
    values = persistent(np.random.default_rng(2), 300, 0.3) / 4
    values[100:] += 1.0
    values[200:] -= 1.5
    assert [found.day for found in level_breaks(FIRST, values)] == [
        FIRST + timedelta(days=100),
        FIRST + timedelta(days=200),
    ]


def test_days_without_a_value_are_left_out_and_the_day_of_the_break_stays():
    values = np.random.default_rng(3).normal(0, 0.1, 120)
    values[70:] += 1.0
    values[20:40] = np.nan
    (found,) = level_breaks(FIRST, values)
    assert found.day == FIRST + timedelta(days=70)
    assert found.days_before == 50


@pytest.mark.parametrize("days", [0, 1, 59])
def test_under_sixty_days_nothing_is_said(days):
    values = np.where(np.arange(days) < 30, 0.0, 5.0)
    assert level_breaks(FIRST, values) == []


def test_a_step_that_is_sure_and_small_is_none():
    values = np.random.default_rng(4).normal(0, 0.01, 100)
    values[50:] += 0.2
    assert level_breaks(FIRST, values) == []


def test_chance_makes_hardly_a_break_in_days_that_resemble_each_other(persistent):
    chance = np.random.default_rng(5)
    found = [level_breaks(FIRST, persistent(chance, 90, 0.5)) for _ in range(200)]
    assert sum(map(bool, found)) <= 5


def test_solana_broke_with_ftx_and_dogecoin_after_it_and_bitcoin_never(liquidations):
    """All venues by CoinGlass over Binance by Coinalyze, in 2022."""
    breaks = {
        cell: [(one.day, round(float(np.exp(one.step)), 1)) for one in found.breaks]
        for cell, both in liquidations.items()
        if (found := agreement(logs_of(both)))
    }
    assert breaks["SOL", "long"] == [(date(2022, 11, 7), 3.6)]
    assert breaks["SOL", "short"] == [(date(2022, 11, 8), 6.0)]
    assert breaks["DOGE", "long"] == [(date(2022, 11, 24), 3.3)]
    assert breaks["DOGE", "short"] == [(date(2022, 11, 25), 3.5)]
    assert breaks["ETH", "long"] == [(date(2022, 7, 29), 0.6)]
    assert breaks["ETH", "short"] == [(date(2022, 9, 12), 0.5)]
    quiet = {"ADA", "BNB", "BTC", "XRP"}
    assert all(found == [] for (coin, _), found in breaks.items() if coin in quiet)
