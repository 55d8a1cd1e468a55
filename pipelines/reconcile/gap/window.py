"""What two tellings do not share because their days begin at other hours."""

from dataclasses import replace
from typing import Final

import polars as pl

from pipelines.reconcile.faults.shifted import shifted
from pipelines.reconcile.gap.boundary import boundary
from pipelines.reconcile.gap.pair import Pair, Toggle
from pipelines.reconcile.tellings.telling import DAY_S, HOUR_S
from pipelines.tables.words import Cause

MOST_HOURS: Final = 48
MOST_DAYS: Final = 2


def window(pair: Pair) -> Pair:
    """B's buckets laid on A's clock, and what then lies outside the span of either taken out.

    Where both are as their orders would have them, whether one is late is known already.
    """
    if {pair.a.interval_s, pair.b.interval_s} == {HOUR_S, DAY_S}:
        return boundary(pair)
    every = pair.interval_s
    most = MOST_HOURS if every <= HOUR_S else MOST_DAYS
    kept = pair.cells.filter(pl.col("x") != 0, ~pl.col("place").is_in(list(pair.traced)))
    a, b = (kept.filter(pl.col("side") == side) for side in ("a", "b"))
    found = shifted(a, b, most=most, every=f"{every}s")
    late = (pl.col("late").fill_null(0) * (every * 1_000)).cast(pl.Duration("ms"))
    cells = pair.cells.join(found, on="place", how="left", maintain_order="left")
    is_a = pl.col("side") == "a"
    there = pl.when(is_a).then(pl.col("time") + late).otherwise(pl.col("time") - late)
    first = pl.when(is_a).then(pl.lit(pair.b.first)).otherwise(pl.lit(pair.a.first))
    end = pl.when(is_a).then(pl.lit(pair.b.end)).otherwise(pl.lit(pair.a.end))
    outside = cells.filter((there < first) | (there >= end)).select("nth", on=pl.lit(0.0))
    at = pl.when(is_a).then(pl.col("at")).otherwise(pl.col("at") - late)
    laid = replace(pair, cells=cells.with_columns(at=at).drop("late", "fit", "fit_unshifted"))
    return laid.under(Toggle(Cause.WINDOW, outside, _evidence(pair, found)))


def _evidence(pair: Pair, found: pl.DataFrame) -> str:
    words = [
        f"{pair.b.name} at {place}: {late * pair.interval_s // HOUR_S:+} hours, "
        f"correlation {fit:.3f} instead of {unshifted:.3f}"
        for place, late, fit, unshifted in found.iter_rows()
    ]
    if (pair.a.first, pair.a.end) != (pair.b.first, pair.b.end):
        words.append("the two spans are not the same")
    return "; ".join(words)
