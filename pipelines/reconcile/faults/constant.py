"""A constant ratio between two tellings of one market: a wrong unit, or rows that count twice."""

from typing import Final

import polars as pl

GROUP: Final = ("place", "coin", "kind")
SCHEMA: Final = {
    "place": pl.String,
    "coin": pl.String,
    "kind": pl.String,
    "factor": pl.Float64,
    "met": pl.UInt32,
    "spread": pl.Float64,
}
LEAST_MET = 3
MOST_OFF_TEN = 0.06  # in powers of ten: 15%
MOST_SPREAD_TEN = 0.1
MOST_OFF_TWO = 0.01  # 2.3%
MOST_SPREAD_TWO = 0.01
EXACT = 0.003  # so near that a single bucket tells
LOG_TWO = 0.30102999566398120


def unit_factor(matched: pl.DataFrame) -> pl.DataFrame:
    """Markets of which ``a`` counts a power of ten times what ``b`` counts: SCHEMA.

    ``matched`` has GROUP, ``a`` and ``b``. Sizes of contracts and multiples of a coin (1000PEPE)
    are powers of ten; ``factor`` is a over b.
    """
    power = pl.col("log").round().cast(pl.Float64)
    off = (pl.col("log") - power).abs()
    steady = (pl.col("met") >= LEAST_MET) & (pl.col("spread") <= MOST_SPREAD_TEN)
    near = (steady & (off <= MOST_OFF_TEN)) | ((off <= EXACT) & (pl.col("spread") <= EXACT))
    return _told(_ratios(matched).filter(power != 0, near), pl.lit(10.0).pow(power))


def doubled(matched: pl.DataFrame) -> pl.DataFrame:
    """Markets of which one counts twice what the other counts: SCHEMA, ``factor`` 2 or 0.5."""
    off = (pl.col("log").abs() - LOG_TWO).abs()
    steady = (pl.col("met") >= LEAST_MET) & (pl.col("spread") <= MOST_SPREAD_TWO)
    near = (steady & (off <= MOST_OFF_TWO)) | ((off <= EXACT) & (pl.col("spread") <= EXACT))
    twice = pl.when(pl.col("log") > 0).then(2.0).otherwise(0.5)
    return _told(_ratios(matched).filter(near), twice)


def _ratios(matched: pl.DataFrame) -> pl.DataFrame:
    """By market the median log of a over b, and the median distance from it."""
    met = matched.filter(pl.col("a") > 0, pl.col("b") > 0)
    log = (pl.col("a") / pl.col("b")).log(10)
    return (
        met.with_columns(log=log)
        .group_by(GROUP)
        .agg(
            pl.len().alias("met"),
            spread=(pl.col("log") - pl.col("log").median()).abs().median(),
            log=pl.col("log").median(),
        )
    )


def _told(found: pl.DataFrame, factor: pl.Expr) -> pl.DataFrame:
    return found.select(*GROUP, factor=factor, met="met", spread=pl.col("spread").round(6)).sort(
        GROUP
    )
