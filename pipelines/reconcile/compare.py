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
    days = pairs(views)
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
        rank_correlation(both, LEAST_DAYS),
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


def pairs(views: pl.DataFrame) -> pl.DataFrame:
    """Every day of every pair on which either speaks, once for each pair, with what each side says
    or null: ``coin, position, day, source_a, venue_a, source_b, venue_b, scope_a, a, scope_b, b,
    in_both``.
    """
    named = views.select("source", "venue").unique().sort("source", "venue")
    first, second = (named.rename({n: f"{n}_{side}" for n in named.columns}) for side in "ab")
    a_several, b_several = pl.col("venue_a") == SEVERAL, pl.col("venue_b") == SEVERAL
    wider_first = a_several.cast(pl.Int8) > b_several.cast(pl.Int8)
    alike = a_several == b_several
    chosen = first.join(second, how="cross").filter(
        pl.col("source_a") != pl.col("source_b"),
        (pl.col("venue_a") == pl.col("venue_b")) | a_several | b_several,
        wider_first | (alike & (pl.col("source_a") < pl.col("source_b"))),
    )
    place = ["coin", "position", "day", *chosen.columns]
    told = [
        views.rename({n: f"{n}_{side}" for n in ("source", "venue", "scope")} | {"usd": side})
        .join(chosen, on=[f"source_{side}", f"venue_{side}"])
        .select(*place, f"scope_{side}", side)
        for side in "ab"
    ]
    return (
        told[0]
        .join(told[1], on=place, how="full", coalesce=True)
        .with_columns(in_both=pl.col("a").is_not_null() & pl.col("b").is_not_null())
        .sort("coin", "position", "source_a", "venue_a", "source_b", "venue_b", "day")
    )


def rank_correlation(both: pl.Expr, least: int) -> pl.Expr:
    """Spearman: Pearson over average ranks; null under so many days or where a side is constant."""
    a, b = pl.col("a").filter(both).rank(), pl.col("b").filter(both).rank()
    value = pl.corr(a, b).round(PLACES)
    enough = both.sum() >= least
    return pl.when(enough & value.is_finite()).then(value).alias("rank_correlation")
