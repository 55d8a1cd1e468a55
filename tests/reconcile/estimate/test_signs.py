"""What a throttled feed gives away."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.estimate.capture import UTMOST, Lesson, Model, fitted, hid, missed
from pipelines.reconcile.estimate.estimates import is_timed, lesson
from pipelines.reconcile.estimate.signs import SIGNS, aligned, crowded, rule_of, signs
from pipelines.reconcile.estimate.throttling import Rule, throttled


def orders(seed, bursts=1_500, length=6, spread_ms=900, sigma=1.5, market="bybit:BTCUSDT"):
    """Bursts within seconds, over a day."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(0, 86_400_000, bursts))
    many = rng.geometric(1 / length, bursts)
    time_ms = np.repeat(start, many) + rng.exponential(spread_ms, many.sum()).astype(np.int64)
    return pl.DataFrame(
        {
            "market": market,
            "position": np.where(rng.random(time_ms.size) < 0.7, "long", "short"),
            "time_ms": time_ms,
            "usd": np.exp(rng.normal(8, sigma, time_ms.size)),
        }
    )


@pytest.mark.parametrize("rule", list(Rule))
def test_a_throttled_feed_shows_at_most_one_order_of_a_second(rule):
    shown = throttled(orders(1), rule)
    within = ["second", "position"] if rule is Rule.LARGEST_OF_SIDE else ["second"]
    seconds = shown.with_columns(second=pl.col("time_ms") // 1_000)
    assert not seconds.select(within).is_duplicated().any()
    assert shown.join(orders(1), on=shown.columns, how="anti").is_empty()


def test_the_largest_shows_more_dollars_than_the_latest():
    largest, latest = (
        throttled(orders(2), rule)["usd"].sum() for rule in (Rule.LARGEST, Rule.LATEST)
    )
    assert largest > 1.3 * latest


@pytest.mark.parametrize("offset", [0, 130, 500, 870])
def test_where_a_second_begins_is_told_by_the_feed_itself(offset):
    moved = orders(3, bursts=9_000).with_columns(pl.col("time_ms") - offset)
    shown = throttled(moved, Rule.LARGEST).with_columns(pl.col("time_ms") + offset)
    found = (shown["time_ms"] - aligned(shown)["time_ms"])[0] % 1_000
    assert min(abs(found - offset), 1_000 - abs(found - offset)) <= 40


@pytest.mark.parametrize("rule", [Rule.LARGEST, Rule.LATEST])
def test_the_rule_of_a_feed_is_told_by_where_in_its_second_an_order_stands(rule):
    # crowded: ten orders a second for hours
    rng = np.random.default_rng(4)
    many = pl.DataFrame(
        {
            "market": "m",
            "position": "long",
            "time_ms": np.sort(rng.integers(0, 600_000, 6_000)),
            "usd": np.exp(rng.normal(8, 1, 6_000)),
        }
    )
    assert rule_of(crowded(throttled(many, rule))) is rule


@pytest.mark.parametrize("rule", [Rule.LARGEST, Rule.LATEST])
def test_a_feed_without_a_crowded_minute_tells_its_rule_by_its_quiet_seconds(rule):
    """Two orders in each busy second, four such seconds a minute."""
    rng = np.random.default_rng(5)
    pairs = (np.arange(2_000) * 15_000)[:, None] + rng.integers(0, 1_000, (2_000, 2))
    quiet = pl.DataFrame(
        {
            "market": "m",
            "position": "long",
            "time_ms": np.sort(pairs.ravel()),
            "usd": np.exp(rng.normal(8, 1, 4_000)),
        }
    )
    assert rule_of(crowded(throttled(quiet, rule))) is rule


def test_a_quiet_feed_does_not_tell_its_rule_and_the_largest_is_taken():
    few = orders(5, bursts=40)
    assert rule_of(crowded(throttled(few, Rule.LATEST))) is Rule.LARGEST


def test_signs_know_nothing_of_what_is_hidden():
    every = orders(6)
    shown = throttled(every, Rule.LARGEST)
    assert signs(crowded(shown)).equals(signs(crowded(throttled(shown, Rule.LARGEST))))


@given(st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_a_lesson_loses_no_dollar(seed):
    every = orders(seed, bursts=200)
    shown = throttled(every, Rule.LATEST)
    taught = lesson("w", "bybit", every, shown)
    assert taught.rows["all_usd"].sum() == pytest.approx(every["usd"].sum())
    assert taught.rows["shown_usd"].sum() == pytest.approx(shown["usd"].sum())


def learned_from(seeds, **how):
    lessons = []
    for seed in seeds:
        every = orders(seed, **how)
        lessons.append(lesson(str(seed), "bybit", every, throttled(every, Rule.LARGEST)))
    return lessons


def test_what_is_learned_from_some_weeks_holds_in_others_of_the_same_kind():
    model = fitted(learned_from(range(60)))
    errors = []
    for one in learned_from(range(100, 110)):
        expected = (one.rows["shown_usd"].to_numpy() * model.times(one.rows)).sum()
        errors.append(expected / one.rows["all_usd"].sum() - 1)
    assert abs(np.mean(errors)) < 0.02
    assert np.max(np.abs(errors)) < 0.1


def test_a_feed_is_never_taken_to_show_more_than_there_was():
    rows = learned_from([1])[0].rows
    many = len(SIGNS) * (len(SIGNS) + 3) // 2  # signs and their products
    weights = (-1.0,) * 6 + (0.0,) * (2 * many)
    nothing = Model(weights, (0.0,) * len(SIGNS), (1.0,) * len(SIGNS), (0, 0))
    assert (nothing.times(rows) == 1.0).all()


def test_misses_are_of_the_week_s_own_full_feeds():
    model = fitted(learned_from(range(10)))
    one = learned_from([200])[0]
    more = Lesson("w", "bybit", one.rows.with_columns(pl.col("all_usd") * 2))
    calm, crowded = missed(model, [one])
    twice_calm, twice_crowded = missed(model, [more])
    assert twice_calm - calm == pytest.approx(np.log(2))
    assert twice_crowded - crowded == pytest.approx(np.log(2)) or crowded == 0.0


def test_full_feeds_tell_how_many_times_more_is_hidden_than_was_learned():
    model = fitted(learned_from(range(10)))
    one = learned_from([200])[0]
    usd = pl.col("shown_usd")
    twice = one.rows.with_columns(all_usd=usd + 2 * (pl.col("all_usd") - usd))
    usual, more = hid(model, [one]), hid(model, [Lesson("w", "bybit", twice)])
    assert usual[0] == pytest.approx(1.0, abs=0.25)
    assert more[0] / usual[0] == pytest.approx(2.0, abs=0.05)


def test_a_feed_that_hid_nothing_is_not_taken_to_say_that_nothing_is_ever_hidden():
    model = fitted(learned_from(range(10)))
    one = learned_from([200])[0]
    nothing = Lesson("w", "bybit", one.rows.with_columns(all_usd=pl.col("shown_usd")))
    assert all(1 / UTMOST <= times <= 1.0 for times in hid(model, [nothing]))


def test_a_feed_of_whole_seconds_does_not_teach():
    every = orders(7)
    whole = every.with_columns(pl.col("time_ms") // 1_000 * 1_000)
    assert is_timed(every)
    assert not is_timed(whole)
    assert not is_timed(every.clear())
