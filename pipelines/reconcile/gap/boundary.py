"""Days of the one that begin at another hour, laid on the hours of the other."""

from dataclasses import replace

import polars as pl

from pipelines.reconcile.faults.boundary import DAY, day_boundary
from pipelines.reconcile.gap.pair import MATCH, OTHER, Pair, Toggle
from pipelines.reconcile.tellings.telling import HOUR_S
from pipelines.tables.words import Cause

PLACED = pl.Duration("ms")


def boundary(pair: Pair) -> Pair:
    """The hours laid into the other's days; what either has outside the other's span taken out.

    Of a day that lies in the span only in part, the part is reckoned from the hours within it, by
    the ratio of the two over whole days: an estimate.
    """
    fine = "a" if pair.a.interval_s == HOUR_S else "b"
    one, other = pair.of(fine), pair.of(OTHER[fine])
    kept = pair.cells.filter(pl.col("x") != 0, ~pl.col("place").is_in(list(pair.traced)))
    first, end = max(one.first, other.first), min(one.end, other.end)
    hourly, daily = (kept.filter(pl.col("side") == side) for side in (fine, OTHER[fine]))
    found = day_boundary(hourly, daily, first, end)
    if found.is_empty():
        return pair
    late = (pl.col("hours").fill_null(0) * 3_600_000).cast(PLACED)
    cells = pair.cells.join(found, on="place", how="left", maintain_order="left")
    is_fine = pl.col("side") == fine
    at = pl.when(is_fine).then((pl.col("time") - late).dt.truncate("1d")).otherwise(pl.col("at"))
    laid = replace(pair, cells=cells.with_columns(at=at).drop("fit", "fit_at_midnight", "hours"))
    on = pl.concat(
        [_hours_outside(laid, fine, other.first, other.end), _part_days(laid, fine, found)]
    )
    words = [
        f"days of {other.name} at {place} begin {hours:+} hours from midnight UTC, "
        f"correlation {fit:.3f} instead of {before:.3f}"
        for place, hours, fit, before in found.iter_rows()
    ]
    is_part = bool((found["hours"] % DAY != 0).any())
    return laid.under(Toggle(Cause.WINDOW, on, "; ".join(words), is_estimated=is_part))


def _hours_outside(pair: Pair, fine: str, first: object, end: object) -> pl.DataFrame:
    outside = (pl.col("at") < pl.lit(first)) | (pl.col("at") >= pl.lit(end))
    return pair.cells.filter(pl.col("side") == fine, outside).select("nth", on=pl.lit(0.0))


def _part_days(pair: Pair, fine: str, found: pl.DataFrame) -> pl.DataFrame:
    """Of the days that are not wholly within the hours' span, the part that is."""
    one = pair.of(fine)
    start = pl.col("at") + (pl.col("hours") * 3_600_000).cast(PLACED)
    whole = (start >= pl.lit(one.first)) & (start + pl.duration(days=1) <= pl.lit(one.end))
    matched = pair.matched().join(found.select("place", "hours"), on="place")
    mine, theirs = (fine, OTHER[fine])
    known = matched.with_columns(is_whole=whole)
    ratio = (
        known.filter("is_whole")
        .group_by("place", maintain_order=True)
        .agg(ratio=pl.col(theirs).sum() / pl.col(mine).sum())
    )
    parts = known.filter(~pl.col("is_whole"), pl.col(theirs) > 0).join(ratio, on="place")
    share = (pl.col(mine) * pl.col("ratio") / pl.col(theirs)).clip(0.0, 1.0)
    cells = pair.cells.filter(pl.col("side") == theirs, pl.col("x") != 0)
    return cells.join(parts.select(*MATCH, on=share), on=list(MATCH)).select("nth", "on")
