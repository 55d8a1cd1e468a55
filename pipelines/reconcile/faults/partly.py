"""Buckets of a place that one telling has only in part, in all its markets, beside buckets alike."""

from typing import Final

import polars as pl

BUCKET: Final = ("place", "coin", "kind", "position", "at")
PAR = 0.05  # of the larger: closes of a day and prices of its orders part two that hear alike
LEAST_CELLS = 3
ONE_WAY = 0.8  # of a bucket's cells that are parted, those that are parted the same way
LEAST_ALIKE = 0.5  # of a place's cells, those in which both say the same
TWICE, EXACT = 2.0, 0.005
SCHEMA: Final = {
    **dict.fromkeys(BUCKET[:4], pl.String()),
    "at": pl.Datetime("ms", "UTC"),
    "side": pl.String(),
    "on": pl.Float64(),
    "is_double": pl.Boolean(),
}


def partly(matched: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Cells of ``side`` that go beyond the other's, with what the other has of them: SCHEMA.

    ``matched`` has BUCKET, ``a`` and ``b``. A bucket of a place is named where its markets differ
    the same way, while the place's two tellings agree otherwise. Whether the smaller lacks hours or
    the larger counts them twice shows in thin markets: there the smaller has nothing, or the larger
    has exactly twice as much. In doubt the smaller lacks them. ``named`` are the BUCKETs that were
    found to count twice, and were brought to par.
    """
    cells = matched.filter((pl.col("a") > 0) | (pl.col("b") > 0)).with_columns(
        low=pl.min_horizontal("a", "b"),
        high=pl.max_horizontal("a", "b"),
        side=pl.when(pl.col("a") > pl.col("b")).then(pl.lit("a")).otherwise(pl.lit("b")),
    )
    parted = pl.col("low") < pl.col("high") * (1 - PAR)
    judged = cells.with_columns(parted=parted, alike=(~parted).mean().over("place"))
    by_a, by_b = ((pl.col("side") == side).filter("parted").mean() for side in "ab")
    ratio = pl.col("high") / pl.col("low")
    known = named.group_by("place", "at").agg(pl.len().alias("named"))
    episodes = (
        judged.filter(pl.col("alike") >= LEAST_ALIKE)
        .group_by("place", "at")
        .agg(
            pl.col("parted").sum().alias("cells"),
            pl.col("parted").mean().alias("share"),
            by_a.alias("a_share"),
            by_b.alias("b_share"),
            (pl.col("low") == 0).sum().alias("empty"),
            ((ratio - TWICE).abs() <= EXACT).sum().alias("double"),
            ratio.filter(pl.col("low") > 0).max().alias("most"),
        )
        .filter(pl.col("cells") >= LEAST_CELLS, pl.col("share") >= 0.5)
        .filter(pl.max_horizontal("a_share", "b_share") >= ONE_WAY)
        .join(known, on=["place", "at"], how="left")
        .with_columns(pl.col("double") + pl.col("named").fill_null(0))
        .with_columns(
            side=pl.when(pl.col("a_share") > 0.5).then(pl.lit("a")).otherwise(pl.lit("b")),
            is_double=(pl.col("double") > pl.col("empty")) & (pl.col("most") <= TWICE + EXACT),
        )
    )
    return (
        judged.filter("parted")
        .join(episodes.select("place", "at", "side", "is_double"), on=["place", "at", "side"])
        .select(*BUCKET, "side", (pl.col("low") / pl.col("high")).alias("on"), "is_double")
        .cast(SCHEMA)  # type: ignore[arg-type]
        .sort(BUCKET)
    )


def beside_named(matched: pl.DataFrame, named: pl.DataFrame, every_s: int) -> pl.DataFrame:
    """Buckets next to those that are ``named`` in a market, at a ratio between par and theirs.

    ``named`` has BUCKET and ``factor``, a over b. Columns ``BUCKET, side, on`` as for ``partly``.
    """
    market = ["place", "coin", "kind", "position"]
    step = pl.duration(seconds=every_s, time_unit="ms")
    keys = named.select(*market, "at", "factor")
    near = pl.concat(
        [keys.with_columns(pl.col("at") + step), keys.with_columns(pl.col("at") - step)]
    )
    ratio = pl.col("a") / pl.col("b")
    between = (
        pl.when(pl.col("factor") > 1)
        .then(ratio.is_between(1 + PAR, pl.col("factor")))
        .otherwise(ratio.is_between(pl.col("factor"), 1 - PAR))
    )
    side = pl.when(pl.col("factor") > 1).then(pl.lit("a")).otherwise(pl.lit("b"))
    return (
        matched.join(near.unique([*market, "at"], maintain_order=True), on=[*market, "at"])
        .join(named, on=list(BUCKET), how="anti")
        .filter(between)
        .select(*BUCKET, side=side, on=pl.min_horizontal(ratio, 1 / ratio))
        .sort(BUCKET)
    )
