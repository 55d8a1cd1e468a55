"""What was told and traded of each hour, in coins: for checks of sizes against volume."""

import polars as pl

from pipelines.reconcile.layers.heard import own_sources
from pipelines.reconcile.layers.hours import hour_of
from pipelines.reconcile.layers.names import coded
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.layers.told_by_hour import CELL, HOUR_S
from pipelines.reconcile.views import SEVERAL
from pipelines.units import AMOUNT

SIZES = ["source", *CELL, "telling", "size_coins"]


def sizes(seen: Seen, counted: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """SIZES: events of the venues' own feeds (``told``: ``own_hours``), events that others repeat,
    and hourly sums of single venues, wherever coins are told, numbered as ``telling``.

    A source may tell the same orders as events and as sums: tellings are not added up.
    """
    own = told.select("source", *CELL, size_coins="own_coins")
    repeated = counted.filter(~pl.col("source").is_in(own_sources()))
    hourly = seen.told.totals.filter(pl.col("interval_s") == HOUR_S, pl.col("venue") != SEVERAL)
    others = [
        coded(
            part.with_columns(pl.col("position").cast(pl.String), hour_of()).select(
                "source", *CELL, "size_coins"
            )
        )
        for part in (repeated, hourly)
    ]
    rows = pl.concat(
        part.with_columns(telling=pl.lit(nth)) for nth, part in enumerate([own, *others])
    )
    summed = rows.filter(pl.col("size_coins") > 0).group_by("source", *CELL, "telling")
    return summed.agg(pl.col("size_coins").sum().cast(AMOUNT)).select(SIZES)


def volumes(markets: pl.DataFrame) -> pl.DataFrame:
    """``venue, coin, hour, volume_coins`` of the markets whose volume is held."""
    once = markets.filter(pl.col("position") == "long", pl.col("volume_coins").is_not_null())
    return once.group_by("venue", "coin", "hour").agg(pl.col("volume_coins").sum().cast(AMOUNT))
