"""What estimates are learned from: simulated weeks whose truth is known, none of them in the proof.

``python -m bench.learn [--seeds A:B] [--jobs N]`` writes ``pipelines/reconcile/estimate/learned.json``:
the weights of each rule, fitted on full feeds alone; the spreads, taken from the errors of
throttled feeds in weeks that the weights were not fitted on; and the doubt, from weeks of a process
that they were not fitted on. The held-out process is left out of all. What was made of each week is
kept below ``bench/data/learn``, so that a run goes on where it ended.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final

import msgspec

from bench.lessons import kept, read
from bench.spreads import learned_from
from pipelines.files import write_bytes_whole
from pipelines.reconcile.estimate.spread import LEARNED
from replica.truth import HELD_OUT

DIGITS: Final = 9


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.learn", description=__doc__)
    parser.add_argument("--seeds", default="1000000:1001000", metavar="A:B")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    asked = parser.parse_args(words)
    first, end = map(int, asked.seeds.split(":"))
    seeds = range(first, end)
    os.environ["POLARS_MAX_THREADS"] = "1"
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        for n, _ in enumerate(pool.map(kept, seeds, chunksize=4), 1):
            if n % 50 == 0:
                print(f"{n} of {len(seeds)} weeks", file=sys.stderr)
    weeks = {seed: week for seed in seeds if (week := read(seed)) is not None}
    about = (
        f"{len(weeks)} simulated weeks (replica/truth), seeds {first} to {end - 1}, without the "
        f"process {HELD_OUT}; intervals from errors of weeks, and of processes, that the weights "
        "were not fitted on"
    )
    told = rounded(msgspec.to_builtins(learned_from(weeks, about)))
    write_bytes_whole(LEARNED, msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    return 0


def rounded(told: Any) -> Any:
    """Floats to DIGITS significant ones: sums of another order must not make other bytes."""
    match told:
        case float():
            return float(f"{told:.{DIGITS}g}")
        case dict():
            return {name: rounded(one) for name, one in told.items()}
        case list() | tuple():
            return [rounded(one) for one in told]
        case _:
            return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
