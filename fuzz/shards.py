"""Stretches of seeds of one reader, and a folder that notes which of them are done."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fuzz.laws import Broken, Outcome, Trial
from fuzz.mutation import WHOLE, Recipe, recipe
from pipelines.normalise.eras import Reader

TOGETHER = 125  # answers that go through the engine in one go


@dataclass(frozen=True, slots=True)
class Shard:
    """The seeds from ``first`` to below ``until``, of the reader of that name."""

    reader: str
    first: int
    until: int


@dataclass(frozen=True, slots=True)
class Done:
    """What a shard came to."""

    answers: int
    told: int
    refused: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A law that broke, with the fewest and shortest recipes that break it."""

    law: str
    seeds: tuple[int, ...]
    recipes: tuple[Recipe, ...]


def name_of(reader: Reader) -> str:
    return f"{reader.source}/{reader.dataset}/{reader.table.name}"


def shards_of(reader: str, per_reader: int, size: int) -> Iterator[Shard]:
    for first in range(0, per_reader, size):
        yield Shard(reader, first, min(first + size, per_reader))


class State:
    """A file for each finished shard; none is written for one that broke off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, shard: Shard) -> bool:
        return self._file(shard).exists()

    def note(self, shard: Shard, done: Done) -> None:
        file = self._file(shard)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(asdict(done)) + "\n", "utf-8")
        part.replace(file)

    def sums(self) -> dict[str, Done]:
        """What was done so far, by reader."""
        found: dict[str, Done] = {}
        for file in sorted(self.folder.glob("*/*.json")):
            told = Done(**json.loads(file.read_text("utf-8")))
            name = file.parent.name.replace(".", "/")
            before = found.get(name, Done(0, 0, 0))
            found[name] = _plus(before, told.answers, told.told, told.refused)
        return found

    def _file(self, shard: Shard) -> Path:
        return self.folder / shard.reader.replace("/", ".") / f"{shard.first}-{shard.until}.json"


def run(trial: Trial, shard: Shard) -> Done | Failure:
    """All seeds of a shard, unless one breaks a law."""
    done = Done(0, 0, 0)
    for first in range(shard.first, shard.until, TOGETHER):
        seeds = range(first, min(first + TOGETHER, shard.until))
        recipes = [recipe(shard.reader, seed) for seed in seeds]
        outcome = trial.run(recipes)
        if outcome.broken:
            return smallest(trial, dict(zip(recipes, seeds, strict=True)), outcome.broken[0])
        done = _plus(done, outcome.answers, outcome.told, outcome.refused)
    return done


def smallest(trial: Trial, seeds: dict[Recipe, int], broken: Broken) -> Failure:
    """The recipe alone without the steps that it can do without, or as few together as break."""
    together = list(seeds) if not _alone(trial, broken.recipe) else [broken.recipe]
    while len(together) > 1:
        half = len(together) // 2
        parts = [part for part in (together[:half], together[half:]) if _breaks(trial, part)]
        if not parts:
            break
        together = parts[0]
    of = tuple(seeds[one] for one in together)
    if len(together) == 1:
        together = [_shorter(trial, together[0])]
    outcome: Outcome = trial.run(together)
    law = outcome.broken[0].law if outcome.broken else broken.law
    return Failure(law, of, tuple(together))


def _shorter(trial: Trial, one: Recipe) -> Recipe:
    """Without each step, cut and bent byte in turn, as long as a law still breaks."""
    for at in reversed(range(len(one.steps))):
        without = Recipe(one.which, one.steps[:at] + one.steps[at + 1 :], one.cut, one.bent)
        one = without if _alone(trial, without) else one
    for without in (
        Recipe(one.which, one.steps, WHOLE, one.bent),
        Recipe(one.which, one.steps, one.cut, None),
        Recipe(one.which, one.steps),
    ):
        one = without if without != one and _alone(trial, without) else one
    return one


def _alone(trial: Trial, one: Recipe) -> bool:
    return _breaks(trial, [one])


def _breaks(trial: Trial, recipes: list[Recipe]) -> bool:
    return bool(trial.run(recipes).broken)


def _plus(done: Done, answers: int, told: int, refused: int) -> Done:
    return Done(done.answers + answers, done.told + told, done.refused + refused)
