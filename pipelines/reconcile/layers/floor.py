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
    feeds = _of_feeds(own.join(beyond, on=SERIES, how="anti"))
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


def _of_feeds(own: pl.DataFrame) -> pl.DataFrame:
    """CELL, ``own_coins`` and ``own_by``: the names of all that told of it."""
    feeds = own.group_by(CELL).agg(
        pl.col("single_coins").sum().cast(AMOUNT).alias("own_coins"),
        pl.col("source").first().cast(pl.String).alias("one"),
        pl.col("source").n_unique().alias("many"),
    )
    # Sorting lists of words is dear, and hardly a cell has two.
    names = pl.col("source").cast(pl.String).unique().sort().str.join("+")
    several = (
        own.join(feeds.filter(pl.col("many") > 1), on=CELL, how="semi")
        .group_by(CELL)
        .agg(names.alias("several"))
    )
    return feeds.join(several, on=CELL, how="left").select(
        *CELL, "own_coins", pl.coalesce("several", "one").alias("own_by")
    )
