"""Secrets reach no file: keys are planted, and everything that a run wrote is searched."""

import base64
from pathlib import Path
from typing import Any

WORDS = ("--market", "simulated:7", "--size", "small")
DAYS = ("2026-11-01", "2026-11-02")
SOURCES = ("--sources", "coinglass,coinalyze,bybit")


def test_planted_keys_are_in_no_byte_that_a_run_writes(tmp_path: Path, run: Any) -> None:
    keys = {
        "COINGLASS_API_KEY": "canary-cg-4f1b9d",
        "COINALYZE_API_KEY": "canary-ca-77aa31",
        "TARDIS_API_KEY": "canary-td-b20c58",
    }
    data = tmp_path / "data"
    bought = ("--dataset", "tardis/instruments", "--dataset", "tardis/liquidations")
    first = run("backfill", *DAYS, *WORDS, "--data", str(data), *bought, "--debug", env=keys)
    assert first.returncode == 0, first.stderr
    done = run("report", *WORDS, *SOURCES, "--data", str(data), "--debug", env=keys)
    assert done.returncode == 0, done.stderr
    said = "".join((first.stdout, first.stderr, done.stdout, done.stderr)).encode()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) > 50
    for key in keys.values():
        needles = {key.encode(), base64.b64encode(key.encode()).rstrip(b"=")[:-1]}
        assert not any(needle in said for needle in needles)
        for path in files:
            body = path.read_bytes()
            assert not any(needle in body for needle in needles), path
    assert b"2026-W46" in said
