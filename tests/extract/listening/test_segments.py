"""An hour that was heard, closed into Parquet under the digest of its bytes."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.extract.listening import segments
from pipelines.extract.listening.journal import Journal
from pipelines.files import DamagedError

AT = 1_794_268_800_000_000  # 2026-11-10 00:00 UTC


def written(folder: Path, *frames: bytes) -> Path:
    journal = Journal(folder, "one")
    for number, frame in enumerate(frames):
        journal.add(AT + number, "event", "one.1", frame)
    path = journal.leave()
    assert path is not None
    return path


def test_a_segment_holds_every_line_and_the_journal_is_gone(tmp_path: Path) -> None:
    journal = written(tmp_path, b"text", b"\x00\xff packed")
    place = segments.close(journal)
    assert place is not None
    rows = pl.read_parquet(place)
    assert rows["frame"].to_list() == [b"text", b"\x00\xff packed"]
    assert rows["received_at"].dt.epoch("us").to_list() == [AT, AT + 1]
    assert not journal.exists()
    assert segments.segments(tmp_path, "2026-11-10") == [place]


def test_the_same_lines_give_the_same_file(tmp_path: Path) -> None:
    frames = [b'{"n":%d}' % number for number in range(3000)]
    names = []
    for folder in ("a", "b"):
        place = segments.close(written(tmp_path / folder, *frames))
        assert place is not None
        names.append(place.name)
    assert names[0] == names[1]


def test_a_segment_that_was_changed_is_found_out(tmp_path: Path) -> None:
    place = segments.close(written(tmp_path, b"x" * 500))
    assert place is not None
    body = bytearray(place.read_bytes())
    body[len(body) // 2] ^= 1
    place.write_bytes(bytes(body))
    with pytest.raises(DamagedError, match="not what was written"):
        segments.segments(tmp_path, "2026-11-10")


def test_an_empty_journal_makes_no_segment(tmp_path: Path) -> None:
    journal = written(tmp_path, b"x")
    journal.write_bytes(b'{"torn')
    assert segments.close(journal) is None
    assert list((tmp_path / "2026-11-10").iterdir()) == []


def test_only_what_no_living_collector_writes_is_left_behind(tmp_path: Path) -> None:
    left = written(tmp_path, b"x")
    held = Journal(tmp_path, "two")
    held.add(AT, "event", "s", b"y")
    assert segments.left_behind(tmp_path) == [left]
    held.leave()
    assert len(segments.left_behind(tmp_path)) == 2


def test_a_journal_that_is_set_aside_is_not_the_one_that_its_successor_writes(
    tmp_path: Path,
) -> None:
    left = written(tmp_path, b"before the kill")
    aside = segments.set_aside(left)
    after = written(tmp_path, b"after it")
    assert after == left
    assert segments.set_aside(aside) == aside
    kept = [segments.close(aside), segments.close(after)]
    assert len(set(kept)) == 2
    assert not list(tmp_path.rglob("*.journal"))
    again = written(tmp_path, b"before the kill")  # closed, but not removed before a second kill
    assert segments.close(segments.set_aside(again)) == kept[0]
