"""Gap tables beside what was planted: is each cause found, with its sign, and do the parts add up?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import polars as pl

from replica.truth import Planted

UNEXPLAINED = "unexplained"
OURS = "ours"
# Under which cause a table has to name each kind of fault.
CAUSE_OF = {
    "venue_lost": "outage",
    "venue_added": "outage",
    "outage": "outage",
    "contract_size": "unit",
    "day_shifted": "window",
    "rows_doubled": "duplicates",
    "sides_swapped": "sides",
    "par": "stable",
    "throttled": "throttle",
}
SIDES = "sides"
OF_FAULTS = tuple(dict.fromkeys(CAUSE_OF.values()))
# What is missing, late or hidden parts two sources only in venues that the other tells.
OF_BOTH = ("venue_lost", "venue_added", "outage", "day_shifted", "throttled")
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
    """A planted cause over the least share of the larger total, and what the table puts down to it.

    ``kind`` names the faults that are it, of either source.
    """

    kind: str
    effect_usd: float
    part_usd: float

    @property
    def is_recovered(self) -> bool:
        return self.effect_usd * self.part_usd > 0


@dataclass(frozen=True, slots=True)
class Table:
    """One pair of one week. ``named`` are the causes in its table with more than the least share of
    the larger total, ``invented`` those of them for which neither has a fault.
    """

    a: str
    b: str
    a_usd: float
    b_usd: float
    adds_up: bool
    unexplained_usd: float
    causes: tuple[Cause, ...]
    named: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def larger_usd(self) -> float:
        return max(self.a_usd, self.b_usd)


class Gaps(Protocol):
    """The gap tables of a week's tellings."""

    @property
    def usd(self) -> Mapping[str, Decimal]:
        """What each telling adds up to, in whole cents."""

    @property
    def venues(self) -> Mapping[str, frozenset[str]]:
        """Which venues each tells of."""

    def parts(self, a: str, b: str, position: str | None) -> pl.DataFrame:
        """Columns ``cause, part_usd`` (exact), of all or of one side."""


def tables(gaps: Gaps, planted: Sequence[Planted]) -> Iterator[Table]:
    """A table for each of PAIRS."""
    for a, b in PAIRS:
        acting = [p for p in planted if _parts_them(p, a, b, planted, gaps)]
        parts = gaps.parts(a, b, None)
        is_turned = any(p.kind == "sides_swapped" for p in acting)
        longs = gaps.parts(a, b, "long") if is_turned else parts
        gap = gaps.usd[a] - gaps.usd[b]
        a_usd, b_usd = float(gaps.usd[a]), float(gaps.usd[b])
        larger = max(a_usd, b_usd)
        acts = {CAUSE_OF[p.kind] for p in planted if p.source in (_source(a), _source(b))}
        named = [name for name in OF_FAULTS if abs(_part(parts, name)) > LEAST_SHARE * larger]
        yield Table(
            a,
            b,
            a_usd,
            b_usd,
            sum(parts["part_usd"], Decimal(0)) == gap,
            _part(parts, UNEXPLAINED),
            tuple(_causes(acting, a, parts, longs, larger)),
            tuple(named),
            tuple(name for name in named if name not in acts),
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
    """Faults that a table names alike are one cause, since it has one part for them; sides that are
    swapped show among longs alone.
    """
    for name in OF_FAULTS:
        alike = [p for p in acting if CAUSE_OF[p.kind] == name]
        effect = sum(
            (1.0 if p.source == _source(a) else -1.0)
            * (p.effect_long_usd if name == SIDES else p.effect_usd)
            for p in alike
        )
        if abs(effect) > LEAST_SHARE * larger:
            kinds = ", ".join(sorted({p.kind for p in alike}))
            yield Cause(kinds, effect, _part(longs if name == SIDES else parts, name))


def _part(parts: pl.DataFrame, name: str) -> float:
    return float(parts.filter(pl.col("cause") == name)["part_usd"].sum())
