"""How near all sources together come to the slowest source's own limit, and that none refuses.

    python -m bench.rates [--scale 10] [--instruments 200] [--sources okx,gate] [--size wide]

The replica serves a market with limits and clock scaled together. Every routine dataset of every
source is asked for one UTC day of its largest instruments, each source at its own pace, through
the project's own doors. The ideal time of a source is that of its slowest window: what was taken
beyond the window's amount, since the first amount goes at once, over the amount, times the
window's seconds over the scale.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from bench.child import PROJECT
from bench.largest import largest
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
TARGET = 1.15
ASKED = (Kept.LISTING, Kept.HISTORY, Kept.SNAPSHOT)


@dataclass(slots=True)
class Pace:
    """What one source, or two that share their limits, came to."""

    names: list[str]
    budget: Budget
    seconds: float = 0.0
    questions: int = 0
    answers: int = 0
    refused: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def ideal_s(self) -> float:
        return max((window.least_s for window in self.budget.used().values()), default=0.0)

    @property
    def slowest_window(self) -> str:
        used = self.budget.used()
        return max(used, key=lambda name: used[name].least_s, default="–")

    def line(self) -> str:
        ratio = f"{self.seconds / self.ideal_s:.2f}" if self.ideal_s >= 1 else "–"
        counts = f"{self.questions:,} | {self.answers:,}"
        return (
            f"| {' + '.join(self.names)} | {counts} | {self.slowest_window} | {self.ideal_s:.1f} "
            f"| {self.seconds:.1f} | {ratio} | {self.refused} |"
        )


HEAD = (
    "| Source | Questions | Answers | Slowest window | Ideal, s | Taken, s | Ratio | Refused |\n"
    "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |"
)


@dataclass(slots=True)
class Run:
    """One asking of everything."""

    paces: list[Pace]
    wall_s: float
    client_cpu_s: float
    replica_cpu_s: float = 0.0

    @property
    def slowest(self) -> Pace:
        return max(self.paces, key=lambda pace: pace.ideal_s)

    @property
    def ratio(self) -> float:
        return self.wall_s / self.slowest.ideal_s if self.slowest.ideal_s else 0.0

    @property
    def refused(self) -> int:
        return sum(pace.refused for pace in self.paces)

    def __str__(self) -> str:
        verdict = "met" if self.ratio <= TARGET and not self.refused else "**missed**"
        busy = self.client_cpu_s + self.replica_cpu_s
        lines = [HEAD, *(p.line() for p in sorted(self.paces, key=lambda p: -p.ideal_s)), ""]
        lines += [f"{p.names[0]}: {s}: {why}" for p in self.paces for s, why in p.failed.items()]
        lines += [
            f"Slowest: {self.slowest.names[0]}, ideal {self.slowest.ideal_s:.1f} s; all together "
            f"{self.wall_s:.1f} s; ratio {self.ratio:.3f}, target ≤ {TARGET:g}, "
            f"{self.refused} refused: {verdict}.",
            f"CPU: client {self.client_cpu_s:.1f} s, replica {self.replica_cpu_s:.1f} s, "
            f"{busy / self.wall_s:.2f} of {os.cpu_count()} cores.",
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Harness:
    """A running replica, and what is asked of it."""

    ready: Mapping[str, Any]
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
                doors[source] = stack.enter_context(self._door(source, known.budget if known else None))
                paces.setdefault(kin, Pace([], doors[source].budget)).names.append(source)
            began, at_work = time.monotonic(), time.process_time()
            with ThreadPoolExecutor(len(sources), thread_name_prefix="source") as pool:
                turns = [
                    pool.submit(self._in_turn, doors[s], paces[MANNERS[s].shared_with or s], began)
                    for s in sources
                ]
                for turn in turns:
                    turn.result()
            wall_s, cpu_s = time.monotonic() - began, time.process_time() - at_work
        after = self._refusals()
        for pace in paces.values():
            hosts = {host for name in pace.names for host in SOURCES[name].hosts}
            pace.refused = sum(after.get(host, 0) - before.get(host, 0) for host in hosts)
        return Run(list(paces.values()), wall_s, cpu_s)

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


def asked_of_replica(ready: Mapping[str, Any], page: str) -> Any:
    address = f"http://127.0.0.1:{ready['port']}/_replica/{page}"
    with urllib.request.urlopen(address, timeout=600) as answer:
        return json.load(answer)


@contextmanager
def served(size: str, scale: float) -> Iterator[Mapping[str, Any]]:
    """A replica of the simulated market; its forced orders are made before anyone asks."""
    words = ("--market", f"simulated:{SEED}", "--size", size, "--scale", f"{scale:g}")
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
            yield ready
        finally:
            process.stdin.close()
            process.wait(10)


def measured(
    folder: Path, size: str, scale: float, instruments: int, sources: Sequence[str]
) -> Run:
    """The whole bench once, in a new folder."""
    before_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with served(size, scale) as ready:
        clock = Clock(instant(str(ready["now"])))
        day = clock.now().date() - timedelta(days=2)
        world = World(SEED, size)
        harness = Harness(ready, scale, day, instruments, world, Raw(folder / "raw"), clock)
        run = harness.run(sources or askable(ready))
    run.replica_cpu_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before_s
    return run


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
