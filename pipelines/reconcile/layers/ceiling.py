"""The most that can have been liquidated in an hour, whatever a feed withheld."""

import polars as pl

from pipelines.reconcile.layers.hours import ALL_MINUTES
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.layers.told_by_hour import ONE_A_SECOND
from pipelines.reconcile.layers.traded import minutes_within
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
    busy: pl.DataFrame,
    grid: pl.DataFrame,
    closed: pl.DataFrame,
) -> pl.DataFrame:
    """``grid``, a row for each market's side and hour, with ``at_most_coins`` and ``at_most_by``.

    ``grid``: MARKET_CELL, ``mask``, ``coverage``, ``own_coins``, ``events``, ``other_coins`` (what
    the feed told of the other side), ``side_coins``, ``is_busy`` (a message's second reaches into
    the hour). ``busy``: the minutes in which the feed may have withheld something.
    ``closed``: ``instrument_id, hour, closed_coins``. Null where no volume of the hour is held.
    """
    market_hour = ["instrument_id", "hour"]
    minutes = minutes_within(seen, _open_hours(grid), busy)
    rows = grid.join(minutes, on=market_hour, how="left").join(closed, on=market_hour, how="left")
    closings = (pl.col("closed_coins") - pl.col("other_coins")).cast(AMOUNT)
    first = _by_what_was_heard()
    told = rows.with_columns(first.struct.field("coins").alias("coins"), first.struct.field("by"))
    # Below what was told, volume and open interest were not taken at one time: no bound then.
    tighter = (closings >= pl.col("own_coins")) & (
        pl.col("coins").is_null() | (closings < pl.col("coins"))
    )
    return told.select(
        *grid.columns,
        pl.when(tighter).then(closings).otherwise("coins").alias("at_most_coins"),
        pl.when(tighter).then(pl.lit(CLOSINGS)).otherwise("by").alias("at_most_by"),
    )


FULL = pl.col("mask") == ALL_MINUTES
ALL_SHOWN = pl.col("coverage") == Coverage.ALL.value
OF_A_SECOND = pl.col("coverage").is_in([word.value for word in ONE_A_SECOND])
SILENT = FULL & ~pl.col("is_busy") & OF_A_SECOND


def _by_what_was_heard() -> pl.Expr:
    """``coins`` and ``by``: the most that the feed's coverage and the minutes heard of it leave open."""
    some = pl.when(position="long").then("long_coins").otherwise("short_coins")
    by_minute = some.is_not_null() & (ALL_SHOWN | OF_A_SECOND)
    return (
        pl.when(ALL_SHOWN & FULL)
        .then(pl.struct(pl.col("own_coins").alias("coins"), pl.lit(FEED_OF_ALL).alias("by")))
        .when(SILENT)
        .then(pl.struct(pl.lit(0).cast(AMOUNT).alias("coins"), pl.lit(BUSY_MINUTES).alias("by")))
        .when(by_minute & ALL_SHOWN)
        .then(_named((pl.col("own_coins") + some).cast(AMOUNT), BUSY_MINUTES))
        .when(by_minute)
        .then(_named(some, BUSY_MINUTES))
        .when(OF_A_SECOND & FULL)
        .then(_named(pl.col("side_coins"), BUSY_HOUR))
        .otherwise(_named(pl.col("side_coins"), WHOLE_HOUR))
    )


def _named(coins: pl.Expr, by: str) -> pl.Expr:
    return pl.struct(coins.cast(AMOUNT).alias("coins"), pl.lit(by).alias("by"))


def _open_hours(grid: pl.DataFrame) -> pl.DataFrame:
    """Hours of markets of which single minutes would say more: ``instrument_id, hour, mask``."""
    known = (ALL_SHOWN & ~FULL) | (OF_A_SECOND & ~SILENT)
    once = pl.col("position") == "long"  # both sides were heard in the same minutes
    return grid.filter(once, known).select("instrument_id", "hour", "mask")
