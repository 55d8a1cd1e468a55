"""The most that can have been liquidated in an hour, whatever a feed withheld."""

import polars as pl

from pipelines.reconcile.layers.hours import ALL_MINUTES
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.layers.told_by_hour import ONE_A_SECOND, busy_minutes
from pipelines.reconcile.layers.traded import SIDE_COINS, minutes_of
from pipelines.tables.words import Coverage
from pipelines.units import AMOUNT

MARKET_CELL = ["venue", "coin", "instrument_id", "position", "hour"]
FEED_OF_ALL = "feed_of_all"
BUSY_MINUTES = "busy_minutes"
BUSY_HOUR = "busy_hour"
WHOLE_HOUR = "whole_hour"
CLOSINGS = "closings"
# The weakest first: a sum over markets is called after the weakest of its parts.
METHODS = (WHOLE_HOUR, BUSY_HOUR, CLOSINGS, BUSY_MINUTES, FEED_OF_ALL)


def ceilings(
    seen: Seen,
    own: pl.DataFrame,
    grid: pl.DataFrame,
    closed: pl.DataFrame,
) -> pl.DataFrame:
    """``at_most_coins`` and ``at_most_by`` of each row of ``grid``, a market's side and hour.

    ``grid``: MARKET_CELL, ``mask``, ``coverage``, ``own_coins``, ``events``, ``other_coins`` (what
    the feed told of the other side), ``side_coins``, ``has_minutes``. ``own``: the events.
    ``closed``: ``instrument_id, hour, closed_coins``. Null where no volume of the hour is held.
    """
    minutes = _open_minutes(seen, own, grid)
    rows = grid.join(minutes, on=["instrument_id", "position", "hour"], how="left").join(
        closed, on=["instrument_id", "hour"], how="left"
    )
    closings = (pl.col("closed_coins") - pl.col("other_coins")).cast(AMOUNT)
    first = _by_what_was_heard()
    told = rows.with_columns(first.struct.field("coins").alias("coins"), first.struct.field("by"))
    # Below what was told, volume and open interest were not taken at one time: no bound then.
    tighter = (closings >= pl.col("own_coins")) & (
        pl.col("coins").is_null() | (closings < pl.col("coins"))
    )
    return told.select(
        *MARKET_CELL,
        pl.when(tighter).then(closings).otherwise("coins").alias("at_most_coins"),
        pl.when(tighter).then(pl.lit(CLOSINGS)).otherwise("by").alias("at_most_by"),
    )


def _by_what_was_heard() -> pl.Expr:
    """``coins`` and ``by``: the most that the feed's coverage and the minutes heard of it leave open."""
    full = pl.col("mask") == ALL_MINUTES
    all_shown = pl.col("coverage") == Coverage.ALL.value
    one_a_second = pl.col("coverage").is_in([word.value for word in ONE_A_SECOND])
    some = pl.col("minute_coins").fill_null(0)
    by_minute = pl.col("has_minutes") & (all_shown | one_a_second)
    silent = full & (pl.col("events_any") == 0) & one_a_second
    return (
        pl.when(all_shown & full)
        .then(pl.struct(pl.col("own_coins").alias("coins"), pl.lit(FEED_OF_ALL).alias("by")))
        .when(silent)
        .then(pl.struct(pl.lit(0).cast(AMOUNT).alias("coins"), pl.lit(BUSY_MINUTES).alias("by")))
        .when(by_minute & all_shown)
        .then(_named((pl.col("own_coins") + some).cast(AMOUNT), BUSY_MINUTES))
        .when(by_minute)
        .then(_named(some, BUSY_MINUTES))
        .when(one_a_second & full)
        .then(_named(pl.col("side_coins"), BUSY_HOUR))
        .otherwise(_named(pl.col("side_coins"), WHOLE_HOUR))
    )


def _named(coins: pl.Expr, by: str) -> pl.Expr:
    return pl.struct(coins.cast(AMOUNT).alias("coins"), pl.lit(by).alias("by"))


def _open_minutes(seen: Seen, own: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Volume of each market, side and hour in the minutes that its feed leaves open: busy, or unheard."""
    wanted = pl.concat([busy_minutes(own), _unheard_minutes(grid)]).unique()
    volumes = minutes_of(seen, wanted.select("instrument_id", "minute"))
    long = pl.col("position") == "long"
    return (
        wanted.join(volumes, on=["instrument_id", "minute"])
        .group_by("instrument_id", "position", hour=(pl.col("minute") // 60).cast(pl.Int32))
        .agg(
            pl.when(long)
            .then(SIDE_COINS["long"])
            .otherwise(SIDE_COINS["short"])
            .sum()
            .cast(AMOUNT)
            .alias("minute_coins")
        )
    )


def _unheard_minutes(grid: pl.DataFrame) -> pl.DataFrame:
    gaps = grid.filter(pl.col("has_minutes"), pl.col("mask") != ALL_MINUTES).select(
        "instrument_id", "position", "hour", "mask"
    )
    each = gaps.with_columns(nth=pl.int_ranges(0, 60, dtype=pl.Int64)).explode("nth")
    bit = (pl.col("mask") // pl.lit(2, dtype=pl.Int64).pow(pl.col("nth"))) % 2
    return each.filter(bit == 0).select(
        "instrument_id",
        "position",
        minute=pl.col("hour").cast(pl.Int64) * 60 + pl.col("nth"),
    )
