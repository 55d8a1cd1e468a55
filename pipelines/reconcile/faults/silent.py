"""Buckets in which one telling says nothing of a place while the other goes on."""

import polars as pl

LEAST_ROWS = 3  # of the other, or as many cells with dollars
LEAST_SHARE = 0.5  # of the buckets in which the other speaks, this one speaks as a rule


def silent(own: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Buckets of a place in which ``own`` has nothing: columns ``place, at, rows`` (of ``other``).

    Both have ``place, at, x`` and ``rows``, null where rows are not counted. A place that is
    silent more often than not is quiet, and no bucket of it is named.
    """
    loud = (
        other.filter(pl.col("x") > 0)
        .group_by("place", "at")
        .agg(pl.col("rows").fill_null(1).sum())
        .filter(pl.col("rows") >= LEAST_ROWS)
    )
    spoken = own.filter(pl.col("x") > 0).select("place", "at").unique()
    told = loud.join(spoken.with_columns(speaks=True), on=["place", "at"], how="left").with_columns(
        pl.col("speaks").fill_null(value=False)
    )
    usual = pl.col("speaks").mean().over("place") >= LEAST_SHARE
    return told.filter(usual, ~pl.col("speaks")).select("place", "at", "rows").sort("place", "at")
