"""From hours to days, and from venues to what they add up to, each with its scope."""

import polars as pl

from pipelines.reconcile.layers.ceiling import FEED_OF_ALL, METHODS
from pipelines.reconcile.layers.cells import UNBOUNDED, Cells, whole_days
from pipelines.reconcile.layers.floor import DAILY
from pipelines.reconcile.layers.guards import SERIES
from pipelines.reconcile.layers.told_by_hour import DAY, daily_sums
from pipelines.reconcile.layers.venues import of_each_venue
from pipelines.reconcile.views import SEVERAL
from pipelines.units import AMOUNT

HOURS_A_DAY = 24
BOUNDS = ["at_least_usd", "at_least_by", "at_most_usd", "at_most_by", "flags"]


def venue_days(told: pl.DataFrame, found: Cells) -> pl.DataFrame:
    """DAY and BOUNDS of each venue: its hours added up, or what a daily sum among
    the totals ``told`` says beyond them.
    """
    hours = every_day(found)
    said = daily_sums(told).filter(pl.col("venue") != SEVERAL)
    # On days on which a venue's own feeds were heard whole nobody who hears them knows more.
    heard_whole = whole_days(found.feeds.join(said, on=["venue", "coin"], how="semi"))
    daily = (
        said.join(found.refused, on=SERIES, how="anti")
        .join(heard_whole, on=DAY, how="anti")
        .sort(*DAY, pl.col("told_usd").neg(), "source")
        .unique(DAY, keep="first", maintain_order=True)
    )
    both = hours.join(daily, on=DAY, how="full", coalesce=True)
    more = pl.col("told_usd") > pl.col("at_least_usd").fill_null(0)
    by = pl.concat_str("source", pl.lit(DAILY))
    return both.select(
        *DAY,
        pl.when(more).then("told_usd").otherwise("at_least_usd").alias("at_least_usd"),
        pl.when(more).then(by).otherwise("at_least_by").alias("at_least_by"),
        "at_most_usd",
        "at_most_by",
        pl.col("flags").fill_null(UNBOUNDED),
    ).sort(DAY)


def every_day(found: Cells) -> pl.DataFrame:
    """DAY and BOUNDS of the hours added up; zeros where all were heard whole and had nothing."""
    return of_each_venue(_days, found.bounds, found.feeds)


def _days(bounds: pl.DataFrame, feeds: pl.DataFrame) -> pl.DataFrame:
    day = (pl.col("hour") // HOURS_A_DAY).alias("day")
    spoken = _added_up(bounds.with_columns(day), DAY, pl.col("at_least_by"))
    silent = feeds.select(*DAY[:-1], day).unique().join(spoken, on=DAY, how="anti")
    zero = pl.lit(0).cast(AMOUNT)
    zeros = silent.with_columns(
        at_least_usd=zero,
        at_least_by=pl.lit(None, dtype=pl.String),
        at_most_usd=zero,
        at_most_by=pl.lit(FEED_OF_ALL),
        flags=pl.lit(""),
    )
    return pl.concat([part.select(*DAY, *BOUNDS) for part in (spoken, zeros)])


def totals(told: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """``scope``, DAY (venue ``several``) and BOUNDS: the venues added up, and each publisher's sum
    over venues, which nothing bounds from above.
    """
    scope = ", ".join(days["venue"].unique().sort())
    place = ["coin", "position", "day"]
    ours = _added_up(days, place, pl.lit("the venues' floors")).with_columns(
        venue=pl.lit(SEVERAL), scope=pl.lit(scope)
    )
    theirs = (
        daily_sums(told)
        .filter(pl.col("venue") == SEVERAL)
        .select(
            *DAY,
            pl.concat_str(pl.col("source"), pl.lit(": "), pl.col("scope")).alias("scope"),
            pl.col("told_usd").alias("at_least_usd"),
            pl.concat_str("source", pl.lit(DAILY)).alias("at_least_by"),
            at_most_usd=pl.lit(None, dtype=AMOUNT),
            at_most_by=pl.lit(None, dtype=pl.String),
            flags=pl.lit(UNBOUNDED),
        )
    )
    columns = [*DAY, "scope", *BOUNDS]
    return pl.concat([ours.select(columns), theirs.select(columns)]).sort("scope", *DAY)


def _added_up(cells: pl.DataFrame, place: list[str], by: pl.Expr) -> pl.DataFrame:
    """Floors and ceilings of ``place`` added up; no ceiling where a part has none."""
    rank = pl.col("at_most_by").replace_strict(
        list(METHODS), range(len(METHODS)), default=None, return_dtype=pl.Int64
    )
    bounded = pl.col("at_most_usd").is_not_null().all()
    words = pl.col("flags").unique().str.split(",").list.explode().drop_nulls()
    return (
        cells.with_columns(by=by, rank=rank)
        .group_by(place)
        .agg(
            pl.col("at_least_usd").sum().cast(AMOUNT),
            pl.col("by").drop_nulls().unique().sort().str.join("; ").alias("at_least_by"),
            pl.when(bounded).then(pl.col("at_most_usd").sum()).cast(AMOUNT).alias("at_most_usd"),
            pl.when(bounded).then(pl.col("rank").min()).alias("rank"),
            words.filter(words != "").unique().sort().str.join(",").alias("flags"),
        )
        .with_columns(
            at_most_by=pl.col("rank").replace_strict(
                range(len(METHODS)), list(METHODS), default=None, return_dtype=pl.String
            ),
            at_least_by=pl.when(pl.col("at_least_by") != "").then("at_least_by"),
        )
        .drop("rank")
    )
