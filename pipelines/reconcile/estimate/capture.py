"""How much a throttled feed shows of the dollars, learned from full feeds that are throttled on purpose.

A quasi-Poisson regression of all dollars on the shown ones: true = shown x exp(signs x weights), so
that sums are met without bias, and a correction by what the same weights miss in the full feeds of
the very week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np
import polars as pl

from pipelines.reconcile.estimate.signs import CROWDS, SIGNS
from pipelines.reconcile.estimate.throttling import Rule

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
BUSY: Final = CROWDS // 2  # from this class on a minute counts as crowded
RIDGE: Final = 0.3
FARTHEST: Final = 3.0  # scales from the centre; what lies beyond is taken to lie there
ROUNDS: Final = 40
LITTLE: Final = 0.003  # of what was shown; so little hidden says nothing of how many times
UTMOST: Final = 10.0  # times what was expected; nothing is taken to hide more, or a tenth, of it
STEEPEST: Final = 4.0  # a feed is never taken to hide more than exp(4) times what it shows


class Model(msgspec.Struct, frozen=True):
    """Weights for one rule: of each class of crowd, then of SIGNS and their products in calm minutes,
    then of the same in crowded ones.

    ``centre`` and ``scale`` bring signs to one measure; ``heed`` is how far the misses of the week's
    full feeds are heeded for another venue, in calm and in crowded minutes, 0 to 1.
    """

    weights: tuple[float, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    heed: tuple[float, float]

    def times(self, rows: pl.DataFrame, missed: tuple[float, float] = (0.0, 0.0)) -> Floats:
        """All dollars over the shown ones, of each row of ``signs``; at least one."""
        design = designed(rows, np.array(self.centre), np.array(self.scale))
        log = design @ np.array(self.weights)
        log += np.where(is_crowded(rows), self.heed[1] * missed[1], self.heed[0] * missed[0])
        times: Floats = np.exp(np.clip(log, 0.0, STEEPEST))
        return times


@dataclass(frozen=True, slots=True)
class Lesson:
    """Signs of a full feed that was throttled, with ``all_usd``, what there really was; its week."""

    week: str
    venue: str
    rows: pl.DataFrame


def designed(rows: pl.DataFrame, centre: Floats, scale: Floats) -> Floats:
    """The regressors of each row of ``signs``: classes, then signs and their products."""
    crowd = rows["crowd"].to_numpy()
    classes = (crowd[:, None] == np.arange(CROWDS)).astype(np.float64)
    found = np.clip((rows.select(SIGNS).to_numpy() - centre) / scale, -FARTHEST, FARTHEST)
    one, other = np.triu_indices(found.shape[1])
    every = np.concatenate((found, found[:, one] * found[:, other]), axis=1)
    crowded = (crowd >= BUSY)[:, None]
    return np.concatenate((classes, every * ~crowded, every * crowded), axis=1)


def fitted(lessons: Sequence[Lesson]) -> Model:
    """Weights that meet the dollars of the lessons, each week counting alike."""
    rows = pl.concat([one.rows for one in lessons])
    found = rows.select(SIGNS).to_numpy()
    centre, scale = found.mean(axis=0), found.std(axis=0) + 1e-9
    whole = _of_week(lessons)
    design = designed(rows, centre, scale)
    shown = rows["shown_usd"].to_numpy() / whole
    every = rows["all_usd"].to_numpy() / whole
    weights = _irls(design, shown, every)
    plain = Model(
        tuple(weights.tolist()), tuple(centre.tolist()), tuple(scale.tolist()), (0.0, 0.0)
    )
    return msgspec.structs.replace(plain, heed=_heed(plain, lessons))


def missed(model: Model, lessons: Iterable[Lesson]) -> tuple[float, float]:
    """Logs of all dollars over those that the model expects, in calm and in crowded minutes."""
    sums = np.zeros((2, 2))
    for one in lessons:
        crowded = (one.rows["crowd"].to_numpy() >= BUSY).astype(int)
        expected = one.rows["shown_usd"].to_numpy() * model.times(one.rows)
        np.add.at(sums[0], crowded, one.rows["all_usd"].to_numpy())
        np.add.at(sums[1], crowded, expected)
    logs = [float(np.log(a / b)) if a > 0 and b > 0 else 0.0 for a, b in sums.T]
    return logs[0], logs[1]


def hid(model: Model, lessons: Iterable[Lesson]) -> tuple[float, float]:
    """How many times what the model expects the lessons hid, in calm and in crowded minutes."""
    actual, expected = np.zeros(2), np.zeros(2)
    shown = 0.0
    for one in lessons:
        usd = one.rows["shown_usd"].to_numpy()
        crowded = is_crowded(one.rows).astype(int)
        np.add.at(actual, crowded, one.rows["all_usd"].to_numpy() - usd)
        np.add.at(expected, crowded, usd * (model.times(one.rows) - 1.0))
        shown += float(usd.sum())
    little = max(LITTLE * shown, 1.0)
    calm, dense = np.clip((actual + little) / (expected + little), 1 / UTMOST, UTMOST)
    return float(calm), float(dense)


def is_crowded(rows: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Of each row of ``signs``."""
    crowded: np.ndarray[Any, np.dtype[np.bool_]] = rows["crowd"].to_numpy() >= BUSY
    return crowded


def _of_week(lessons: Sequence[Lesson]) -> Floats:
    """For each row the shown dollars of its week, so that weeks count alike."""
    sums: dict[str, float] = {}
    for one in lessons:
        sums[one.week] = sums.get(one.week, 0.0) + float(one.rows["shown_usd"].sum())
    return np.concatenate([np.full(one.rows.height, sums[one.week]) for one in lessons])


def _irls(design: Floats, shown: Floats, every: Floats) -> Floats:
    """Weights of log(all / shown), by iterated least squares with a little ridge."""
    weights = np.zeros(design.shape[1])
    ridge = RIDGE * np.eye(design.shape[1]) * shown.sum() / design.shape[1]
    for _ in range(ROUNDS):
        log = np.clip(design @ weights, -1.0, STEEPEST)
        expected = shown * np.exp(log)
        working = log + (every - expected) / np.maximum(expected, 1e-12)
        weighted = design * expected[:, None]
        before = weights
        weights = np.linalg.solve(design.T @ weighted + ridge, weighted.T @ working)
        if np.abs(weights - before).max() < 1e-8:
            break
    return weights


def _heed(model: Model, lessons: Sequence[Lesson]) -> tuple[float, float]:
    """The slope of one venue's misses on those of the week's other full feeds."""
    weeks: dict[str, list[Lesson]] = {}
    for one in lessons:
        weeks.setdefault(one.week, []).append(one)
    pairs = [
        (missed(model, [one]), missed(model, [other for other in week if other is not one]))
        for week in weeks.values()
        if len(week) > 1
        for one in week
    ]
    if not pairs:
        return 0.0, 0.0
    own, others = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    slopes = (own * others).sum(axis=0) / np.maximum((others**2).sum(axis=0), 1e-12)
    calm, crowded = np.clip(slopes, 0.0, 1.0)
    return float(calm), float(crowded)


Models: TypeAlias = Mapping[Rule, Model]
