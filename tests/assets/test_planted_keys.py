"""Secrets reach no file: keys are planted, and everything that a run wrote is searched."""

import base64
from pathlib import Path
from typing import Any

WORDS = ("--market", "simulated:7", "--size", "small")


def test_planted_keys_are_in_no_byte_that_a_run_writes(tmp_path: Path, run: Any) -> None:
    keys = {"COINGLASS_API_KEY": "canary-cg-4f1b9d", "COINALYZE_API_KEY": "canary-ca-77aa31"}
    data = tmp_path / "data"
    done = run("report", *WORDS, "--data", str(data), "--debug", env=keys)
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).encode()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) > 50
    for key in keys.values():
        needles = {key.encode(), base64.b64encode(key.encode()).rstrip(b"=")[:-1]}
        assert not any(needle in said for needle in needles)
        for path in files:
            body = path.read_bytes()
            assert not any(needle in body for needle in needles), path
    assert b"2026-W46" in said
