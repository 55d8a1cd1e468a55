"""Our ledgers are files: read at every run, and nobody is asked."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.clock import Clock
from pipelines.extract import own_files
from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.door import Door
from pipelines.extract.gather import gather
from pipelines.house import House
from pipelines.normalise.days import rests_on, write_days
from pipelines.sources import SOURCES
from pipelines.tables import CLAIMS, EVENTS
from pipelines.wanted import subjects_of, wants_of

Make = Callable[..., Any]
DAY, NEXT = date(2025, 10, 9), date(2025, 10, 10)
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


def nobody(path: str, params: Any) -> object:
    raise AssertionError(f"{path} was asked for")


@pytest.mark.parametrize("name", ["claims", "events"])
def test_a_ledger_is_read_to_the_letter_and_stands_for_all_days_asked(
    asker: Make, name: str
) -> None:
    (answer,) = asker("ledger")(name, nobody, DAY, NEXT)
    assert (answer.method, answer.address) == ("FILE", f"ledger/{name}.toml")
    assert (answer.first_day, answer.last_day) == (DAY, NEXT)
    assert answer.body == (own_files.ROOT / "ledger" / f"{name}.toml").read_bytes()


def kept(house: House, now: datetime) -> None:
    """What a run asks, through the parts that a run uses."""
    dataset, clock = CATALOGUE["ledger/claims"], Clock(now)
    subjects = subjects_of(house.raw, dataset, (), now)
    wants = wants_of(house.raw, dataset, [DAY, NEXT], subjects, now)
    assert len(wants) == 1
    with Door(SOURCES["ledger"], clock=clock, manners=MANNERS["ledger"]) as door:
        assert not gather(house.raw, door, dataset, wants, clock).failed


def test_a_ledger_becomes_rows_of_the_days_asked_without_any_listing(tmp_path: Path) -> None:
    house = House(tmp_path)
    kept(house, NOW)
    kept(house, NOW.replace(hour=7))  # people edit it: it is read again, though it is held
    written = list(write_days(house.raw, house.lake, CLAIMS, DAY, NEXT, NOW.replace(hour=8)))
    assert [one.day for one in written] == [DAY, NEXT]
    assert [one.refused for one in written] == [0, 0]
    assert all(one.made.rows > 0 for one in written)
    assert all(one.made.inputs for one in written)


def test_tables_of_the_ledger_rest_on_it_and_on_no_listing() -> None:
    assert ("ledger", "claims") in rests_on(CLAIMS)
    assert ("ledger", "events") in rests_on(EVENTS)
    assert ("ledger", "instruments") not in rests_on(CLAIMS)
