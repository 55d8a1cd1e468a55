"""Two answers to what a feed hides, the estimate between them, and the interval around both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reconcile.estimate.hidden import FARTHEST, SIDES, Hidden, crowd_of, leaning, summed
from pipelines.reconcile.estimate.spread import Spread, learned
from pipelines.reconcile.estimate.unheard import Unheard
from pipelines.tables.words import Level, Sides

DOLLARS = st.floats(1.0, 1e9)
BY_SIDE = st.fixed_dictionaries(dict.fromkeys(SIDES, DOLLARS))
NOTHING = dict.fromkeys(SIDES, 0.0)


@given(DOLLARS, DOLLARS)
def test_the_estimate_lies_between_the_two_answers(taught, own):
    found = taught * leaning(taught, own)
    assert min(taught, own) * (1 - 1e-9) <= found <= max(taught, own) * (1 + 1e-9)


def test_answers_that_nearly_agree_leave_the_estimate_to_what_was_taught():
    assert leaning(100.0, 110.0) == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize("times", [0.2, 5.0])
def test_where_they_part_the_weeks_own_full_feeds_are_believed(times):
    assert abs(np.log(leaning(100.0, 100.0 * times) / times)) < abs(np.log(times)) / 3


@given(
    DOLLARS,
    DOLLARS,
    st.floats(0.0, 1.0),
    st.sampled_from(list(Level)),
    st.sampled_from(list(Sides)),
)
def test_the_interval_does_not_ask_whose_answer_is_whose(one, other, crowded, level, sides):
    spread = learned().spread(level, sides)
    assert spread.around(one, other, crowded) == spread.around(other, one, crowded)


@given(DOLLARS, st.floats(1.0, FARTHEST), st.floats(0.0, 1.0))
def test_the_farther_the_answers_part_the_farther_the_interval_reaches_beyond_both(
    usd, times, crowded
):
    spread = learned().total
    low, high = spread.around(usd, usd, crowded)
    lower, higher = spread.around(usd, usd * times, crowded)
    assert lower <= low * (1 + 1e-9)
    assert higher >= high * times * (1 - 1e-9)


def test_what_nobody_hid_has_no_width():
    assert Spread((), (0.5,), (2.0,), 0.25).around(0.0, 0.0, 0.0) == (0.0, 0.0)


@given(BY_SIDE, BY_SIDE, BY_SIDE, BY_SIDE)
def test_sides_and_venues_add_up(shown, taught, own, other):
    parts = [Hidden("okx", shown, taught, own, 0.1), Hidden("bitget", shown, other, taught, 0.2)]
    both = summed(parts, Sides.BOTH)
    sides = [summed(parts, side) for side in (Sides.LONG, Sides.SHORT)]
    assert both.behind == pytest.approx(sum(one.behind for one in sides))
    assert both.behind == pytest.approx(sum(part.of(Sides.BOTH).behind for part in parts))
    assert both.shown == pytest.approx(sum(one.shown for one in sides))


def test_what_was_not_heard_hides_as_much_as_what_was():
    part = Hidden("okx", {"long": 10.0, "short": 0.0}, {"long": 5.0, "short": 0.0}, NOTHING, 0.0)
    lost = Unheard({"long": 2.0, "short": 1.0}, {"long": 4.0, "short": 0.0})
    found = part.with_unheard(lost)
    assert found.shown == {"long": 12.0, "short": 1.0}
    assert found.taught == {"long": 5.0 * 1.6 + 4.0, "short": 0.0}
    assert found.own == {"long": 4.0, "short": 0.0}


def test_a_full_feed_has_no_part_in_how_crowded_a_week_was():
    full = Hidden("bybit", {"long": 900.0, "short": 0.0}, NOTHING, NOTHING, 0.0)
    throttled = Hidden(
        "okx", {"long": 10.0, "short": 0.0}, {"long": 1.0, "short": 0.0}, NOTHING, 0.5
    )
    assert crowd_of([full, throttled]) == 0.5
