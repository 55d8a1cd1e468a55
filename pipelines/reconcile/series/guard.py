"""What a venue says was liquidated, held against what it says was traded."""

from typing import Final

import polars as pl

CELL: Final = ("venue", "coin", "hour")
WHOLE: Final = ("source", "venue", "coin")


def volume_guard(liquidated: pl.DataFrame, traded: pl.DataFrame) -> pl.DataFrame:
    """Each cell of ``liquidated`` with whether it exceeds all that its venue traded in the hour.

    ``liquidated``: ``venue, coin, position, hour, size_coins`` (and ``source``; the venue itself
    where there is none), one row a cell. ``traded``: ``venue, coin, hour, volume_coins``. A forced
    order is a trade, so that one side cannot exceed the volume of its hour; the two sides together
    can, where they trade with each other, so each is held against it alone.

    Adds ``volume_coins``, ``share`` (of it, 6 places), ``exceeds`` (null where no volume is held:
    not checked, not passed), and for the source, venue and coin as a whole ``cells``,
    ``cells_checked``, ``cells_exceeding`` and ``is_flagged``. Sizes may be decimals or floats.
    """
    named = (
        liquidated
        if "source" in liquidated.columns
        else liquidated.with_columns(source=pl.col("venue"))
    )
    size, volume = (pl.col(n).cast(pl.Float64) for n in ("size_coins", "volume_coins"))
    held = named.join(traded.select(*CELL, "volume_coins"), on=CELL, how="left", validate="m:1")
    checked = held.with_columns(
        share=pl.when(volume > 0).then((size / volume).round(6)),
        exceeds=pl.col("size_coins") > pl.col("volume_coins"),
    )
    wholes = checked.group_by(WHOLE).agg(
        pl.len().cast(pl.Int64).alias("cells"),
        pl.col("exceeds").count().cast(pl.Int64).alias("cells_checked"),
        pl.col("exceeds").fill_null(value=False).sum().cast(pl.Int64).alias("cells_exceeding"),
    )
    return (
        checked.join(wholes, on=WHOLE)
        .with_columns(is_flagged=pl.col("cells_exceeding") > 0)
        .sort(*WHOLE, "hour", "position")
    )
