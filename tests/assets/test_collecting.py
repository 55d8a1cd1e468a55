"""``liqledger collect`` as a user runs it: started, heard, told to stop, and read by a daily run."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parents[2]
DAY = "2026-11-18"
MARKET = ("--market", "simulated:7", "--size", "small")


def heard(data: Path, log: Path) -> None:
    """A collector that listens to OKX until it has kept some frames, then is told to stop."""
    words = ("collect", "okx", *MARKET, "--data", str(data), "--name", "one", "--tell-every", "0.5")
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "assets.command.app", *words],
            cwd=ROOT,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 120
            while not re.search(r"live, (\d{2,}|[6-9]) frames", log.read_text("utf-8")):
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_what_was_heard_until_it_was_told_to_stop_is_read_by_the_daily_run(
    tmp_path: Path, run: Any
) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    heard(data, log)
    lines = log.read_text("utf-8").splitlines()
    assert lines[-1] == "stopped; what was heard is kept"
    assert lines[-2].startswith("okx/liquidation_orders: stopped, ")
    (segment,) = (data / "captures" / "okx" / "liquidation_orders" / DAY).iterdir()
    assert segment.name.startswith("06.one.")
    assert segment.suffix == ".parquet"
    done = run(
        *("backfill", DAY, DAY, *MARKET, "--data", str(data), "--now", "2026-11-19T06:00:00Z"),
        *("--dataset", "okx/instruments", "--dataset", "okx/liquidation_orders"),
    )
    assert done.returncode == 0, done.stderr + done.stdout
    day = f"day={DAY}"
    tickers = pl.read_parquet(data / "lake" / "tickers" / day / "rows.parquet")
    assert tickers.height > 0
    index = pl.concat(
        [
            pl.read_parquet(path)
            for path in (data / "raw" / "okx" / "liquidation_orders" / "index").iterdir()
        ]
    )
    assert any(segment.name in address for address in index["address"])


def test_a_source_without_a_public_feed_is_named_in_one_line(tmp_path: Path, run: Any) -> None:
    done = run("collect", "coinalyze", *MARKET, "--data", str(tmp_path))
    assert done.returncode != 0
    assert "coinalyze: no public feed of liquidations" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
