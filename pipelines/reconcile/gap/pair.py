"""Two tellings cell by cell, and what is left of each cell when causes are taken out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from pipelines.reconcile.gap.laid import as_told
from pipelines.reconcile.tellings.telling import DAY_S, KEY, SEVERAL, Telling
from pipelines.tables.words import Cause, Position

OTHER: Final = {"a": "b", "b": "a"}
TURNED: Final = {Position.LONG.value: Position.SHORT.value, Position.SHORT.value: "long"}
OF_DOLLARS: Final = (Cause.STABLE, Cause.PRICE)  # they leave coins as they are
GROUP: Final = ("place", "coin", "kind")
MATCH: Final = (*GROUP, "position", "at")


@dataclass(frozen=True, slots=True)
class Toggle:
    """One cause, and what it leaves of the cells that it acts on.

    ``on`` has columns ``nth`` (the cell) and ``on`` (what is left of it, as a factor). Where
    ``is_turn``, the cell counts for the other side instead.
    """

    cause: Cause
    on: pl.DataFrame
    evidence: str
    is_estimated: bool = False
    is_turn: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The cells of both, numbered; ``x`` are their dollars under the toggles found so far.

    Columns beside those of CELLS: ``nth``, ``side`` (a, b), ``place`` and ``kind`` (venue and
    margin as far as both tell them apart), ``at`` (the bucket that both have, by A's clock),
    ``said_position`` (the side that the telling says, whichever it counts for now), ``x``, and
    ``counted``, its coins under the same toggles but those of prices. ``traced`` are the places at
    which both are as single orders and the faults that were found would have them. ``reckoned`` are
    sides and venues of which the other is the one that speaks: by its orders it is known what lies
    in hours that it did not hear.
    """

    a: Telling
    b: Telling
    cells: pl.DataFrame
    toggles: tuple[Toggle, ...] = ()
    traced: frozenset[str] = frozenset()
    reckoned: frozenset[tuple[str, str]] = frozenset()

    @property
    def interval_s(self) -> int:
        return max(self.a.interval_s, self.b.interval_s)

    def reckoned_of(self, side: str) -> list[str]:
        """The venues of ``reckoned`` of one side."""
        return sorted(venue for one, venue in self.reckoned if one == side)

    @property
    def is_daily(self) -> bool:
        return self.interval_s >= DAY_S

    @property
    def has_several(self) -> bool:
        """Whether either adds venues up, so that cells meet by coin alone."""
        return self.a.is_several or self.b.is_several

    def of(self, side: str) -> Telling:
        return self.a if side == "a" else self.b

    def under(self, toggle: Toggle) -> "Pair":
        """The pair with that cause taken out."""
        if toggle.on.is_empty():
            return self
        joined = self.cells.join(toggle.on, on="nth", how="left", maintain_order="left")
        factor = pl.col("on").fill_null(1.0)
        turned = pl.col("on").is_not_null() & pl.lit(toggle.is_turn)
        of_coins = pl.lit(1.0) if toggle.cause in OF_DOLLARS else factor
        cells = joined.with_columns(
            x=pl.col("x") * factor,
            counted=pl.col("counted") * of_coins,
            position=pl.when(turned)
            .then(pl.col("position").replace(TURNED))
            .otherwise(pl.col("position")),
        ).drop("on")
        return replace(self, cells=cells, toggles=(*self.toggles, toggle))

    def matched(self, *extra: str) -> pl.DataFrame:
        """MATCH, ``a`` and ``b``: what is left of either, zero where it has none.

        ``extra`` columns are added up as ``<name>_a`` and ``<name>_b``.
        """
        kept = self.cells.filter(pl.col("x") != 0)
        of_a, of_b = (
            kept.filter(pl.col("side") == side)
            .group_by(MATCH, maintain_order=True)
            .agg(
                pl.col("x").sum().alias(side),
                *(pl.col(name).cast(pl.Float64).sum().alias(f"{name}_{side}") for name in extra),
            )
            for side in ("a", "b")
        )
        return (
            of_a.join(of_b, on=list(MATCH), how="full", coalesce=True, nulls_equal=True)
            .with_columns(pl.col("a", "b").fill_null(0.0))
            .sort(MATCH)
        )


def paired(a: Telling, b: Telling, laid: Sequence[pl.DataFrame] | None = None) -> Pair:
    """Both tellings, cell by cell. Raises ValueError where they have one name.

    ``laid`` are their cells in parts (``laid.LAID``), if they were traced to their orders.
    """
    if a.name == b.name:
        raise ValueError(f"both tellings are named {a.name}")
    several = a.is_several or b.is_several
    tells_margin = all(one.markets["margin"].null_count() == 0 for one in (a, b))
    every = f"{max(a.interval_s, b.interval_s)}s"
    both = laid or (as_told(a), as_told(b))
    cells = pl.concat(
        [
            one.sort(KEY).with_columns(side=pl.lit(side))
            for side, one in zip("ab", both, strict=True)
        ]
    ).with_columns(
        place=_place(several, a.closed | b.closed),
        kind=_kind(tells_margin, a.closed | b.closed),
        at=pl.col("time").dt.truncate(every),
        x=pl.col("usd").cast(pl.Float64),
        counted=pl.col("coins").cast(pl.Float64),
    )
    return Pair(a, b, cells.with_row_index("nth"))


def _place(several: bool, closed: frozenset[str]) -> pl.Expr:
    """Coins that one tells as a sum alone meet the sum of the other's venues."""
    if several:
        return pl.lit(SEVERAL)
    return pl.when(pl.col("coin").is_in(list(closed))).then(pl.lit(SEVERAL)).otherwise("venue")


def _kind(tells_margin: bool, closed: frozenset[str]) -> pl.Expr:
    if not tells_margin:
        return pl.lit("any")
    return pl.when(pl.col("coin").is_in(list(closed))).then(pl.lit("any")).otherwise("margin")
