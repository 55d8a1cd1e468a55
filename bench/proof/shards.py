"""Results of weeks in shards: each written whole at its end, so that a run goes on where it ended.

A shard's name has its seeds and a digest of the code that made it: what other code made is not mixed
in, and stays where it is.
"""

import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Final

from bench.proof.weeks import Result, result
from pipelines.files import write_bytes_whole

PROJECT: Final = Path(__file__).parents[2]
FOLDER: Final = PROJECT / "bench" / "data" / "truth"
GAPS: Final = (
    "pipelines/reconcile/faults",
    "pipelines/reconcile/gap",
    "pipelines/reconcile/tellings",
)
CODE: Final = (
    "pipelines/reconcile/estimate",
    "pipelines/reconcile/layers",
    "pipelines/normalise",
    "replica/truth",
    "bench/proof",
)
ONE_THREAD: Final = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Shard:
    """Seeds from ``first`` up to, not including, ``end``."""

    first: int
    end: int

    def place(self, folder: Path, code: str) -> Path:
        return folder / f"{self.first:07d}-{self.end:07d}.{code}.jsonl"


def shards(first: int, end: int, size: int) -> list[Shard]:
    return [Shard(at, min(at + size, end)) for at in range(first, end, size)]


def code_digest(*, with_gaps: bool = True) -> str:
    """Of every line of code that a result rests on; of gaps only where their tables are made."""
    files = sorted(
        path
        for part in (*CODE, *(GAPS if with_gaps else ()))
        for path in (PROJECT / part).rglob("*")
        if path.suffix in (".py", ".json")
    )
    seen = hashlib.sha256()
    for path in files:
        seen.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]


def made(
    todo: list[Shard],
    folder: Path,
    jobs: int,
    tell: Callable[[str], None],
    one: Callable[[int, Path | None], Result] = result,
    *,
    with_gaps: bool = True,
) -> list[Result]:
    """Results of all shards, those that are missing being made first. The same code gives the
    same results, whatever the jobs.
    """
    code = code_digest(with_gaps=with_gaps)
    folder.mkdir(parents=True, exist_ok=True)
    missing = [shard for shard in todo if not shard.place(folder, code).exists()]
    done = len(todo) - len(missing)
    tell(f"{len(todo)} shards, {done} of them made before; code {code}")
    os.environ.update(ONE_THREAD)  # for the processes below: a week is to take one core
    began = monotonic()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {
            pool.submit(partial(_make, one), shard, folder, code): shard for shard in missing
        }
        for count, future in enumerate(as_completed(running), 1):
            future.result()
            left = (monotonic() - began) / count * (len(missing) - count)
            shard = running[future]
            tell(
                f"{done + count}/{len(todo)} shards, seeds {shard.first}:{shard.end}, ETA {_clock(left)}"
            )
    return [row for shard in todo for row in _read(shard.place(folder, code))]


def _make(one: Callable[[int, Path | None], Result], shard: Shard, folder: Path, code: str) -> None:
    scratch = Path("/dev/shm")  # a week's files are read once: not worth a disk
    where = scratch if scratch.is_dir() else None
    rows = [_alone(one, seed, where) for seed in range(shard.first, shard.end)]
    lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)
    write_bytes_whole(shard.place(folder, code), lines.encode())


def _alone(one: Callable[[int, Path | None], Result], seed: int, where: Path | None) -> Result:
    """Cycles are looked for between weeks, not in them: a million short tuples are slow to go over."""
    gc.disable()
    try:
        return one(seed, where)
    finally:
        gc.enable()
        gc.collect()


def _read(place: Path) -> Iterator[Result]:
    for line in place.read_text("utf-8").splitlines():
        yield json.loads(line)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
