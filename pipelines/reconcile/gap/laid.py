"""A telling's cells laid out by the orders that they are made of: by venue, side and bucket."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl

from pipelines.reconcile.faults.expected import Kind
from pipelines.reconcile.faults.traced import CELL, OUTSIDE, Traced, made_of
from pipelines.reconcile.tellings.reference import ANY_MARGIN
from pipelines.reconcile.tellings.telling import CELLS, MARKET, SEVERAL, Telling
from pipelines.units import AMOUNT

LAID: Final = {
    **CELLS,
    "said_position": pl.String(),
    "unit": pl.Float64(),
    "twice": pl.Float64(),
    "is_outside": pl.Boolean(),
    "is_unheard": pl.Boolean(),  # null where nothing is known of its orders
}
SPREAD: Final = ("usd", "coins", "par_usd", "twin_usd", "adl_usd")


def as_told(one: Telling) -> pl.DataFrame:
    """Cells as they are: columns LAID."""
    return one.cells.with_columns(
        said_position="position",
        unit=pl.lit(1.0),
        twice=pl.lit(1.0),
        is_outside=pl.lit(value=False),
        is_unheard=pl.lit(None, pl.Boolean),
    )


def laid_out(one: Traced) -> tuple[Telling, pl.DataFrame]:
    """The telling with its sums opened, and its cells in parts: columns LAID.

    ``time`` and ``position`` are what the orders of a part belong to, ``said_position`` as told. A
    cell of which nothing is known stays as it is.
    """
    telling = one.telling
    if not telling.is_several and not one.faults and one.expected.judged().all():
        return telling, as_told(telling)
    width = timedelta(hours=one.expected.width)
    first = one.reference.first
    tells_margin = telling.markets["margin"].null_count() == 0
    keyed = as_told(telling).with_columns(
        place=pl.lit(SEVERAL) if telling.is_several else pl.col("venue"),
        kind=pl.col("margin") if tells_margin else pl.lit(ANY_MARGIN),
        bucket=(pl.col("time") - pl.lit(first)).dt.total_hours() // one.expected.width,
    )
    parts = made_of(one).rename({"unit": "unit_on", "twice": "twice_on", "margin": "own_margin"})
    joined = keyed.drop("is_unheard").join(parts, on=list(CELL), how="left", suffix="_of")
    known = pl.col("share").is_not_null()
    share = pl.col("share").fill_null(1.0)
    start = pl.lit(first) + pl.lit(width) * pl.col("at")
    cells = joined.with_columns(
        *((pl.col(name).cast(pl.Float64) * share).cast(AMOUNT).alias(name) for name in SPREAD),
        venue=pl.when(known).then("venue_of").otherwise("venue"),
        margin=pl.when(known).then(_margin("own_margin")).otherwise("margin"),
        position=pl.when(known).then("own").otherwise("position"),
        time=pl.when(known).then(start.cast(CELLS["time"])).otherwise("time"),
        unit=pl.col("unit_on").fill_null(1.0),
        twice=pl.col("twice_on").fill_null(1.0),
        is_outside=(pl.col("at") == OUTSIDE).fill_null(value=False),
    ).select(pl.col(name).cast(dtype) for name, dtype in LAID.items())
    return _opened(one, cells), cells


def _margin(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != ANY_MARGIN).then(name)


def _opened(one: Traced, cells: pl.DataFrame) -> Telling:
    """As told, but of venues where it was a sum of them; coins without an order stay sums."""
    telling, names = one.telling, one.reference.names
    if any(fault.kind is Kind.PAR for fault in one.faults):
        telling = replace(telling, par_by=names)
    if not telling.is_several:
        return telling
    known = one.expected.rows.select("venue", "coin", margin=_margin("margin"))
    held = telling.held
    if held is not None:
        venues = pl.DataFrame({"venue": telling.venues})
        spread = held.filter(pl.col("venue") == SEVERAL).drop("venue").join(venues, how="cross")
        held = spread.select(held.columns).sort(pl.all())
    return replace(
        telling,
        markets=known.unique().sort(MARKET),
        held=held,
        opened_by=names,
        closed=frozenset(cells.filter(pl.col("venue") == SEVERAL)["coin"]),
    )
