"""Weeks whose truth is known, as lessons: what is fitted on them, and how far it is off in others."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from pipelines.files import write_bytes_whole
from pipelines.reconcile.estimate.capture import Lesson, Model, fitted, hid, missed
from pipelines.reconcile.estimate.estimates import Look, lesson, look
from pipelines.reconcile.estimate.hidden import SIDES, Hidden, crowd_of, summed
from pipelines.reconcile.estimate.throttling import Rule, throttled
from pipelines.tables.words import Coverage, Sides
from replica.truth import HELD_OUT, events

FOLDER: Final = Path(__file__).parent / "data" / "learn"
FULL: Final = ("bybit", "gate", "kraken")
TIMED: Final = ("bybit", "kraken")  # Gate prints whole seconds: it cannot teach in its own week
COVERAGE: Final = {
    "binance": Coverage.ONE_OF_SECOND,
    "okx": Coverage.ONE_OF_SECOND,
    "bitget": Coverage.LARGEST_OF_SIDE_AND_SECOND,
}


@dataclass(frozen=True)
class Taught:
    """What one week teaches: lessons by rule; looks at throttled feeds, with the truth by side."""

    lessons: Mapping[Rule, Sequence[Lesson]]
    looks: Mapping[str, Look]
    shown: Mapping[str, Mapping[str, float]]
    true: Mapping[str, Mapping[str, float]]


def taught(seed: int) -> Taught | None:
    """None for a week of the process that nothing may be learned from."""
    process, orders = events(seed)
    if process == HELD_OUT:
        return None
    by_venue = {key[0]: rows for key, rows in orders.partition_by("venue", as_dict=True).items()}
    full = {venue: by_venue[venue].drop("venue", "is_shown") for venue in FULL}
    shown = {v: by_venue[v].filter("is_shown").drop("venue", "is_shown") for v in COVERAGE}
    return Taught(
        {
            rule: [lesson(str(seed), v, rows, throttled(rows, rule)) for v, rows in full.items()]
            for rule in Rule
        },
        {venue: look(rows, {COVERAGE[venue].value}) for venue, rows in shown.items()},
        {venue: _by_side(rows) for venue, rows in shown.items()},
        {venue: _by_side(by_venue[venue]) for venue in COVERAGE},
    )


def _by_side(rows: pl.DataFrame) -> dict[str, float]:
    sums = dict(rows.group_by("position").agg(pl.col("usd").sum()).iter_rows())
    return {side: float(sums.get(side, 0.0)) for side in ("long", "short")}


def models_of(weeks: Iterable[Taught]) -> dict[Rule, Model]:
    lessons: dict[Rule, list[Lesson]] = {rule: [] for rule in Rule}
    for week in weeks:
        for rule, ones in week.lessons.items():
            lessons[rule] += ones
    return {rule: fitted(ones) for rule, ones in lessons.items()}


@dataclass(frozen=True, slots=True)
class Miss:
    """A figure of a week: the two answers to how many dollars are hidden, and how many were."""

    seed: int
    crowded: float
    taught: float
    own: float
    true: float


Misses: TypeAlias = dict[str, list[Miss]]  # of the total, of its sides, and of venues


def misses_of(weeks: Mapping[int, Taught], models: Mapping[Rule, Model]) -> Misses:
    """Of each week, by weights that were fitted on others."""
    found: Misses = {"total": [], "side": [], "venue": []}
    for seed, week in weeks.items():
        parts = [_part(week, venue, models) for venue in week.looks]
        true = [week.true[venue] for venue in week.looks]
        for n in range(len(parts)):
            found["venue"].append(_miss(seed, parts[n : n + 1], true[n : n + 1], Sides.BOTH))
        found["total"].append(_miss(seed, parts, true, Sides.BOTH))
        found["side"] += [_miss(seed, parts, true, side) for side in (Sides.LONG, Sides.SHORT)]
    return found


def _part(week: Taught, venue: str, models: Mapping[Rule, Model]) -> Hidden:
    seen = week.looks[venue]
    model = models[seen.rule]
    lessons = [one for one in week.lessons[seen.rule] if one.venue in TIMED]
    taught = seen.taught(model, missed(model, lessons))
    own = seen.own(model, hid(model, lessons))
    return Hidden(venue, week.shown[venue], taught, own, seen.crowded)


def _miss(
    seed: int, parts: Sequence[Hidden], true: Sequence[Mapping[str, float]], sides: Sides
) -> Miss:
    sums = summed(parts, sides)
    chosen = SIDES if sides is Sides.BOTH else (sides.value,)
    every = sum(of[side] for of in true for side in chosen)
    return Miss(seed, crowd_of(parts), sums.taught, sums.own, every - sums.shown)


def kept(seed: int) -> None:
    """The week's lessons in a file of their own, made if it is not there."""
    place = FOLDER / f"{seed}.pickle"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        write_bytes_whole(place, pickle.dumps(taught(seed)))


def read(seed: int) -> Taught | None:
    """What ``kept`` wrote: our own file of this folder."""
    week = pickle.loads((FOLDER / f"{seed}.pickle").read_bytes())
    assert week is None or isinstance(week, Taught)
    return week
