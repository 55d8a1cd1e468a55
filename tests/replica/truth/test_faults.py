"""Planted faults: each is seen in what the tracker publishes, and its size is known."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from replica.truth import Planted, faults, week
from replica.truth.faults import KINDS, TRACKERS, applied, with_effect
from replica.truth.nature import nature
from replica.truth.timeline import HOURS, LEAD_HOURS
from replica.truth.trackers import lists, series

SIZE = 0.03

Make = Callable[..., Any]
TOLD = {
    "coinalyze": "liquidations",
    "coinglass": "liquidations_daily",
    "coinglass_pairs": "pair_liquidations",
}


def amounts() -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(3).gamma(1.0, size=(2, 2, HOURS)) * 1000


@pytest.mark.parametrize(
    ("kind", "factor", "first", "end"),
    [
        ("venue_lost", 0.0, 100, 168),
        ("venue_added", 0.0, 0, 50),
        ("outage", 0.0, 20, 30),
        ("contract_size", 10.0, 0, 168),
        ("rows_doubled", 2.0, 10, 40),
    ],
)
def test_a_fault_multiplies_its_hours_and_leaves_the_others(
    kind: str, factor: float, first: int, end: int
) -> None:
    before = amounts()
    after = applied(
        before, Planted(kind, "coinglass", "okx", "", first, end, factor), [True, False]
    )
    hours = slice(LEAD_HOURS + first, LEAD_HOURS + end)
    assert (after[0, :, hours] == before[0, :, hours] * factor).all()
    untouched = np.ones_like(before, dtype=bool)
    untouched[0, :, hours] = False
    assert (after[untouched] == before[untouched]).all()


def test_swapped_sides_leave_the_total_and_exchange_its_parts() -> None:
    before = amounts()
    fault = Planted("sides_swapped", "coinalyze", "okx", "", 0, 168)
    after = applied(before, fault, [True, True])
    told = with_effect(fault, before, after)
    assert told.effect_usd == pytest.approx(0, abs=0.01)
    week_of = before[:, :, LEAD_HOURS:]
    assert told.effect_long_usd == pytest.approx(
        week_of[:, 1].sum() - week_of[:, 0].sum(), abs=0.01
    )
    assert told.moved_usd > 0


@pytest.mark.parametrize("late", [8, 24])
def test_a_shifted_day_holds_what_was_so_many_hours_before(late: int) -> None:
    before = amounts()
    after = applied(
        before, Planted("day_shifted", "coinalyze", "okx", "", 0, 168, late), [True, False]
    )
    assert (after[0, :, LEAD_HOURS:] == before[0, :, LEAD_HOURS - late : HOURS - late]).all()
    assert (after[1] == before[1]).all()


def test_every_kind_of_fault_is_planted_in_some_week_and_none_in_some() -> None:
    planted = []
    for seed in range(150):
        drawn = nature(seed, None, SIZE)
        planted.append(faults.drawn(drawn, lists(drawn)))
    kinds = {one.kind for each in planted for one in each}
    assert kinds >= {"venue_lost", "venue_added", "outage", "contract_size", "day_shifted"}
    assert kinds >= {"rows_doubled", "sides_swapped", "throttled", "par"}
    assert {one.source for each in planted for one in each} == {"ours", *TRACKERS}
    assert any(not each for each in planted)
    assert all(one.venue for each in planted for one in each if one.kind != "par")
    assert max(len({p.kind for p in each if p.kind != "par"}) for each in planted) == 3
    assert len(KINDS) == 10


def test_what_a_fault_did_is_what_the_published_total_is_off_by(made: Make) -> None:
    drawn, forced, _ = made(21)
    fault = Planted("contract_size", "coinglass", "okx", "BTC", 0, 168, 100.0)
    clean, _ = series(drawn, forced, ())
    spoiled, (told,) = series(drawn, forced, (fault,))
    total = [one["coinglass"].daily_usd[:, :, LEAD_HOURS:].sum() for one in (clean, spoiled)]
    assert told.effect_usd == pytest.approx(total[1] - total[0])
    assert told.effect_usd > 0
    for other in ("coinalyze", "coinglass_pairs"):
        assert (spoiled[other].daily == clean[other].daily).all()


def test_a_tracker_that_hears_a_throttled_feed_tells_less_of_that_venue_alone(made: Make) -> None:
    drawn, forced, _ = made(21)
    fault = Planted("throttled", "coinalyze", "bybit", "", 0, 168, rule="largest")
    clean, _ = series(drawn, forced, ())
    spoiled, (told,) = series(drawn, forced, (fault,))
    before, after = (one["coinalyze"].hourly for one in (clean, spoiled))
    own = [m.venue == "bybit" for m in drawn.markets]
    assert (after <= before).all()
    assert (after[own] < before[own]).any()
    others = [not mine for mine in own]
    assert (after[others] == before[others]).all()
    assert told.effect_usd < 0


def test_a_shifted_day_is_in_the_daily_figures_alone(made: Make) -> None:
    drawn, forced, _ = made(22)
    fault = Planted("day_shifted", "coinalyze", "binance", "", 0, 168, 24.0)
    clean, _ = series(drawn, forced, ())
    spoiled, _ = series(drawn, forced, (fault,))
    assert (spoiled["coinalyze"].hourly == clean["coinalyze"].hourly).all()
    assert (spoiled["coinalyze"].daily != clean["coinalyze"].daily).any()


def test_what_trackers_print_adds_up_to_the_totals_that_are_told_of_them() -> None:
    one = week(23, size=SIZE)
    pairs = [p for p in one.printed if p.dataset == TOLD["coinglass_pairs"]]
    rows = [row for p in pairs for row in json.loads(p.body)["data"]]
    printed = sum(
        float(r["long_liquidation_usd"]) + float(r["short_liquidation_usd"]) for r in rows
    )
    mine = one.trackers.filter(source="coinglass_pairs")["usd"].sum()
    assert printed == pytest.approx(mine, rel=1e-6)


def test_a_gap_of_our_collector_has_no_frame_and_no_sign_of_life() -> None:
    one, fault = next(
        (found, p)
        for seed in range(200)
        if any(q.source == "ours" and q.kind == "outage" for q in planted_in(seed))
        for found in [week(seed, size=SIZE)]
        for p in found.planted
        if p.source == "ours" and p.kind == "outage"
    )
    feed = next(c for c in one.captured if c.source == fault.venue)
    begin = one.orders["time"].dt.truncate("1w").min()
    hours = (feed.rows["received_at"] - begin).dt.total_milliseconds() / 3_600_000
    inside = (hours >= fault.first_hour) & (hours < fault.end_hour)
    assert not inside.any()
    assert feed.rows["session"].n_unique() == 2
    assert fault.effect_usd <= 0


def planted_in(seed: int) -> tuple[Planted, ...]:
    drawn = nature(seed, None, SIZE)
    return faults.drawn(drawn, lists(drawn))


def test_a_fault_without_effect_is_told_as_such() -> None:
    before = amounts()
    fault = Planted("outage", "coinalyze", "okx", "", 0, 10, 0.0)
    same = with_effect(fault, before, applied(before, fault, [False, False]))
    assert same == replace(fault, effect_usd=0.0, effect_long_usd=0.0, moved_usd=0.0)
