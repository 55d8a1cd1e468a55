"""BitMEX is closed: its listing is a file of ours, its frames are old captures."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import own_files
from pipelines.extract.catalogue import CATALOGUE, MANNERS, STREAMS
from pipelines.extract.connectors.bitmex import DATASETS, listed
from pipelines.extract.errors import OurRequest

Make = Callable[..., Any]
LAST, AFTER = date(2026, 9, 23), date(2026, 9, 24)
NOW = datetime(2026, 11, 18, tzinfo=UTC)


def nobody(path: str, params: Any) -> object:
    raise AssertionError(f"{path} was asked of a venue that is closed")


def test_the_listing_is_read_to_the_letter_from_a_file_and_nobody_is_asked(asker: Make) -> None:
    (answer,) = asker("bitmex")("instruments", nobody, LAST, LAST)
    assert (answer.method, answer.address) == ("FILE", "ledger/bitmex.toml")
    assert answer.body == (own_files.ROOT / "ledger" / "bitmex.toml").read_bytes()
    assert "XBTUSD" in listed([answer.body])


def test_a_capture_of_before_its_end_is_read(asker: Make, tmp_path: Path) -> None:
    folder = tmp_path / "bitmex" / "liquidation"
    folder.mkdir(parents=True)
    line = json.dumps({"received_at": "2026-09-23T03:00:00Z", "frame": "{}"})
    (folder / f"{LAST}.jsonl").write_text(line + "\n")
    answers = asker("bitmex")("liquidation", nobody, LAST, AFTER, captures=tmp_path)
    assert [answer.first_day for answer in answers] == [LAST]


def test_nothing_is_given_of_days_after_its_end() -> None:
    captured = CATALOGUE["bitmex/liquidation"]
    assert captured.gives(LAST, NOW)
    assert not captured.gives(AFTER, NOW)


def test_it_is_neither_listened_to_nor_paced() -> None:
    assert [one for one in STREAMS if one.startswith("bitmex/")] == []
    assert MANNERS["bitmex"].windows == ()
    assert {dataset.kept for dataset in DATASETS} == {"listing", "capture"}


def test_a_file_that_is_not_there_fails_in_one_line(asker: Make, tmp_path: Path) -> None:
    ask = own_files.file("ledger/none.toml", tmp_path)
    door: Any = asker("bitmex").door
    scope: Any = type("Scope", (), {"first_day": LAST, "last_day": LAST, "now": NOW})
    with pytest.raises(OurRequest, match=r"No such file.*ledger/none\.toml"):
        list(ask(door, scope))
