"""The revision triangle: each bucket at its first release and as it was known later.

Releases are counted from the end of the bucket's UTC day, for hours as for days. What was known at
a release is what the newest asking by then told: the same asking may stand for several of them.
The form is that of real-time data sets (Croushore and Stark 2001).
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.release_policy import RELEASES_AFTER
from pipelines.tables import REVISIONS
from pipelines.tables.words import Change
from pipelines.units import AMOUNT

PLACES = 6  # logarithms are rounded here and nowhere else
CELL = (
    "source", "feed", "venue", "coin", "instrument_id", "scope", "interval_s", "bucket", "position",
)  # fmt: skip


def triangle(releases: pl.DataFrame, monday: date) -> pl.DataFrame:
    """REVISIONS of a week from its rows of RELEASES, which may stand in any order."""
    rows = releases.rename({"time": "bucket"}).with_columns(
        over=pl.col("bucket").dt.truncate("1d").dt.offset_by("1d").cast(pl.Datetime("us", "UTC"))
    )
    cells = (
        rows.sort("asking").group_by(CELL, maintain_order=True).agg(_askings(), *_known(), *_ends())
    )
    return (
        cells.with_columns(change=_change(), revision_usd=_difference(), revision_log=_log())
        .with_columns(
            time=pl.lit(monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
        )
        .select(REVISIONS.schema.names())
        .cast(REVISIONS.schema)
    )


def _askings() -> pl.Expr:
    return pl.len().alias("askings")


def _known() -> Iterator[pl.Expr]:
    """Dollars and the asking's instant, at each release."""
    for name in ("notional_usd", "asked_at"):
        suffix = "usd" if name == "notional_usd" else name
        yield pl.col(name).first().alias(f"first_{suffix}")
        for stem, after in RELEASES_AFTER.items():
            by_then = pl.col("asked_at") <= pl.col("over") + after
            yield pl.col(name).filter(by_then).last().alias(f"{stem}_{suffix}")
        yield pl.col(name).last().alias(f"latest_{suffix}")


def _ends() -> Iterator[pl.Expr]:
    yield pl.col("is_told").first().alias("was_told")
    yield pl.col("is_told").last().alias("still_told")
    coins = pl.col("size_coins")
    yield coins.first().eq_missing(coins.last()).alias("same_coins")


def _change() -> pl.Expr:
    same = pl.col("first_usd").eq_missing(pl.col("latest_usd")) & pl.col("same_coins")
    word = (
        pl.when(pl.col("askings") < 2)
        .then(pl.lit(Change.ASKED_ONCE.value))
        .when(~pl.col("still_told"))
        .then(pl.lit(Change.WITHDRAWN.value))
        .when(~pl.col("was_told"))
        .then(pl.lit(Change.APPEARED.value))
        .when(same)
        .then(pl.lit(Change.EQUAL.value))
        .otherwise(pl.lit(Change.RESTATED.value))
    )
    return word.cast(pl.Enum(Change))


def _difference() -> pl.Expr:
    return (pl.col("latest_usd") - pl.col("first_usd")).cast(AMOUNT)


def _log() -> pl.Expr:
    first, latest = pl.col("first_usd"), pl.col("latest_usd")
    ratio = latest.cast(pl.Float64) / first.cast(pl.Float64)
    return pl.when((first > 0) & (latest > 0)).then(ratio.log().round(PLACES))
