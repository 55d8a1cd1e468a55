"""Weeks whose truth is known, as lessons: what is fitted on them, and how far it is off in others."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.files import write_bytes_whole
from pipelines.reconcile.estimate.capture import Floats, Lesson, Model, fitted, missed
from pipelines.reconcile.estimate.estimates import Hidden, Look, crowd_of, lesson, look
from pipelines.reconcile.estimate.spread import Learned, Spread
from pipelines.reconcile.estimate.throttling import Rule, throttled
from pipelines.tables.words import Coverage, Sides
from replica.truth import HELD_OUT, events

FOLDER: Final = Path(__file__).parent / "data" / "learn"
FULL: Final = ("bybit", "gate", "kraken")
COVERAGE: Final = {
    "binance": Coverage.ONE_OF_SECOND,
    "okx": Coverage.ONE_OF_SECOND,
    "bitget": Coverage.LARGEST_OF_SIDE_AND_SECOND,
}
CLASSES: Final = 3
ONE_IN_FORTY: Final = 0.025


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


Errors = dict[str, list[tuple[float, float]]]  # share of crowded minutes, hidden over its estimate


def errors_of(weeks: Iterable[Taught], models: Mapping[Rule, Model]) -> Errors:
    """Of the total, of its sides, and of venues."""
    found: Errors = {"total": [], "side": [], "venue": []}
    for week in weeks:
        parts, true = [], []
        for venue, seen in week.looks.items():
            model = models[seen.rule]
            behind = seen.behind(model, missed(model, week.lessons[seen.rule]))
            parts.append(Hidden(venue, week.shown[venue], behind, seen.crowded))
            true.append(week.true[venue])
            found["venue"].append(_error(parts[-1:], true[-1:], Sides.BOTH))
        found["total"].append(_error(parts, true, Sides.BOTH))
        found["side"] += [_error(parts, true, side) for side in (Sides.LONG, Sides.SHORT)]
    return found


def _error(
    parts: Sequence[Hidden], true: Sequence[Mapping[str, float]], sides: Sides
) -> tuple[float, float]:
    shown, behind = (sum(values) for values in zip(*(p.of(sides) for p in parts), strict=True))
    chosen = ("long", "short") if sides is Sides.BOTH else (sides.value,)
    every = sum(of[side] for of in true for side in chosen)
    return crowd_of(parts), (every - shown) / behind if behind else 1.0


def spread_of(errors: Sequence[tuple[float, float]]) -> Spread:
    """Classes of alike size, and in each the multiples that one in forty lies below, and above."""
    crowd, times = np.array(errors).T
    edges = np.quantile(crowd, np.arange(1, CLASSES) / CLASSES)
    of = np.searchsorted(edges, crowd, "right")
    ends = [_ends(np.sort(times[of == n])) for n in range(CLASSES)]
    return Spread(
        tuple(edges.tolist()), tuple(low for low, _ in ends), tuple(high for _, high in ends)
    )


def _ends(ordered: Floats) -> tuple[float, float]:
    """The next of its kind lies below the k-th of n with chance k / (n + 1): conformal, not fitted."""
    k = max(1, int(ONE_IN_FORTY * (ordered.size + 1)))
    return float(ordered[k - 1]), float(ordered[-k])


def learned_from(weeks: Sequence[Taught], about: str) -> Learned:
    """Weights from all weeks; errors of each half by the weights of the other."""
    halves = weeks[::2], weeks[1::2]
    errors: Errors = {"total": [], "side": [], "venue": []}
    for fit, judge in (halves, halves[::-1]):
        for kind, found in errors_of(judge, models_of(fit)).items():
            errors[kind] += found
    return Learned(
        about,
        models_of(weeks),
        spread_of(errors["total"]),
        spread_of(errors["side"]),
        spread_of(errors["venue"]),
    )


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
