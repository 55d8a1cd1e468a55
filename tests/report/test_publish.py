import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.report.publish import publish, read_edition, recover

OLD = {"index.html": b"old", "tables/a.csv": b"old"}
NEW = {"index.html": b"new", "charts/b.svg": b"new"}

# Ends the process, as a kill does, before the n-th rename of a file or folder.
KILLED = """
import os, sys
from pathlib import Path
from pipelines.report.publish import publish

folder, steps, rename = Path(sys.argv[1]), int(sys.argv[2]), Path.replace

def counted(self, target):
    global steps
    steps -= 1
    if steps < 0:
        os._exit(9)
    return rename(self, target)

Path.replace = counted
publish(folder, {"index.html": b"new", "charts/b.svg": b"new"})
"""


def _names(folder: Path) -> list[str]:
    return [place.name for place in folder.iterdir()]


def test_a_new_edition_replaces_the_old_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "2022-W24"
    publish(folder, OLD)
    publish(folder, NEW)
    assert read_edition(folder) == NEW
    assert _names(folder.parent) == ["2022-W24"]


@pytest.mark.parametrize(("steps", "stands"), [(0, OLD), (1, OLD), (2, OLD), (3, OLD), (4, NEW)])
def test_a_kill_leaves_the_old_edition_or_the_new_one(
    tmp_path: Path, steps: int, stands: dict[str, bytes]
) -> None:
    folder = tmp_path / "2022-W24"
    publish(folder, OLD)
    killed = subprocess.run([sys.executable, "-c", KILLED, folder, str(steps)], check=False)
    assert (killed.returncode == 9) is (stands is OLD)
    assert read_edition(folder) == stands
    recover(folder)
    assert read_edition(folder) == stands
    assert _names(tmp_path) == ["2022-W24"]


def test_a_kill_before_the_old_one_is_gone_leaves_the_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "2022-W24"
    publish(folder, NEW)
    publish(folder.with_name(".2022-W24.old"), OLD)
    recover(folder)
    assert read_edition(folder) == NEW
    assert _names(tmp_path) == ["2022-W24"]


def test_a_full_disk_leaves_the_old_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "2022-W24"
    publish(folder, OLD)

    def full(place: Path, data: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.report.publish.write_bytes_whole", full)
    with pytest.raises(OSError, match="No space left"):
        publish(folder, NEW)
    assert read_edition(folder) == OLD
    assert _names(tmp_path) == ["2022-W24"]


def test_an_edition_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="liqledger report"):
        read_edition(tmp_path / "2022-W24")
