"""Auto-deleveraging, which some venues count among liquidations and others do not."""

import polars as pl

from pipelines.reconcile.gap.pair import OTHER, Pair, Toggle
from pipelines.tables.words import Adl, Cause


def adl(pair: Pair) -> Pair:
    """Where one counts auto-deleveraging and the other is known not to: neither does."""
    for side, other in OTHER.items():
        if pair.of(other).adl is not Adl.OUT:
            continue
        part = pl.col("adl_usd").cast(pl.Float64) / pl.col("usd").cast(pl.Float64)
        on = pair.cells.filter(
            pl.col("side") == side, pl.col("x") != 0, pl.col("adl_usd") > 0
        ).select("nth", on=1 - part)
        words = f"{pair.of(side).name} counts auto-deleveraging, {pair.of(other).name} does not"
        pair = pair.under(Toggle(Cause.ADL, on, words))
    return pair
