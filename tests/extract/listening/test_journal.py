"""What was heard is on the disk within a second, whole lines only."""

import errno
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.extract.listening.journal import HeldError, Journal, Line, NotWrittenError, place

HOUR_US = 3_600_000_000
AT = 1_794_268_800_000_000  # 2026-11-10 00:00 UTC
DECODER = msgspec.json.Decoder(Line)


def lines(path: Path) -> list[Line]:
    return [DECODER.decode(line) for line in path.read_bytes().splitlines()]


def test_a_frame_is_kept_byte_for_byte_even_where_it_is_no_text(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "one")
    frames = (b'{"a":"\\u00e9 \xc3\xa9"}', b"\x1f\x8b\x08\x00\xff", b"", b'"quotes"\n and lines')
    for frame in frames:
        journal.add(AT, "event", "s", frame)
    path = journal.leave()
    assert path is not None
    assert [line.bare for line in lines(path)] == list(frames)


def test_nothing_is_on_the_disk_before_it_is_flushed_and_all_of_it_after(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "one")
    journal.add(AT, "event", "s", b"x")
    path = place(tmp_path, AT, "one")
    assert path.read_bytes() == b""
    journal.flush()
    assert len(lines(path)) == 1


def test_a_new_hour_is_a_new_file_and_the_old_one_is_handed_over_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "one")
    assert journal.add(AT, "event", "s", b"old") is None
    over = journal.add(AT + HOUR_US, "event", "s", b"new")
    assert over == tmp_path / "2026-11-10" / "00.one.journal"
    assert [line.bare for line in lines(over)] == [b"old"]


def test_a_clock_that_is_set_back_does_not_open_an_hour_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "one")
    journal.add(AT + HOUR_US, "event", "s", b"a")
    assert journal.add(AT, "event", "s", b"b") is None
    path = journal.leave()
    assert path is not None
    assert path.name == "01.one.journal"
    assert [line.bare for line in lines(path)] == [b"a", b"b"]


def test_a_line_that_a_kill_tore_is_cut_off_before_the_next_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "one")
    journal.add(AT, "event", "s", b"whole")
    path = journal.leave()
    assert path is not None
    with path.open("ab") as file:
        file.write(b'{"at":1,"kind":"ev')
    again = Journal(tmp_path, "one")
    again.add(AT + 1, "event", "t", b"next")
    assert again.leave() == path
    assert [line.bare for line in lines(path)] == [b"whole", b"next"]


def test_two_collectors_of_one_name_do_not_write_one_file(tmp_path: Path) -> None:
    Journal(tmp_path, "one").add(AT, "event", "s", b"x")
    first = Journal(tmp_path, "two")
    first.add(AT, "event", "s", b"x")
    with pytest.raises(HeldError, match="give this one a --name"):
        Journal(tmp_path, "two").add(AT, "event", "s", b"x")


def test_a_disk_that_is_full_takes_no_half_of_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, "one")
    journal.add(AT, "event", "s", b"kept")
    journal.flush()
    real = os.write

    def filling(handle: int, data: Any) -> int:
        if len(data) > 10:
            return real(handle, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    journal.add(AT, "event", "s", b"lost")
    monkeypatch.setattr(os, "write", filling)
    with pytest.raises(NotWrittenError, match="No space left on device"):
        journal.flush()
    journal.abandon()
    assert [line.bare for line in lines(place(tmp_path, AT, "one"))] == [b"kept"]
