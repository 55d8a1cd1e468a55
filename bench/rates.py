"""How near all sources together come to the slowest source's own limit, and that none refuses.

    python -m bench.rates [--scale 10] [--instruments 200] [--sources okx,gate] [--size wide]

The replica serves a market with limits and clock scaled together. Every routine dataset of every
source is asked for one UTC day of its largest instruments, each source at its own pace, through
the project's own doors; once before that without limits, so that the replica has the market ready
as a venue has, and its making is not measured.

The ideal time of a source is that of its slowest window: what was taken beyond the window's
amount, since the first amount goes at once, over the amount, times its seconds over the scale.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.child import PROJECT
from bench.largest import largest
from bench.paces import TARGET, Pace, Run
from pipelines.clock import Clock, instant
from pipelines.extract.asking import EVERYTHING, Dataset, Kept
from pipelines.extract.budget import Budget
from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.door import Door
from pipelines.extract.gather import Want, gather, in_turns
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.raw import Raw
from pipelines.sources import SOURCES
from pipelines.wanted import named_by
from replica.simulated.world import World

SEED = 7
AT_ONCE = 1e6  # a scale at which nobody waits
CACHE_MIB = 4096
ASKED = (Kept.LISTING, Kept.HISTORY, Kept.SNAPSHOT)


@dataclass(frozen=True, slots=True)
class Harness:
    """A running replica, and what is asked of it."""

    ready: Mapping[str, Any]
    replica: psutil.Process
    scale: float
    day: date
    instruments: int
    world: World
    raw: Raw
    clock: Clock

    def run(self, sources: Sequence[str]) -> Run:
        """Ask all of ``sources`` at once."""
        paces: dict[str, Pace] = {}
        doors: dict[str, Door] = {}
        before = self._refusals()
        with ExitStack() as stack:
            for source in sources:
                kin = MANNERS[source].shared_with or source
                known = paces.get(kin)
                doors[source] = stack.enter_context(
                    self._door(source, known.budget if known else None)
                )
                paces.setdefault(kin, Pace([], doors[source].budget)).names.append(source)
            began, at_work = time.monotonic(), (time.process_time(), self._replica_cpu_s())
            with ThreadPoolExecutor(len(sources), thread_name_prefix="source") as pool:
                turns = [
                    pool.submit(self._in_turn, doors[s], paces[MANNERS[s].shared_with or s], began)
                    for s in sources
                ]
                for turn in turns:
                    turn.result()
            wall_s = time.monotonic() - began
            ours_s, its_s = time.process_time() - at_work[0], self._replica_cpu_s() - at_work[1]
        after = self._refusals()
        for pace in paces.values():
            hosts = {host for name in pace.names for host in SOURCES[name].hosts}
            pace.refused = sum(after.get(host, 0) - before.get(host, 0) for host in hosts)
        return Run(list(paces.values()), wall_s, ours_s, its_s)

    def _door(self, source: str, budget: Budget | None) -> Door:
        about = SOURCES[source]
        return Door(
            about,
            clock=self.clock,
            key="any-key-will-do",
            at={host: to for host, to in self.ready["hosts"].items() if host in about.hosts},
            rate_scale=self.scale,
            manners=MANNERS[source],
            budget=budget,
        )

    def _in_turn(self, door: Door, pace: Pace, began: float) -> None:
        datasets = routine(door.source.id)

        def ask(place: int) -> None:
            try:
                self._ask(door, datasets[place], pace)
            except Exception as error:
                pace.failed[datasets[place].id] = repr(error)

        in_turns(datasets, ask)
        pace.seconds = max(pace.seconds, time.monotonic() - began)

    def _ask(self, door: Door, dataset: Dataset, pace: Pace) -> None:
        want = self._want(dataset)
        if want is None:
            return
        outcome = gather(self.raw, door, dataset, [want], self.clock)
        with pace.lock:
            pace.questions += outcome.asked
            pace.answers += outcome.answers
            why = list(outcome.failed.items())[:3]
            pace.failed |= {f"{dataset.id} {subject}": told for subject, told in why}

    def _want(self, dataset: Dataset) -> Want | None:
        now = self.clock.now()
        if dataset.kept is Kept.SNAPSHOT:
            return Want(now.date(), now.date(), (EVERYTHING,))
        if dataset.kept is Kept.LISTING or dataset.subjects_a_call >= ALL_AT_ONCE:
            return Want(self.day, self.day, (EVERYTHING,))
        if not dataset.gives(self.day, now):
            return None
        listed = named_by(self.raw, dataset.source, dataset.subjects_from)
        named = [subject for subject in listed if dataset.wants(subject)]
        chosen = largest(self.world, dataset.source, named)[: self.instruments]
        return Want(self.day, self.day, tuple(chosen)) if chosen else None

    def _replica_cpu_s(self) -> float:
        spent = self.replica.cpu_times()
        return float(spent.user + spent.system)

    def _refusals(self) -> dict[str, int]:
        counts = asked_of_replica(self.ready, "counts")
        return {host: sum(row["refused"] for row in of.values()) for host, of in counts.items()}


def routine(source: str) -> list[Dataset]:
    """What daily runs ask of a source."""
    return [d for d in CATALOGUE.values() if d.source == source and d.routine and d.kept in ASKED]


def askable(ready: Mapping[str, Any]) -> list[str]:
    """The sources that the replica answers for and that daily runs ask."""
    return [
        source.id
        for source in SOURCES.values()
        if routine(source.id) and set(source.hosts) & set(ready["hosts"])
    ]


def asked_of_replica(ready: Mapping[str, Any], page: str, body: bytes | None = None) -> Any:
    address = f"http://127.0.0.1:{ready['port']}/_replica/{page}"
    with urllib.request.urlopen(address, body, timeout=600) as answer:
        return json.load(answer)


@contextmanager
def served(size: str, scale: float) -> Iterator[tuple[Mapping[str, Any], psutil.Process]]:
    """A replica of the simulated market; its forced orders are made before anyone asks."""
    words = ["--market", f"simulated:{SEED}", "--size", size, "--scale", f"{scale:g}"]
    words += ["--cache-mib", str(CACHE_MIB)]
    with subprocess.Popen(
        [sys.executable, "-m", "replica", *words, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            ready = json.loads(process.stdout.readline())
            asked_of_replica(ready, "truth?week=2026-W46")
            yield ready, psutil.Process(process.pid)
        finally:
            process.stdin.close()
            process.wait(10)


def measured(
    folder: Path, size: str, scale: float, instruments: int, sources: Sequence[str]
) -> Run:
    """Asked twice: first without limits, so that the market is made, then within them."""
    with served(size, AT_ONCE) as (ready, replica):
        clock, world = Clock(instant(str(ready["now"]))), World(SEED, size)
        day, asked = clock.now().date() - timedelta(days=2), sources or askable(ready)

        def run(at: float, raw: str) -> Run:
            kept = Raw(folder / raw)
            harness = Harness(ready, replica, at, day, instruments, world, kept, clock)
            return harness.run(asked)

        made = run(AT_ONCE, "made")
        print(f"Made in {made.wall_s:.0f} s, CPU of the replica {made.replica_cpu_s:.0f} s.")
        asked_of_replica(ready, "scale", f"{scale}".encode())
        return run(scale, "raw")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.rates", description=__doc__)
    parser.add_argument("--scale", type=float, default=10.0, help="limits refill faster by this")
    parser.add_argument("--instruments", type=int, default=200)
    parser.add_argument("--sources", default="", help="comma separated; default: all")
    parser.add_argument("--size", default="wide", help="of the simulated market")
    given = parser.parse_args(arguments)
    sources = [name for name in given.sources.split(",") if name]
    with tempfile.TemporaryDirectory(prefix="liqledger-rates-") as folder:
        run = measured(Path(folder), given.size, given.scale, given.instruments, sources)
    print(f"Scale {given.scale:g}, {given.instruments} instruments a source\n\n{run}")
    return 0 if run.ratio <= TARGET and not run.refused else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
