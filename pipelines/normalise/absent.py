"""Buckets that a feed leaves out when they are empty, made explicit where its era says so."""

from datetime import date

import polars as pl

from pipelines.normalise.eras import Era, Known, Means
from pipelines.normalise.fields import told
from pipelines.normalise.markets import usd_basis, with_market
from pipelines.tables.words import Origin, Position
from pipelines.units import exact

DAY_S = 86_400


def left_out(
    era: Era,
    rows: pl.DataFrame,
    printed: pl.DataFrame,
    chosen: pl.DataFrame,
    known: Known,
    first: date,
    last: date,
) -> pl.DataFrame:
    """``rows`` with zero rows for the days that a market's answer covers and does not mention.

    Only for eras in which absence means zero, for daily buckets, and for markets of which the
    answer printed at least one bucket on an earlier or the same day: a market that the source says
    nothing about stays missing. ``printed`` is all that the answers say, so that a day comes out
    the same whichever days are made with it, and a bucket that was refused is not an empty one.
    """
    if era.absent is not Means.ZERO:
        return rows
    silent = _silent(printed, chosen, first, last)
    zero = exact(pl.lit("0"))
    filled = with_market(silent, known, pl.col("subject")).with_columns(
        time=pl.col("day").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
        interval_s=pl.lit(DAY_S, dtype=pl.Int32),
        scope=pl.col("instrument_id"),
        size_coins=zero,
        notional_usd=zero,
        usd_basis=usd_basis(),
        origin=told(Origin.LEFT_OUT),
        coverage=pl.lit(era.coverage, dtype=printed.schema["coverage"]),
    )
    return pl.concat([rows, filled.drop("begun")], how="diagonal_relaxed")


def _silent(printed: pl.DataFrame, chosen: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Sides of days that an answer covers and does not print, once it has begun to print."""
    daily = printed.filter(pl.col("interval_s") == DAY_S)
    undated = daily.filter(pl.col("day").is_null())
    begun = (
        daily.filter(pl.col("reason").is_null())
        .join(undated, on=["subject", "number"], how="anti")
        .group_by("subject", "number")
        .agg(pl.col("day").min().alias("begun"), pl.col("feed").first())
    )
    sides = pl.DataFrame({"position": list(Position)}, schema={"position": pl.Enum(Position)})
    return (
        chosen.select("subject", "day", "number")
        .unique()
        .filter(pl.col("day").is_between(first, last))
        .join(begun, on=["subject", "number"])
        .filter(pl.col("day") >= pl.col("begun"))
        .join(sides, how="cross")
        .join(daily, on=["subject", "number", "day", "position"], how="anti")
        .sort("subject", "day", "position")
    )
