"""The composite floor: of the figures of a cell that no guard refuses, the largest."""

import polars as pl

from pipelines.reconcile.layers.guards import DOUBLED, SERIES
from pipelines.reconcile.layers.told_by_hour import CELL
from pipelines.units import AMOUNT

DAILY = " by the day"


def floors(
    own: pl.DataFrame, others: pl.DataFrame, refused: pl.DataFrame, of_feeds: pl.DataFrame
) -> pl.DataFrame:
    """CELL, ``at_least_coins``, ``at_least_by``, ``is_unwitnessed``.

    ``own`` (``own_hours``) is added up over a venue's feeds, since they speak of different markets;
    events that are alike to the last digit may be one, and count once. ``others`` (``other_hours``)
    stand one against another, but not against a feed that shows all and was heard whole
    (``of_feeds``: CELL, ``is_whole``, ``shows_all``): against that they can only differ by the price
    they take. What only others tell, the venue's own feed having told nothing at all, is unwitnessed.
    """
    beyond = refused.filter(pl.col("guard") != DOUBLED).select(SERIES).unique()
    feeds = (
        own.join(beyond, on=SERIES, how="anti")
        .group_by(CELL)
        .agg(
            pl.col("single_coins").sum().cast(AMOUNT).alias("coins"),
            pl.col("source").unique().sort().str.join("+").alias("by"),
            pl.lit(value=True).alias("is_own"),
        )
    )
    told = (
        others.join(beyond, on=SERIES, how="anti")
        .join(of_feeds.filter("is_whole", "shows_all"), on=CELL, how="anti")
        .select(*CELL, pl.col("told_coins").alias("coins"), pl.col("source").alias("by"))
        .with_columns(is_own=pl.lit(value=False))
    )
    known = own.select("venue", "coin").unique().with_columns(is_known=pl.lit(value=True))
    return (
        pl.concat([feeds, told])
        .sort(*CELL, pl.col("coins").neg(), ~pl.col("is_own"), "by")
        .group_by(CELL, maintain_order=True)
        .agg(pl.col("coins").first(), pl.col("by").first(), pl.col("is_own").first())
        .join(known, on=["venue", "coin"], how="left")
        .select(
            *CELL,
            pl.col("coins").alias("at_least_coins"),
            pl.col("by").alias("at_least_by"),
            is_unwitnessed=~pl.col("is_own") & pl.col("is_known").is_null() & (pl.col("coins") > 0),
        )
    )
