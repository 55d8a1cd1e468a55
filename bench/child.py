"""A case in a fresh process: how long it took there, and the most memory that the process held.

``python -m bench.child bench.load:ours '{"folder": "…"}'`` prints what came, as one line of JSON.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a case. ``whole`` counts the start of Python and every import as well."""

    seconds: float
    whole: float
    peak_mib: float
    cpu_seconds: float
    said: dict[str, float] = field(default_factory=dict)


def measure(case: str, **given: object) -> Measured:
    """Run ``module:function`` in a process of its own. Raises RuntimeError where it fails."""
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.child", case, json.dumps(given)],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    whole = time.monotonic() - began
    if ran.returncode:
        raise RuntimeError(f"{case} failed: {ran.stderr.strip()[-2000:]}")
    told = json.loads(ran.stdout.splitlines()[-1])
    return Measured(told["seconds"], whole, told["peak_mib"], told["cpu_seconds"], told["said"])


def in_turn(
    cases: Mapping[str, tuple[str, Mapping[str, object]]], repeat: int
) -> dict[str, Measured]:
    """Each case ``repeat`` times, one after the other so that a slow minute meets all; medians."""
    runs: dict[str, list[Measured]] = {name: [] for name in cases}
    for _ in range(repeat):
        for name, (case, given) in cases.items():
            runs[name].append(measure(case, **given))
    return {name: _middle(several) for name, several in runs.items()}


def _middle(runs: list[Measured]) -> Measured:
    return Measured(
        median(run.seconds for run in runs),
        median(run.whole for run in runs),
        max(run.peak_mib for run in runs),
        median(run.cpu_seconds for run in runs),
        {name: median(run.said[name] for run in runs) for name in runs[0].said},
    )


def _peak_mib() -> float:
    """From the kernel: ``ru_maxrss`` would begin with what the parent held."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def here(case: str, given: Mapping[str, object]) -> dict[str, object]:
    """Run the case in this process, and say what came of it."""
    module, _, function = case.partition(":")
    run: Any = getattr(importlib.import_module(module), function)
    began, at_work = time.monotonic(), time.process_time()
    said = run(**given) or {}
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - at_work
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mib": _peak_mib(),
        "said": said,
    }


if __name__ == "__main__":
    print(json.dumps(here(sys.argv[1], json.loads(sys.argv[2]))))
