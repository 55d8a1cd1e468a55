"""A telling whose longs are another's shorts."""

import polars as pl

LEAST_MET = 4
MOST_FIT = -0.5


def swapped(matched: pl.DataFrame) -> pl.DataFrame:
    """Places whose lean to longs is opposed: columns ``place, met, fit``.

    ``matched`` has ``place, coin, kind, position, at, a, b``. The lean is the log of longs over
    shorts where each tells both; a place is named where the two leans run against one another.
    """
    bucket = ["place", "coin", "kind", "at"]
    leans = (
        matched.group_by(bucket, maintain_order=True)
        .agg(
            *(_side(side, position) for side in ("a", "b") for position in ("long", "short")),
        )
        .filter(pl.all_horizontal(pl.col("a_long", "a_short", "b_long", "b_short") > 0))
        .with_columns(
            a=(pl.col("a_long") / pl.col("a_short")).log(),
            b=(pl.col("b_long") / pl.col("b_short")).log(),
        )
    )
    fit = (pl.col("a") * pl.col("b")).sum() / (
        (pl.col("a") ** 2).sum() * (pl.col("b") ** 2).sum()
    ).sqrt()
    return (
        leans.group_by("place", maintain_order=True)
        .agg(pl.len().alias("met"), fit.round(6).alias("fit"))
        .filter(pl.col("met") >= LEAST_MET, pl.col("fit") <= MOST_FIT)
        .sort("place")
    )


def _side(side: str, position: str) -> pl.Expr:
    return pl.col(side).filter(pl.col("position") == position).sum().alias(f"{side}_{position}")
