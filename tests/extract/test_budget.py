"""A budget is never overdrawn, in any window, and hardly anything of it is left unused."""

import threading
import time
from typing import Any

import pytest

from pipelines.extract.budget import Budget
from pipelines.extract.catalogue import MANNERS
from pipelines.extract.manners import Heard, Window

WINDOW = Window("weight", 100, 10.0)


def _most_in_any(stamps: list[tuple[float, int]], seconds: float) -> int:
    """The most cost within any half-open window of this length."""
    return max(
        sum(cost for at, cost in stamps if start <= at < start + seconds) for start, _ in stamps
    )


def _ask_for(budget: Budget, fake_time: Any, cost: int, until_s: float) -> list[tuple[float, int]]:
    """Questions one after another, each arriving at a moment between asking and answer."""
    arrived: list[tuple[float, int]] = []
    began, turn = fake_time.now_s, 0
    while True:
        taken = budget.take({"weight": cost})
        if fake_time.now_s - began >= until_s:
            return arrived
        turn += 1
        on_the_way_s, back_s = (0.001, 0.02) if turn % 2 else (0.02, 0.001)
        fake_time.now_s += on_the_way_s
        arrived.append((fake_time.now_s, cost))
        fake_time.now_s += back_s
        budget.settle(taken)


@pytest.mark.parametrize("cost", [1, 3, 7])
def test_no_window_is_overdrawn_and_little_is_wasted(fake_time: Any, cost: int) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    arrived = _ask_for(budget, fake_time, cost, until_s=200)
    assert _most_in_any(arrived, WINDOW.seconds) <= WINDOW.amount
    assert sum(cost for _, cost in arrived) >= 0.9 * WINDOW.amount * 200 / WINDOW.seconds


@pytest.mark.parametrize(
    ("source", "window"),
    [(source, window) for source, manners in MANNERS.items() for window in manners.windows],
    ids=lambda value: getattr(value, "name", value),
)
def test_each_documented_rate_is_used_to_nine_tenths(
    fake_time: Any, source: str, window: Window
) -> None:
    budget = Budget([window], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    arrived: list[tuple[float, int]] = []
    cost = max(window.amount // 40, 1)
    until_s = fake_time.now_s + 5 * window.seconds
    while fake_time.now_s < until_s:
        taken = budget.take({window.name: cost})
        arrived.append((fake_time.now_s, cost))
        fake_time.now_s += 0.001
        budget.settle(taken)
    assert _most_in_any(arrived, window.seconds) <= window.amount
    assert sum(cost for at, cost in arrived if at < until_s) >= 0.9 * 5 * window.amount


def test_a_scaled_rate_is_the_same_amount_in_less_time(fake_time: Any) -> None:
    time_ = {"monotonic": fake_time.monotonic, "sleep": fake_time.sleep}
    budget = Budget([WINDOW], rate_scale=10, **time_)
    arrived = _ask_for(budget, fake_time, 5, until_s=20)
    assert _most_in_any(arrived, 1.0) <= 100
    assert len(arrived) * 5 >= 0.6 * 100 * 20  # an answer takes 2% of so short a window


def test_every_window_that_a_question_names_must_have_room(fake_time: Any) -> None:
    windows = [WINDOW, Window("funding", 2, 50.0)]
    budget = Budget(windows, monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    for _ in range(3):
        budget.settle(budget.take({"weight": 1, "funding": 1}))
    assert sum(fake_time.slept) == pytest.approx(50)
    budget.settle(budget.take({"weight": 1}))
    assert sum(fake_time.slept) == pytest.approx(50)


def test_room_that_is_still_being_asked_for_is_not_given_twice() -> None:
    budget = Budget([Window("calls", 4, 0.15)])
    asking, most, lock = 0, 0, threading.Lock()
    stamps: list[tuple[float, int]] = []

    def ask() -> None:
        nonlocal asking, most
        for _ in range(4):
            taken = budget.take()
            with lock:
                asking += 1
                most = max(most, asking)
                stamps.append((time.monotonic(), 1))
            time.sleep(0.002)
            with lock:
                asking -= 1
            budget.settle(taken)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stamps) == 24
    assert most <= 4
    assert _most_in_any(stamps, 0.15) <= 4


def test_a_question_larger_than_its_window_is_asked_alone(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    assert budget.take({"weight": 1000}).cost == {"weight": 100}


def test_what_others_used_from_the_same_address_is_believed(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    taken = budget.take({"weight": 10})
    budget.learn([Heard("weight", used=95)], taken)
    budget.settle(taken)
    budget.settle(budget.take({"weight": 5}))
    assert fake_time.slept == []
    budget.take({"weight": 1})
    assert sum(fake_time.slept) == pytest.approx(10)


def test_what_the_source_counts_of_ourselves_is_not_counted_twice(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    for used in range(10, 101, 10):
        taken = budget.take({"weight": 10})
        budget.learn([Heard("weight", used=used)], taken)
        budget.settle(taken)
    assert fake_time.slept == []


def test_what_came_back_while_the_answer_was_on_its_way_is_still_ours(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    budget.settle(budget.take({"weight": 80}))
    fake_time.now_s += 9.99
    taken = budget.take({"weight": 1})
    fake_time.now_s += 0.02
    budget.take({"weight": 1})  # by now the 80 are back, but the source had counted them
    budget.learn([Heard("weight", used=81)], taken)
    budget.settle(taken)
    budget.take({"weight": 98})
    assert fake_time.slept == []


def test_a_plan_s_own_rate_replaces_the_first_guess(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    taken = budget.take({"weight": 100})
    budget.learn([Heard("weight", amount=300)], taken)
    budget.settle(taken)
    for _ in range(2):
        budget.settle(budget.take({"weight": 100}))
    assert fake_time.slept == []


def test_a_pause_holds_everybody(fake_time: Any) -> None:
    told: list[str] = []
    budget = Budget(
        [WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep, progress=told.append
    )
    budget.pause(12)
    budget.take()
    assert fake_time.slept == [12]
    assert told == ["waiting 12 s: the source asked for a pause"]


def test_a_long_wait_is_told_once(fake_time: Any) -> None:
    told: list[str] = []
    budget = Budget(
        [WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep, progress=told.append
    )
    budget.settle(budget.take({"weight": 100}))
    budget.take({"weight": 1})
    assert told == ["waiting 10 s: the limit of 100 weight in 10 s is used up"]


def test_what_was_used_tells_the_shortest_time_in_which_it_could_be_asked(fake_time: Any) -> None:
    windows = [WINDOW, Window("funding", 2, 50.0)]
    budget = Budget(windows, monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    began = fake_time.now_s
    for _ in range(6):
        budget.settle(budget.take({"weight": 10, "funding": 1}))
    used = budget.used()
    assert (used["weight"].ever, used["funding"].ever) == (60, 6)
    assert used["weight"].least_s == 0  # all of it goes at once
    assert used["funding"].least_s == pytest.approx(100) == fake_time.now_s - began


@pytest.mark.parametrize("threads", [1, 8])
def test_a_long_asking_takes_hardly_longer_than_the_window_allows(
    fake_time: Any, threads: int
) -> None:
    """As many questions are on their way at once as there are threads."""
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    began = fake_time.now_s
    for _ in range(2000 // threads):
        taken = [budget.take({"weight": 1}) for _ in range(threads)]
        fake_time.now_s += 0.05
        for one in taken:
            budget.settle(one)
    assert fake_time.now_s - began <= 1.15 * budget.used()["weight"].least_s


def test_settling_once_more_changes_nothing(fake_time: Any) -> None:
    budget = Budget([WINDOW], monotonic=fake_time.monotonic, sleep=fake_time.sleep)
    taken = budget.take({"weight": 100})
    budget.settle(taken)
    fake_time.now_s += 9
    budget.settle(taken)
    budget.take({"weight": 100})
    assert sum(fake_time.slept) == pytest.approx(1)
