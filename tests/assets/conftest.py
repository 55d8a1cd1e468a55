"""Whole commands in processes of their own, over the recorded and the simulated market."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOPBACK_ONLY = ROOT / "tests" / "loopback_only"
RECORDED = ROOT.parent / "shared" / "recorded"
SOME = "coinglass,coinalyze,binance,kraken,bybit,kraken_spot"
Run = Callable[..., subprocess.CompletedProcess[str]]


def liqledger(
    *words: str, env: Mapping[str, str] | None = None, timeout: float = 600
) -> subprocess.CompletedProcess[str]:
    """``liqledger`` as a user runs it, with nothing of our environment but what is named."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "TZ", "TMPDIR") if name in os.environ
    }
    return subprocess.run(
        [sys.executable, "-m", "assets.command.app", *words],
        cwd=ROOT,
        env={**kept, "COLUMNS": "200", "PYTHONPATH": str(LOOPBACK_ONLY), **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="session")
def run() -> Run:
    return liqledger


@pytest.fixture(scope="session")
def recorded_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after ``liqledger report 2022-W24`` over the recorded market."""
    if not RECORDED.is_dir():
        pytest.skip("../shared/recorded is not beside the project")
    data = tmp_path_factory.mktemp("recorded")
    words = ("report", "2022-W24", "--market", f"recorded:{RECORDED}", "--data", str(data))
    done = liqledger(*words, "--sources", "coinglass,coinalyze,binance,kraken,bybit")
    assert done.returncode == 0, done.stderr + done.stdout
    return data


@pytest.fixture(scope="session")
def simulated_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after ``liqledger report`` over a small simulated market, of some sources.

    All of them: test_every_source.py.
    """
    data = tmp_path_factory.mktemp("simulated")
    words = ("report", "--market", "simulated:7", "--size", "small", "--data", str(data))
    done = liqledger(*words, "--sources", SOME)
    assert done.returncode == 0, done.stderr + done.stdout
    return data
