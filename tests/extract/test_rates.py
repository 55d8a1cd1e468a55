"""Asked at its limit, no source refuses, and hardly any of the time that it allows is lost."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bench.paces import Run
from bench.rates import SEED, Harness, asked_of_replica, served
from pipelines.clock import Clock, instant
from pipelines.extract.budget import Budget
from pipelines.extract.catalogue import MANNERS
from pipelines.raw import Raw
from replica.simulated.world import World

ANSWER_S = 0.01
TIGHT = ("coinalyze", "bitfinex", "okx")
Costs = dict[str, list[Mapping[str, int] | None]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Costs, dict[str, Any]]:
    """One day of a few instruments, and what each question took of its source's windows."""
    costs: dict[Budget, list[Mapping[str, int] | None]] = defaultdict(list)
    plain = Budget.take

    def take(self: Budget, cost: Mapping[str, int] | None = None) -> Any:
        costs[self].append(cost)
        return plain(self, cost)

    with pytest.MonkeyPatch.context() as patch, served("small", 150) as (ready, replica):
        patch.setattr(Budget, "take", take)
        clock, raw = Clock(instant(str(ready["now"]))), Raw(tmp_path_factory.mktemp("rates"))
        day, world = date(2026, 11, 16), World(SEED, "small")
        run = Harness(ready, replica, 150, day, 20, world, raw, clock).run(TIGHT)
        counts = asked_of_replica(ready, "counts")
    return run, {pace.names[0]: costs[pace.budget] for pace in run.paces}, counts


def test_nobody_refuses_for_want_of_room(ran: Any) -> None:
    run, _, counts = ran
    assert {pace.names[0]: (pace.refused, pace.failed) for pace in run.paces} == {
        source: (0, {}) for source in TIGHT
    }
    assert sum(row["refused"] for of in counts.values() for row in of.values()) == 0


def test_each_source_is_asked_for_more_than_goes_at_once(ran: Any) -> None:
    run, costs, counts = ran
    assert {pace.names[0] for pace in run.paces if pace.ideal_s > 0} == set(TIGHT)
    asked = sum(row["asked"] for of in counts.values() for row in of.values())
    assert asked == sum(map(len, costs.values())) == sum(pace.answers for pace in run.paces)


@pytest.mark.parametrize("source", TIGHT)
def test_the_same_questions_one_by_one_lose_little_of_the_time_allowed(
    ran: Any, source: str, fake_time: Any
) -> None:
    """At the source's own pace, window by window; a full window opens again as a whole."""
    for window in MANNERS[source].windows:
        given = [cost[window.name] for cost in ran[1][source] if cost and window.name in cost]
        budget = Budget([window], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
        began = fake_time.now_s
        for cost in given:
            taken = budget.take({window.name: cost})
            fake_time.now_s += ANSWER_S
            budget.settle(taken)
        windows_waited_for = max(-(-sum(given) // window.amount) - 1, 0)
        at_most_s = 1.15 * windows_waited_for * window.seconds
        # what goes at once takes the time of its answers all the same
        assert fake_time.now_s - began <= at_most_s + len(given) * ANSWER_S
