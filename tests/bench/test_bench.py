"""The bench runs whole at a tiny scale; what it measures there is of no interest."""

from pathlib import Path
from typing import Any

import pytest

from bench import child
from bench.lines import Line
from bench.run import BENCHES, main


def in_this_process(case: str, **given: object) -> child.Measured:
    """As ``measure``, without a new Python for every case."""
    told: Any = child.here(case, given)
    return child.Measured(**told, whole=told["seconds"])


def test_every_bench_runs_and_prints_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "measure", in_this_process)
    main(["--scale", "0.004", "--repeat", "1", "--data", str(tmp_path)])
    printed = capsys.readouterr().out
    for words in (
        "load / floor",
        "pandas by hand",
        "JSON to exact frame",
        "Report, cold",
        "Dagster",
    ):
        assert words in printed


def test_a_case_is_measured_in_a_process_of_its_own() -> None:
    once = child.measure("bench.normalise:in_one_process", source="bybit", scale=0.01, rounds=1)
    assert once.said["rows"] == 960
    assert 0 < once.seconds < once.whole
    assert once.peak_mib > 10


def test_a_case_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'nobody'"):
        child.measure("bench.normalise:in_one_process", source="nobody", scale=0.01, rounds=1)


def test_an_unknown_bench_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nonsense"])
    assert ", ".join(BENCHES) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (Line("slow", 4.1, "", at_most=4), "**missed**"),
        (Line("quick", 4.0, "", at_most=4), "met"),
        (Line("few", 0.59, "", at_least=0.6), "**missed**"),
        (Line("known", 9.0, ""), "–"),
    ],
)
def test_a_line_says_whether_its_target_is_met(line: Line, verdict: str) -> None:
    assert line.verdict == verdict
