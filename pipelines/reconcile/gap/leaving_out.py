"""What a feed leaves out by its rules: orders of a busy second, and auto-deleveraging."""

from typing import Final

import polars as pl

from pipelines.reconcile.gap.pair import OTHER, Pair, Toggle
from pipelines.tables.words import Adl, Cause

CAPTURE: Final = ("venue", "coin", "position", "hour", "capture")


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


def throttle(pair: Pair, capture: pl.DataFrame | None) -> Pair:
    """Where one hears a throttled feed and the other does not: what the throttle would leave.

    ``capture`` has CAPTURE: the share of dollars that the venue's public feed shows in an hour. An
    estimate, and marked as one.
    """
    if capture is None or capture.is_empty():
        return pair
    share = capture.select(
        "venue", "coin", "position", pl.col("hour").alias("time"), on="capture"
    ).cast({"on": pl.Float64, "position": pl.String, "time": pair.cells.schema["time"]})
    for side, other in OTHER.items():
        throttled, own = pair.of(other).throttled, pair.of(side).throttled
        if throttled is None or own is None:
            continue
        cells = pair.cells.filter(
            pl.col("side") == side,
            pl.col("x") != 0,
            pl.col("venue").is_in(throttled - own),
        )
        on = cells.join(share, on=["venue", "coin", "position", "time"]).select("nth", "on")
        words = f"{pair.of(other).name} hears a feed that leaves out orders of a busy second"
        pair = pair.under(Toggle(Cause.THROTTLE, on, words, is_estimated=True))
    return pair
