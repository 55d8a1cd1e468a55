"""In which order one source's datasets are asked."""

import threading
from dataclasses import replace

from pipelines.extract.asking import Dataset
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.gather import SIDE_BY_SIDE, in_turns

HISTORY = CATALOGUE["bitfinex/status"]
OTHER = CATALOGUE["bitfinex/candles"]
LISTING = CATALOGUE["bitfinex/instruments"]


def test_listings_are_over_before_anything_else_begins() -> None:
    datasets, told = [HISTORY, LISTING, OTHER], []
    in_turns(datasets, lambda place: told.append(datasets[place].name))
    assert told[0] == "instruments"
    assert sorted(told[1:]) == ["candles", "status"]


def test_two_with_limits_of_their_own_do_not_wait_for_each_other() -> None:
    meet = threading.Barrier(SIDE_BY_SIDE, timeout=5)
    met: list[int] = []
    in_turns([HISTORY, OTHER][:SIDE_BY_SIDE], lambda place: met.append(meet.wait()))
    assert sorted(met) == list(range(SIDE_BY_SIDE))


def test_everything_is_asked_once_however_much_there_is() -> None:
    datasets: list[Dataset] = [replace(HISTORY, name=f"series_{n}") for n in range(9)]
    asked: list[int] = []
    in_turns(datasets, asked.append)
    assert sorted(asked) == list(range(9))
