import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from pipelines.files import digest_of
from pipelines.report.rows import TABLES, week_rows
from pipelines.report.weekly import render

SMALL_WEEK = Path(__file__).parent / "small_week.py"


def test_twice_in_one_process_is_the_same(
    edition: dict[str, bytes], small_week: ModuleType
) -> None:
    assert render(small_week.week(), small_week.evidence()) == edition


def test_rows_in_another_order_make_the_same_page(
    edition: dict[str, bytes], small_week: ModuleType
) -> None:
    rows = small_week.week()
    frames: dict[str, pl.DataFrame] = {name: getattr(rows, name).reverse() for name in TABLES}
    assert render(week_rows(small_week.WEEK, frames), small_week.evidence()) == edition


@pytest.mark.parametrize(
    ("zone", "threads", "seed"), [("Asia/Tokyo", "1", "1"), ("America/St_Johns", "4", "2")]
)
def test_another_process_zone_thread_count_and_folder_make_the_same_bytes(
    edition: dict[str, bytes], tmp_path: Path, zone: str, threads: str, seed: str
) -> None:
    said = subprocess.run(
        [sys.executable, SMALL_WEEK],
        env=os.environ
        | {"TZ": zone, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert said == [f"{digest_of(data)} {name}" for name, data in edition.items()]


def test_no_byte_tells_of_this_machine(edition: dict[str, bytes]) -> None:
    here = (str(Path.cwd()), str(Path.home()) + "/", os.uname().nodename)
    for name, data in edition.items():
        for word in here:
            assert word.encode() not in data, (name, word)
