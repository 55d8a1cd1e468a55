"""Gap tables beside what was planted: is each cause found, with its sign, and do the parts add up?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bench.proof.judged import Gap
from bench.proof.seen import Canonical
from replica.truth import Planted

UNEXPLAINED = "unexplained"
OURS = "ours"
# Under which cause a table has to name each kind of fault; any of them will do.
CAUSES = {
    "venue_lost": ("outage", "venues"),
    "venue_added": ("outage", "venues"),
    "outage": ("outage",),
    "contract_size": ("unit",),
    "day_shifted": ("window",),
    "rows_doubled": ("duplicates", "unit"),
    "sides_swapped": ("sides",),
    "par": ("stable",),
}
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


def tables(
    canonical: Canonical, planted: Sequence[Planted], explain: Gap, dollars: dict[str, float]
) -> Iterator[Table]:
    """A table for each of PAIRS. ``dollars`` has what each telling adds up to."""
    for a, b in PAIRS:
        parts = explain(canonical, a, b, None)
        longs = explain(canonical, a, b, "long") if _any_swapped(planted, a, b) else parts
        yield Table(
            a,
            b,
            dollars[a],
            dollars[b],
            float(parts["part_usd"].sum()),
            _part(parts, (UNEXPLAINED,)),
            tuple(_causes(planted, a, b, parts, longs, max(dollars[a], dollars[b]))),
        )


def _source(name: str) -> str:
    return OURS if name == "feeds" else name


def _any_swapped(planted: Sequence[Planted], a: str, b: str) -> bool:
    names = (_source(a), _source(b))
    return any(p.kind == "sides_swapped" and p.source in names for p in planted)


def _causes(
    planted: Sequence[Planted],
    a: str,
    b: str,
    parts: pl.DataFrame,
    longs: pl.DataFrame,
    larger: float,
) -> Iterator[Cause]:
    """Faults of one kind are one cause; sides that are swapped show among longs alone."""
    for kind, names in CAUSES.items():
        swapped = kind == "sides_swapped"
        effect = sum(
            (1.0 if p.source == _source(a) else -1.0)
            * (p.effect_long_usd if swapped else p.effect_usd)
            for p in planted
            if p.kind == kind and p.source in (_source(a), _source(b))
        )
        if abs(effect) > LEAST_SHARE * larger:
            yield Cause(kind, effect, _part(longs if swapped else parts, names))


def _part(parts: pl.DataFrame, names: tuple[str, ...]) -> float:
    return float(parts.filter(pl.col("cause").is_in(names))["part_usd"].sum())
