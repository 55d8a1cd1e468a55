"""Captured frames: one file a day, whole, from where the collector put it."""

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import captures
from pipelines.extract.errors import NotAnAnswer

Make = Callable[..., Any]
FRAMES = b'{"topic":"allLiquidation.BTCUSDT"}\n' * 3
FIRST, LAST = date(2025, 3, 1), date(2025, 3, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bybit" / "all_liquidation"
    made.mkdir(parents=True)
    return made


def _ask(asker: Make, root: Path | None) -> Any:
    return asker("bybit")("all_liquidation", lambda *_: None, FIRST, LAST, captures=root)


def test_a_day_s_file_is_one_answer_and_an_absent_one_is_none(
    asker: Make, folder: Path, tmp_path: Path
) -> None:
    (folder / "2025-03-01.jsonl").write_bytes(FRAMES)
    (folder / "2025-03-03.jsonl.gz").write_bytes(gzip.compress(FRAMES))
    answers = _ask(asker, tmp_path)
    assert [(a.first_day, a.last_day, a.address, a.method) for a in answers] == [
        (FIRST, FIRST, "captures/bybit/all_liquidation/2025-03-01.jsonl", "FILE"),
        (LAST, LAST, "captures/bybit/all_liquidation/2025-03-03.jsonl.gz", "FILE"),
    ]
    assert {(a.body, a.status, a.subjects) for a in answers} == {(FRAMES, 200, ("*",))}


def test_without_a_folder_there_are_no_frames(asker: Make) -> None:
    assert _ask(asker, None) == []


def test_a_cut_file_is_refused(asker: Make, folder: Path, tmp_path: Path) -> None:
    (folder / "2025-03-02.jsonl.gz").write_bytes(gzip.compress(FRAMES)[:-4])
    with pytest.raises(NotAnAnswer, match=r"cut short.*captures/bybit/all_liquidation/2025-03-02"):
        _ask(asker, tmp_path)


def test_a_file_and_its_packed_twin_must_agree(asker: Make, folder: Path, tmp_path: Path) -> None:
    (folder / "2025-03-02.jsonl").write_bytes(FRAMES)
    (folder / "2025-03-02.jsonl.gz").write_bytes(gzip.compress(FRAMES))
    assert len(_ask(asker, tmp_path)) == 1
    (folder / "2025-03-02.jsonl").write_bytes(FRAMES[:-1])
    with pytest.raises(NotAnAnswer, match="different frames"):
        _ask(asker, tmp_path)


def test_a_day_s_file_has_a_size(
    asker: Make, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captures, "DAY_BYTES", 10)
    (folder / "2025-03-02.jsonl").write_bytes(FRAMES)
    with pytest.raises(NotAnAnswer, match="larger than 10 bytes"):
        _ask(asker, tmp_path)
