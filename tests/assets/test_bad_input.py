"""Bad input gets one clear line, an exit code, and costs nothing that is already written."""

from pathlib import Path
from typing import Any

import pytest

CASES = [
    (("report", "2025-W60", "--market", "simulated", "--size", "small"), "no week 60"),
    (("report", "2025-W53", "--market", "simulated", "--size", "small"), "no week 53"),
    (("report", "june", "--market", "simulated", "--size", "small"), "2022-W24"),
    (("report", "2026-W47", "--market", "simulated", "--size", "small"), "is not over"),
    (("report", "--market", "tuesday"), "no market"),
    (("report", "--market", "recorded:/no/such/folder"), "manifest.json"),
    (("report", "--market", "simulated", "--sources", "coinmarket"), "no source"),
    (("report", "--market", "simulated", "--now", "yesterday"), "no instant"),
    (("backfill", "2022-02-30", "2022-03-01", "--market", "simulated"), "is no day"),
    (("backfill", "2022-03-02", "2022-03-01", "--market", "simulated"), "is after"),
    (("backfill", "2026-11-02", "2026-11-03", "--dataset", "a/b", "--size", "small",
      "--market", "simulated"), "no dataset"),
    (("reproduce", "2026-W46"), "no edition"),
    (("withdraw", "2026-W46", "--because", "wrong"), "no edition"),
    (("withdraw", "june", "--because", "wrong"), "2022-W24"),
    (("trace", "2026-W46", "total"), "no edition"),
    (("sql", "select 1"), "is not there"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), CASES, ids=[" ".join(w[:2]) for w, _ in CASES])
def test_what_cannot_be_done_is_said_in_one_line(
    run: Any, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = run(*words, "--data", str(tmp_path))
    assert done.returncode != 0
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr + done.stdout


def test_without_keys_the_live_market_is_asked_without_those_sources(run: Any) -> None:
    done = run("sources", "--json")
    assert done.returncode == 0
    assert "set COINGLASS_API_KEY" in done.stdout
    assert "set COINALYZE_API_KEY" in done.stdout
