"""A file is whole or absent, and what was changed behind our back is refused."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import files
from pipelines.files import (
    DamagedError,
    digest_of,
    digest_standing,
    left_over,
    verified,
    write_bytes_whole,
)

OLD, NEW = b"old" * 1000, b"new" * 2000
DIES = """
import os, sys
from pathlib import Path
from pipelines.files import write_bytes_whole
name, at = sys.argv[2], int(sys.argv[3])
true, calls = getattr(os, name), []
def dies(*args, **more):
    calls.append(args)
    if len(calls) == at:
        os.kill(os.getpid(), 9)
    return true(*args, **more)
setattr(os, name, dies)
write_bytes_whole(Path(sys.argv[1]), b"new" * 2000)
"""


class PowerCut(BaseException):
    """Nothing after it runs."""


def dies_at(number):
    """Goes well until its ``number``-th call."""
    calls = []

    def call(*args):
        calls.append(args)
        if len(calls) == number:
            raise PowerCut

    return call


@pytest.mark.parametrize(
    ("place_of_call", "name", "at", "after"),
    [
        pytest.param(Path, "write_bytes", 1, OLD, id="writing"),
        pytest.param(files, "digest", 1, OLD, id="digesting"),
        pytest.param(os, "fsync", 1, OLD, id="syncing"),
        pytest.param(Path, "replace", 1, OLD, id="moving in"),
        pytest.param(os, "fsync", 2, NEW, id="syncing the folder"),
    ],
)
def test_a_write_that_fails_at_any_step_leaves_the_old_file_or_the_new_one(
    tmp_path, monkeypatch, place_of_call, name, at, after
):
    place = tmp_path / "place"
    write_bytes_whole(place, OLD)
    with monkeypatch.context() as patched:
        patched.setattr(place_of_call, name, dies_at(at))
        with pytest.raises(PowerCut):
            write_bytes_whole(place, NEW)
    assert place.read_bytes() == after
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "at", "after"), [("fsync", 1, OLD), ("fsync", 2, NEW), ("replace", 1, OLD)]
)
def test_a_killed_process_leaves_the_old_file_or_the_new_one(tmp_path, call, at, after):
    place = tmp_path / "place"
    write_bytes_whole(place, OLD)
    command = [sys.executable, "-c", DIES, str(place), call, str(at)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[1], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert place.read_bytes() == after
    write_bytes_whole(place, NEW)
    assert place.read_bytes() == NEW


def test_what_a_killed_process_left_is_found_and_never_taken_for_the_file(tmp_path):
    part = files.beside(tmp_path / "deep" / "place")
    part.write_bytes(b"half")
    assert left_over(tmp_path) == [part]
    assert not (tmp_path / "deep" / "place").exists()
    assert list((tmp_path / "deep").glob("*.parquet")) == []


def test_two_writers_never_share_an_unfinished_file(tmp_path):
    assert len({files.beside(tmp_path / "place") for _ in range(100)}) == 100


def test_bytes_are_checked_against_any_of_the_digests_that_may_stand_there(tmp_path):
    place = tmp_path / "place"
    assert write_bytes_whole(place, OLD) == digest_of(OLD)
    assert verified(place, digest_of(NEW), digest_of(OLD)) == place
    with pytest.raises(DamagedError, match="is not what was written"):
        verified(place, digest_of(NEW))
    with pytest.raises(DamagedError, match="is missing"):
        verified(tmp_path / "nowhere", digest_of(OLD))


def read_by(monkeypatch):
    """What is read in full from now on."""
    asked = []
    true = files.digest
    monkeypatch.setattr(files, "digest", lambda path: asked.append(path) or true(path))
    return asked


def written_long_ago(place, data):
    place.write_bytes(data)
    os.utime(place, (1_600_000_000, 1_600_000_000))


def test_a_file_that_stands_untouched_is_read_once_for_its_digest(tmp_path, monkeypatch):
    place = tmp_path / "place"
    written_long_ago(place, OLD)
    monkeypatch.setattr(files, "SETTLED_S", -1.0)  # its inode changed a moment ago
    asked = read_by(monkeypatch)
    assert [digest_standing(place) for _ in range(3)] == [digest_of(OLD)] * 3
    assert asked == [place]


@pytest.mark.parametrize("data", [NEW, OLD[::-1]], ids=["longer", "as long"])
def test_a_file_that_was_written_over_is_read_again_even_with_its_old_time(
    tmp_path, monkeypatch, data
):
    place = tmp_path / "place"
    written_long_ago(place, OLD)
    monkeypatch.setattr(files, "SETTLED_S", -1.0)
    digest_standing(place)
    time.sleep(0.02)  # a tick of the file system's clock
    written_long_ago(place, data)
    assert digest_standing(place) == digest_of(data)


def test_what_was_touched_within_seconds_is_read_each_time(tmp_path, monkeypatch):
    place = tmp_path / "place"
    place.write_bytes(OLD)
    asked = read_by(monkeypatch)
    assert digest_standing(place) == digest_standing(place) == digest_of(OLD)
    assert asked == [place, place]
