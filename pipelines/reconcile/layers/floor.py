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
    stand one against another, and only for hours in which the venue's own feeds were not heard whole
    (``of_feeds``: CELL, ``is_whole``): whoever hears the same feed can at most hear the same. What
    only others tell is unwitnessed, for no guard can compare it in the hour itself.
    """
    beyond = refused.filter(pl.col("guard") != DOUBLED).select(SERIES).unique()
    feeds = (
        own.join(beyond, on=SERIES, how="anti")
        .group_by(CELL)
        .agg(
            pl.col("single_coins").sum().cast(AMOUNT).alias("own_coins"),
            pl.col("source").alias("own_by"),
        )
        .with_columns(pl.col("own_by").cast(pl.List(pl.String)).list.unique().list.sort())
        .with_columns(pl.col("own_by").list.join("+"))
    )
    told = (
        others.join(beyond, on=SERIES, how="anti")
        .join(of_feeds.filter("is_whole"), on=CELL, how="anti")
        .select(
            *CELL, pl.col("told_coins").alias("coins"), pl.col("source").cast(pl.String).alias("by")
        )
        .sort(*CELL, pl.col("coins").neg(), "by")
        .unique(CELL, keep="first")
    )
    is_own = pl.col("own_coins").is_not_null() & (
        pl.col("coins").is_null() | (pl.col("own_coins") >= pl.col("coins"))
    )
    return (
        feeds.join(told, on=CELL, how="full", coalesce=True)
        .with_columns(is_own=is_own)
        .select(
            *CELL,
            pl.when("is_own").then("own_coins").otherwise("coins").alias("at_least_coins"),
            pl.when("is_own").then("own_by").otherwise("by").alias("at_least_by"),
            is_unwitnessed=~pl.col("is_own") & (pl.col("coins") > 0),
        )
    )
