"""Spoiled answers in any number: ``python -m fuzz``. What was done before is not done again."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic

from fuzz.laws import Trial
from fuzz.mutation import recipe, spoiled
from fuzz.shards import Failure, State, name_of, run, shards_of, smallest
from pipelines.normalise.registry import READERS

SHOWN_BYTES = 2_000


def main(given: Sequence[str] | None = None) -> int:
    asked = _options().parse_args(given)
    trials = Trials(asked.readers)
    if not trials.names:
        sys.stderr.write("fuzz: no reader is called so; they are source/dataset/table\n")
        return 2
    if asked.only is not None:
        return _of_one_seed(trials, asked.only)
    state = State(asked.state)
    code = _all(trials, state, asked)
    _print_sums(state, trials.names)
    return code


class Trials:
    """The chosen readers, each prepared when it is first needed."""

    def __init__(self, patterns: Sequence[str]) -> None:
        named = {name_of(reader): reader for reader in READERS}
        self._readers = {
            name: reader
            for name, reader in named.items()
            if any(fnmatch(name, pattern) for pattern in patterns)
        }
        self._made: dict[str, Trial] = {}

    @property
    def names(self) -> list[str]:
        return list(self._readers)

    def of(self, name: str) -> Trial:
        if name not in self._made:
            self._made[name] = Trial(self._readers[name])
        return self._made[name]


def _all(trials: Trials, state: State, asked: argparse.Namespace) -> int:
    """The readers in turn, a shard each, so that a run that is broken off has tried all alike."""
    began = monotonic()
    by_reader = [list(shards_of(name, asked.per_reader, asked.shard)) for name in trials.names]
    rounds = zip(*by_reader, strict=True)
    for number, shards in enumerate(rounds):
        for shard in shards:
            if state.has(shard):
                continue
            if monotonic() - began > asked.seconds:
                print(f"{asked.seconds:g} s are over; another run goes on from here")
                return 0
            outcome = run(trials.of(shard.reader), shard)
            if isinstance(outcome, Failure):
                _print_failure(trials.of(shard.reader), shard.reader, outcome)
                return 1
            state.note(shard, outcome)
        print(
            f"round {number + 1} of {len(by_reader[0])}: {shards[0].until:,} a reader", flush=True
        )
    return 0


def _of_one_seed(trials: Trials, seed: int) -> int:
    code = 0
    for name in trials.names:
        trial, one = trials.of(name), recipe(name, seed)
        if broken := trial.run([one]).broken:
            _print_failure(trial, name, smallest(trial, {one: seed}, broken[0]))
            code = 1
    return code


def _print_failure(trial: Trial, name: str, failure: Failure) -> None:
    print(f"\n{name}: {failure.law}")
    print(f"seeds: {', '.join(map(str, failure.seeds))}")
    if len(failure.seeds) == 1:
        print(f"again: python -m fuzz --readers '{name}' --only {failure.seeds[0]}")
    for one in failure.recipes:
        body = spoiled(trial.reader.source, trial.reader.dataset, trial.questions, one).bytes
        print(f"{one}\n{body[:SHOWN_BYTES]!r}")


def _print_sums(state: State, names: Sequence[str]) -> None:
    """Answers tried by source, as the folder has them, and what came of their rows."""
    sums = {name: done for name, done in state.sums().items() if name in names}
    tried, told, refused, readers = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for name, done in sums.items():
        source = name.partition("/")[0]
        tried[source] += done.answers
        told[source] += done.told
        refused[source] += done.refused
        readers[source] += 1
    for source in tried:
        print(
            f"{source:16} {readers[source]:3} readers {tried[source]:12,} answers"
            f" {told[source]:12,} rows {refused[source]:12,} refused"
        )
    least = min((done.answers for done in sums.values()), default=0)
    print(f"{sum(tried.values()):,} answers, at least {least:,} of each of {len(sums)} readers")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument(
        "--readers", nargs="+", default=["*"], help="source/dataset/table, * allowed"
    )
    parser.add_argument("--per-reader", type=int, default=100_000, help="answers of each reader")
    parser.add_argument("--shard", type=int, default=1_000, help="answers that are noted as one")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after these")
    parser.add_argument("--state", type=Path, default=Path(".fuzz"), help="folder of what is done")
    parser.add_argument("--only", type=int, help="one seed, which nothing is noted of")
    return parser


if __name__ == "__main__":
    sys.exit(main())
