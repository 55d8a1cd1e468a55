"""Set two sources of the same number side by side. A day that only one side has is counted."""

from datetime import date

import polars as pl

from pipelines.reconcile.views import SEVERAL
from pipelines.tables import COMPARISONS
from pipelines.tables.words import Position
from pipelines.units import AMOUNT

PLACES = 6  # ratios and correlations are rounded here and nowhere else
LEAST_DAYS = 3


def compare_week(views: pl.DataFrame, monday: date) -> pl.DataFrame:
    """One row of COMPARISONS for each pair of views of the week that speak of the same thing:
    another source and the same venue, or one of the two adding venues up.
    """
    days = _pairs(views)
    if days.is_empty():
        return COMPARISONS.empty()
    both = pl.col("in_both")
    paired = days.group_by(
        "coin", "position", "source_a", "venue_a", "source_b", "venue_b", maintain_order=True
    ).agg(
        pl.col("scope_a").drop_nulls().unique().sort().str.join("; "),
        pl.col("scope_b").drop_nulls().unique().sort().str.join("; "),
        both.sum().cast(pl.UInt8).alias("days_compared"),
        (pl.col("a").is_not_null() & ~both).sum().cast(pl.UInt8).alias("days_only_a"),
        (pl.col("b").is_not_null() & ~both).sum().cast(pl.UInt8).alias("days_only_b"),
        pl.col("a").filter(both).sum().cast(AMOUNT).alias("a_usd"),
        pl.col("b").filter(both).sum().cast(AMOUNT).alias("b_usd"),
        _rank_correlation(both),
    )
    met = pl.col("days_compared") > 0
    spoken = (met | (pl.col("days_only_a") > 0)) & (met | (pl.col("days_only_b") > 0))
    return (
        paired.filter(spoken)
        .with_columns(pl.when(met).then(pl.col(n)).alias(n) for n in ("a_usd", "b_usd"))
        .with_columns(
            time=pl.lit(monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            position=pl.col("position").cast(pl.Enum(Position)),
            gap_usd=(pl.col("a_usd") - pl.col("b_usd")).cast(AMOUNT),
            ratio=pl.when(pl.col("b_usd") > 0).then(
                (pl.col("a_usd").cast(pl.Float64) / pl.col("b_usd").cast(pl.Float64)).round(PLACES)
            ),
        )
        .select(COMPARISONS.schema.names())
    )


def _pairs(views: pl.DataFrame) -> pl.DataFrame:
    """Every day of every pair, once for each pair, with what each side says or null."""
    named = views.select("source", "venue").unique().sort("source", "venue")
    pairs = named.rename({"source": "source_a", "venue": "venue_a"}).join(
        named.rename({"source": "source_b", "venue": "venue_b"}), how="cross"
    )
    a_several, b_several = pl.col("venue_a") == SEVERAL, pl.col("venue_b") == SEVERAL
    wider_first = a_several.cast(pl.Int8) > b_several.cast(pl.Int8)
    alike = a_several == b_several
    pairs = pairs.filter(
        pl.col("source_a") != pl.col("source_b"),
        (pl.col("venue_a") == pl.col("venue_b")) | a_several | b_several,
        wider_first | (alike & (pl.col("source_a") < pl.col("source_b"))),
    )
    cells = views.select("coin", "position", "day").unique()
    first = views.rename({"source": "source_a", "venue": "venue_a", "scope": "scope_a", "usd": "a"})
    second = views.rename(
        {"source": "source_b", "venue": "venue_b", "scope": "scope_b", "usd": "b"}
    )
    place = ["coin", "position", "day"]
    return (
        cells.join(pairs, how="cross")
        .join(first, on=["source_a", "venue_a", *place], how="left")
        .join(second, on=["source_b", "venue_b", *place], how="left")
        .with_columns(in_both=pl.col("a").is_not_null() & pl.col("b").is_not_null())
        .sort("coin", "position", "source_a", "venue_a", "source_b", "venue_b", "day")
    )


def _rank_correlation(both: pl.Expr) -> pl.Expr:
    """Spearman: Pearson over average ranks; null under three days or where one side is constant."""
    a, b = pl.col("a").filter(both).rank(), pl.col("b").filter(both).rank()
    value = pl.corr(a, b).round(PLACES)
    enough = both.sum() >= LEAST_DAYS
    return pl.when(enough & value.is_finite()).then(value).alias("rank_correlation")
