"""What two tellers of one stream have in common, and from it what each of them lost.

Chapman's estimate holds for two captures of one population that miss independently: two collectors
of a stream, or a stream and the list of the same orders. Two trackers are no such captures, since
both miss what the venue never published; neither are feeds that show by different rules. Nothing
here says anything of what a venue held back.
"""

from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

import polars as pl

from pipelines.reconcile.matching.match import DEFAULT, Tolerance, matched

LEAST_COMMON = 7  # from here on the estimate is all but free of bias: Robson and Regier 1964


Count = TypeVar("Count", float, pl.Expr)


class NotOneStreamError(ValueError):
    """Two lists that do not tell the same events cannot say what either of them lost."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What ``teller`` (a feed, a collector) told of the events of one ``stream`` of a source."""

    source: str
    stream: str
    teller: str
    events: pl.DataFrame  # columns of match.EVENT, in any order, perhaps more


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts of two tellings, and Chapman's estimate of all events; None with too few in common."""

    matched_exactly: int
    matched_scored: int
    only_a: int
    only_b: int

    @property
    def in_both(self) -> int:
        return self.matched_exactly + self.matched_scored

    @property
    def events_estimated(self) -> float | None:
        return self._estimated()[0] if self.in_both >= LEAST_COMMON else None

    @property
    def events_estimated_se(self) -> float | None:
        return sqrt(self._estimated()[1]) if self.in_both >= LEAST_COMMON else None

    def _estimated(self) -> tuple[float, float]:
        both = float(self.in_both)
        return chapman(both + self.only_a, both + self.only_b, both)


def overlap(
    first: Telling, second: Telling, tolerance: Tolerance = DEFAULT
) -> tuple[Overlap, pl.DataFrame, pl.DataFrame]:
    """What both told, and the rows that only the first and only the second told.

    Raises NotOneStreamError for two sources, two streams, or one teller twice.
    """
    if (first.source, first.stream) != (second.source, second.stream):
        names = (f"{one.source}/{one.stream}" for one in (first, second))
        raise NotOneStreamError(f"{' and '.join(names)} do not tell the same events")
    if first.teller == second.teller:
        raise NotOneStreamError(f"{first.teller} cannot be set beside itself")
    pairs = matched(first.events, second.events, tolerance)
    exact = int(pairs["is_exact"].sum())
    alone = [
        one.events.with_row_index("_at")
        .filter(~pl.col("_at").is_in(pairs[at].implode()))
        .drop("_at")
        for one, at in ((first, "a"), (second, "b"))
    ]
    counts = Overlap(exact, pairs.height - exact, alone[0].height, alone[1].height)
    return counts, alone[0], alone[1]


def chapman(n1: Count, n2: Count, common: Count) -> tuple[Count, Count]:
    """How many there were, and its variance, if lists of n1 and n2 events share so many: numbers or
    columns.

    Chapman 1951: (n1+1)(n2+1)/(m+1) - 1; the variance after Seber 1970.
    """
    whole = (n1 + 1) * (n2 + 1)
    variance = whole * (n1 - common) * (n2 - common) / ((common + 1) ** 2 * (common + 2))
    return whole / (common + 1) - 1, variance
