"""What two tellings share, and what it says of those that neither told."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from pipelines.reconcile.matching import NotOneStreamError, Overlap, Telling, overlap
from pipelines.reconcile.matching.match import EVENT


def told(count, chance, seed):
    """Independent events of one market, of which each is told with that chance."""
    chosen = np.random.default_rng(seed)
    at = np.arange(count) * 10_000 + int(datetime(2025, 3, 1, tzinfo=UTC).timestamp() * 1000)
    frame = pl.DataFrame(
        {
            "instrument_id": ["okx:BTC-USDT-SWAP"] * count,
            "position": ["long"] * count,
            "time": pl.Series(at).cast(pl.Datetime("ms", "UTC")),
            "size_coins": pl.Series(range(1, count + 1)).cast(EVENT["size_coins"]),
            "price": pl.Series([84_000] * count).cast(EVENT["price"]),
        },
        schema=EVENT,
    )
    return frame.filter(pl.Series(chosen.random(count) < chance))


def telling(events, teller, stream="liquidation_orders", source="okx"):
    return Telling(source, stream, teller, events)


def test_two_collectors_with_a_gap_each_say_what_each_lacks():
    whole = told(40, 1, 1)
    one, other = telling(whole.head(35), "north"), telling(whole.tail(30), "south")
    counts, only_one, only_other = overlap(one, other)
    assert counts == Overlap(25, 0, 10, 5)
    assert only_one.height + counts.in_both == 35
    assert only_other["size_coins"].to_list() == [36, 37, 38, 39, 40]


@pytest.mark.parametrize(
    "other",
    [
        telling(told(9, 1, 1), "b", source="coinglass"),
        telling(told(9, 1, 1), "b", stream="liquidations"),
        telling(told(9, 1, 1), "a"),
    ],
)
def test_two_sources_or_streams_and_one_teller_twice_are_refused(other):
    with pytest.raises(NotOneStreamError):
        overlap(telling(told(9, 1, 1), "a"), other)


def test_too_few_in_common_say_nothing():
    assert Overlap(6, 0, 100, 100).events_estimated is None
    assert Overlap(6, 0, 100, 100).events_estimated_se is None


def test_chapman_s_own_figures():
    # 200 and 150 told, 120 by both: 201 * 151 / 121 - 1
    counts = Overlap(100, 20, 80, 30)
    assert counts.events_estimated == pytest.approx(249.834711)
    assert counts.events_estimated_se == pytest.approx(6.385, abs=1e-3)


def test_with_nothing_lost_there_is_nothing_to_add():
    counts, *_ = overlap(telling(told(50, 1, 1), "a"), telling(told(50, 1, 1), "b"))
    assert (counts.events_estimated, counts.events_estimated_se) == (50, 0)


def test_of_independent_losses_the_interval_holds_the_truth_about_as_often_as_it_says():
    truth, rounds = 400, 300
    inside, total = 0, 0.0
    for seed in range(rounds):
        a, b = told(truth, 0.9, 2 * seed), told(truth, 0.7, 2 * seed + 1)
        both = a.join(b, on="size_coins").height
        counts = Overlap(both, 0, a.height - both, b.height - both)
        inside += abs(counts.events_estimated - truth) <= 1.96 * counts.events_estimated_se
        total += counts.events_estimated
    assert total / rounds == pytest.approx(truth, rel=0.005)
    assert 0.90 <= inside / rounds <= 0.985  # 95% less the skew of small losses, and chance


def test_losses_that_both_share_are_not_seen():
    published = told(400, 0.2, 7)  # the venue held four in five back
    pick = np.random.default_rng(8)
    kept = [published.filter(pl.Series(pick.random(published.height) < 0.9)) for _ in range(2)]
    counts, *_ = overlap(telling(kept[0], "a"), telling(kept[1], "b"))
    assert counts.events_estimated == pytest.approx(published.height, rel=0.05)
