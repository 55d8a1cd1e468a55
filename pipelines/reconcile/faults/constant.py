"""A constant ratio between two tellings of one market: a wrong unit, or rows that count twice.

A fault may hold for a part of the span alone, so that buckets are judged one by one: those at the
ratio are named, those at par with the other are not.
"""

from typing import Final

import polars as pl

GROUP: Final = ("place", "coin", "kind")
BUCKET: Final = (*GROUP, "position", "at")
SCHEMA: Final = {
    **dict.fromkeys(GROUP, pl.String()),
    "position": pl.String(),
    "at": pl.Datetime("ms", "UTC"),
    "factor": pl.Float64(),
    "met": pl.UInt32(),
}
LEAST_TENS = 2  # buckets; nothing else makes one market ten times as large
LEAST_TWOS = 3
CRISP = 0.4  # of a market's buckets, those that are at the ratio or at par
LOG_TWO = 0.30102999566398120
# In powers of ten: how near a bucket is to a ratio, where they are steady and where they need not be.
NEAR_TEN, WIDE_TEN = 0.02, 0.1
NEAR_TWO, WIDE_TWO = 0.006, 0.01
EXACT = 0.001  # so near that fewer buckets tell


def unit_factor(matched: pl.DataFrame) -> pl.DataFrame:
    """Buckets in which ``a`` counts a power of ten times what ``b`` counts: SCHEMA.

    ``matched`` has BUCKET, ``a`` and ``b``. Sizes of contracts and multiples of a coin (1000PEPE)
    are powers of ten; ``factor`` is a over b, ``met`` the market's buckets that are at it.
    """
    logs = _logs(matched)
    power = pl.col("log").round().cast(pl.Float64)
    usual = pl.col("log").median().over(GROUP).round().cast(pl.Float64)
    steady = _at(logs.with_columns(aim=usual).filter(pl.col("aim") != 0), WIDE_TEN)
    crisp = _at(logs.with_columns(aim=power).filter(pl.col("aim") != 0), NEAR_TEN)
    return _told(logs, [steady, crisp], NEAR_TEN, LEAST_TENS)


def doubled(matched: pl.DataFrame) -> pl.DataFrame:
    """Buckets in which one counts twice what the other counts: SCHEMA, ``factor`` 2 or 0.5."""
    logs = _logs(matched)
    aim = pl.when(pl.col("log") > 0).then(LOG_TWO).otherwise(-LOG_TWO)
    usual = pl.col("log").median().over(GROUP)
    is_usual = (usual.abs() - LOG_TWO).abs() <= WIDE_TWO
    steady = _at(logs.with_columns(aim=aim).filter(is_usual), WIDE_TWO)
    crisp = _at(logs.with_columns(aim=aim), NEAR_TWO)
    return _told(logs, [steady, crisp], NEAR_TWO, LEAST_TWOS)


def _logs(matched: pl.DataFrame) -> pl.DataFrame:
    met = matched.filter(pl.col("a") > 0, pl.col("b") > 0)
    return met.select(*BUCKET, log=(pl.col("a") / pl.col("b")).log(10))


def _at(logs: pl.DataFrame, near: float) -> pl.DataFrame:
    off = (pl.col("log") - pl.col("aim")).abs()
    return logs.with_columns(off=off).filter(pl.col("off") <= near)


def _told(logs: pl.DataFrame, tries: list[pl.DataFrame], par: float, least: int) -> pl.DataFrame:
    """Of each market the first try that explains most of its buckets."""
    found: list[pl.DataFrame] = []
    for hits in tries:
        market = logs.join(hits.select(*BUCKET, "off", "aim"), on=list(BUCKET), how="left")
        is_hit = pl.col("off").is_not_null()
        judged = market.group_by(GROUP).agg(
            is_hit.sum().alias("met"),
            (is_hit | (pl.col("log").abs() <= par)).mean().alias("explained"),
            pl.col("off").max().alias("worst"),
        )
        good = judged.filter(
            pl.col("explained") >= CRISP,
            (pl.col("met") >= least) | ((pl.col("met") > 0) & (pl.col("worst") <= EXACT)),
        )
        named = hits.join(good.select(*GROUP, "met"), on=list(GROUP)).select(
            *BUCKET, factor=pl.lit(10.0).pow(pl.col("aim")), met="met"
        )
        known = [one.select(GROUP) for one in found]
        found.append(named.join(pl.concat(known), on=list(GROUP), how="anti") if known else named)
    return pl.concat(found).cast(SCHEMA).sort(BUCKET)  # type: ignore[arg-type]
