"""Intervals: where a bucket begins, and how five-minute or hourly rows become buckets."""

from collections.abc import Mapping

import polars as pl

from replica.market import INTERVAL_MS
from replica.rows import TIME

MONDAY_MS = 4 * 86_400_000  # the epoch was a Thursday
WEEK_MS = 7 * 86_400_000
HOUR_MS = 3_600_000
FIVE_MINUTES_MS = 300_000
OTHER_WORDS: Mapping[str, str] = {
    "5min": "5m",
    "15min": "15m",
    "30min": "30m",
    "1hour": "1h",
    "2hour": "2h",
    "4hour": "4h",
    "6hour": "6h",
    "12hour": "12h",
    "daily": "1d",
}


def span_of(interval: str) -> int | None:
    """Milliseconds of an interval in any source's words; None for one that nobody has."""
    return INTERVAL_MS.get(OTHER_WORDS.get(interval, interval))


def bucket(span_ms: int) -> pl.Expr:
    """The start of the bucket; weeks begin on Monday, all others count from the epoch."""
    shift = MONDAY_MS if span_ms == WEEK_MS else 0
    return ((pl.col(TIME) - shift) // span_ms * span_ms + shift).alias(TIME)


def ohlc(frame: pl.DataFrame, value: str, span_ms: int) -> pl.DataFrame:
    """First, highest, lowest and last value of each bucket."""
    return (
        frame.group_by(bucket(span_ms), maintain_order=True)
        .agg(
            open=pl.col(value).first(),
            high=pl.col(value).max(),
            low=pl.col(value).min(),
            close=pl.col(value).last(),
        )
        .sort(TIME)
    )


def merged(bars: pl.DataFrame, span_ms: int, prefix: str = "") -> pl.DataFrame:
    """Hourly candles made into longer ones; an unfinished one holds what there is so far."""
    sums = [
        pl.col(name).sum()
        for name in bars.columns
        if name.startswith(("volume", "turnover", "trades", "taker"))
    ]
    return (
        bars.group_by(bucket(span_ms), maintain_order=True)
        .agg(
            pl.col(f"{prefix}open").first().alias("open"),
            pl.col(f"{prefix}high").max().alias("high"),
            pl.col(f"{prefix}low").min().alias("low"),
            pl.col(f"{prefix}close").last().alias("close"),
            *sums,
        )
        .sort(TIME)
    )
