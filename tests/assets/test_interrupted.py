"""A week that is killed on its way, twice, and taken up again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WEEK = "2026-W46"
WORDS = ("--market", "simulated:7", "--size", "small", "--sources", "coinglass,kraken,bybit")


def test_a_run_that_is_killed_leaves_nothing_broken_and_is_taken_up_again(
    tmp_path: Path, run: Any
) -> None:
    words = [sys.executable, "-m", "assets.command.app", "report", *WORDS, "--data", str(tmp_path)]
    for seconds in (4.0, 7.0):
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert run("verify", "--data", str(tmp_path)).returncode == 0
    done = run("report", *WORDS, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reports" / WEEK / "index.html").exists()
