"""How wide an interval is: by weeks, and by processes, that nothing was fitted on."""

import numpy as np
import pytest

from bench.learn import rounded
from bench.lessons import Miss
from bench.spreads import CLASSES, DOUBTS, ROUND, doubted, is_hit, process_of, spread_of
from replica.truth import PROCESSES, week

FITTED = [seed for seed in range(10 * ROUND) if process_of(seed) != 4]


def misses(seeds, off, *, knows_better, noise=0.1):
    """Weeks whose truth is ``off`` (in logs) what was taught; their own full feeds say so, or not."""
    rng = np.random.default_rng(1)
    found = []
    for seed in seeds:
        missed, heard = rng.normal(0, [noise, 0.1])
        shift = off(process_of(seed))
        own = 100.0 * np.exp(shift + heard if knows_better else heard)
        found.append(Miss(seed, rng.random(), 100.0, own, 100.0 * np.exp(shift + missed)))
    return found


def test_processes_are_counted_as_the_simulator_takes_them_in_turn():
    names = tuple(PROCESSES)
    assert [week(seed, size=0.01).process for seed in (0, 4, 19)] == [
        names[process_of(seed)] for seed in (0, 4, 19)
    ]


@pytest.mark.parametrize("doubt", [0.0, 1.0])
def test_about_one_week_in_twenty_is_left_out_of_those_that_are_alike(doubt):
    known = misses(FITTED * 5, lambda _: 0.0, knows_better=False)
    spread = spread_of(known[::2], doubt)
    assert len(spread.low) == CLASSES
    rate = np.mean([is_hit(spread, one) for one in known[1::2]])
    assert 0.92 < rate < 0.98


def test_nothing_is_added_where_weeks_of_unknown_processes_are_hit_anyway():
    known = misses(FITTED, lambda _: 0.0, knows_better=False)
    easier = misses(FITTED, lambda _: 0.0, knows_better=False, noise=0.05)
    assert doubted(known, easier) == 0.0


def test_the_interval_reaches_out_where_the_own_feeds_tell_of_a_process_that_nobody_knew():
    inside = misses(FITTED, lambda _: 0.0, knows_better=False)
    outside = misses(FITTED, lambda process: (process - 1.5) / 2, knows_better=True)
    taught_only = [Miss(m.seed, m.crowded, m.taught, m.taught, m.true) for m in outside]
    spread = spread_of(inside, doubted(inside, outside))
    assert np.mean([is_hit(spread, one) for one in outside]) >= 0.94
    assert np.mean([is_hit(spread, one) for one in taught_only]) < 0.6


def test_where_no_feed_tells_of_it_the_largest_doubt_is_taken():
    inside = misses(FITTED, lambda _: 0.0, knows_better=False)
    outside = misses(FITTED, lambda process: 9.0 * (process - 1.5), knows_better=False)
    assert doubted(inside, outside) == DOUBTS[-1]


def test_what_was_learned_is_written_to_so_many_digits_that_the_order_of_sums_does_not_show() -> (
    None
):
    told = {"weights": [0.1 + 0.2, 1e-17], "about": "2 weeks", "n": 3}
    assert rounded(told) == {"weights": [0.3, 1e-17], "about": "2 weeks", "n": 3}
