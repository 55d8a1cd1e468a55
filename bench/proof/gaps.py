"""Gap tables beside what was planted: is each cause found, with its sign, and do the parts add up?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from replica.truth import Planted

UNEXPLAINED = "unexplained"
OURS = "ours"
# Under which cause a table has to name each kind of fault; any of them will do.
CAUSES = {
    "venue_lost": ("outage",),
    "venue_added": ("outage",),
    "outage": ("outage",),
    "contract_size": ("unit",),
    "day_shifted": ("window",),
    "rows_doubled": ("duplicates",),
    "sides_swapped": ("sides",),
    "par": ("stable",),
}
# What is missing or late parts two sources only in venues that the other tells.
OF_BOTH = ("venue_lost", "venue_added", "outage", "day_shifted")
PAIRS = (
    ("coinalyze", "coinglass_pairs"),
    ("coinalyze", "coinglass"),
    ("coinglass", "coinglass_pairs"),
    ("feeds", "coinalyze"),
    ("feeds", "coinglass_pairs"),
)
LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Cause:
    """A planted cause over the least share of the larger total, and what the table puts down to it."""

    kind: str
    effect_usd: float
    part_usd: float

    @property
    def is_recovered(self) -> bool:
        return self.effect_usd * self.part_usd > 0


@dataclass(frozen=True, slots=True)
class Table:
    """One pair of one week."""

    a: str
    b: str
    a_usd: float
    b_usd: float
    parts_usd: float
    unexplained_usd: float
    causes: tuple[Cause, ...]

    @property
    def adds_up(self) -> bool:
        """To the cent, as far as doubles can tell."""
        gap = self.a_usd - self.b_usd
        return abs(self.parts_usd - gap) <= 0.01 + 1e-9 * abs(gap)

    @property
    def larger_usd(self) -> float:
        return max(self.a_usd, self.b_usd)


class Gaps(Protocol):
    """The gap tables of a week's tellings."""

    @property
    def usd(self) -> Mapping[str, float]:
        """What each telling adds up to."""

    @property
    def venues(self) -> Mapping[str, frozenset[str]]:
        """Which venues each tells of."""

    def parts(self, a: str, b: str, position: str | None) -> pl.DataFrame:
        """Columns ``cause, part_usd``, of all or of one side."""


def tables(gaps: Gaps, planted: Sequence[Planted]) -> Iterator[Table]:
    """A table for each of PAIRS."""
    for a, b in PAIRS:
        acting = [p for p in planted if _parts_them(p, a, b, planted, gaps)]
        parts = gaps.parts(a, b, None)
        is_turned = any(p.kind == "sides_swapped" for p in acting)
        longs = gaps.parts(a, b, "long") if is_turned else parts
        a_usd, b_usd = gaps.usd[a], gaps.usd[b]
        yield Table(
            a,
            b,
            a_usd,
            b_usd,
            float(parts["part_usd"].sum()),
            _part(parts, (UNEXPLAINED,)),
            tuple(_causes(acting, a, parts, longs, max(a_usd, b_usd))),
        )


def _parts_them(p: Planted, a: str, b: str, planted: Sequence[Planted], gaps: Gaps) -> bool:
    """Whether a fault of one of the two can show in the gap between them.

    Both may take stable coins at one dollar: then that parts them in nothing.
    """
    sources = {_source(a): b, _source(b): a}
    if p.source not in sources:
        return False
    if p.kind == "par":
        return {q.source for q in planted if q.kind == "par"} & sources.keys() != sources.keys()
    takes_away = p.kind in OF_BOTH or (p.kind == "contract_size" and p.factor < 1)
    return not takes_away or p.venue == "" or p.venue in gaps.venues[sources[p.source]]


def _source(name: str) -> str:
    return OURS if name == "feeds" else name


def _causes(
    acting: Sequence[Planted], a: str, parts: pl.DataFrame, longs: pl.DataFrame, larger: float
) -> Iterator[Cause]:
    """Faults of one kind are one cause; sides that are swapped show among longs alone."""
    for kind, names in CAUSES.items():
        swapped = kind == "sides_swapped"
        effect = sum(
            (1.0 if p.source == _source(a) else -1.0)
            * (p.effect_long_usd if swapped else p.effect_usd)
            for p in acting
            if p.kind == kind
        )
        if abs(effect) > LEAST_SHARE * larger:
            yield Cause(kind, effect, _part(longs if swapped else parts, names))


def _part(parts: pl.DataFrame, names: tuple[str, ...]) -> float:
    return float(parts.filter(pl.col("cause").is_in(names))["part_usd"].sum())
