"""The made-up market as a real lake holds it: candles of an hour everywhere, of a minute where they help.

Connectors ask for hourly candles of every market; minutes are published in bulk, and of use only to
ceilings of feeds that are throttled. The made-up market itself, all in minutes, is the worst case.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from bench.market import FEEDS, Market
from pipelines.lake import Lake
from pipelines.reconcile.layers.told_by_hour import ONE_A_SECOND
from pipelines.regimes import regimes
from pipelines.tables import CANDLES, LIQUIDATIONS, Table
from pipelines.units import AMOUNT

HOUR_S = 3_600
REST = tuple(name for name in CANDLES.schema.names() if name not in ("time", "interval_s", "feed"))
FIRST_OF = ("venue", "coin", "kind", "open", "coverage", "asked_at", "answer")
SUMS = ("volume_coins", "turnover_usd", "taker_buy_coins")


def lake_of(market: Market) -> Lake:
    """Where ``make`` writes it: beside the market's own lake."""
    return Lake(market.folder / "real" / "lake")


def coverage_of_feeds() -> dict[str, str]:
    """What the rows of each source's feed state that it shows."""
    return dict(
        regimes()
        .filter(pl.col("feed").is_in(list(FEEDS.values())))
        .select("source", "coverage")
        .rows()
    )


def throttled() -> list[str]:
    """Sources whose feed shows at most one order a second."""
    return sorted(source for source, word in coverage_of_feeds().items() if word in ONE_A_SECOND)


def make(market: Market) -> None:
    """Write what is not there yet, from the market that stands; a marker says that it is whole."""
    lake, marker = lake_of(market), market.folder / "real" / f"whole-{market.scale:g}"
    if marker.exists():
        return
    for day in market.days:
        for table, rows in _of_day(market.lake, day):
            lake.write(table, day, rows, as_of=market.lake.made(table, day).as_of)
    for file in market.lake.root.glob("*/day=*/*"):
        place = lake.root / file.relative_to(market.lake.root)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, place)
    marker.write_bytes(b"")


def _of_day(lake: Lake, day: date) -> Iterator[tuple[Table, pl.DataFrame]]:
    minutes = lake.read(CANDLES, day, day)
    kept = minutes.filter(pl.col("source").is_in(throttled()))
    yield CANDLES, pl.concat([_hourly(minutes), kept])
    orders = lake.read(LIQUIDATIONS, day, day)
    words = pl.col("source").replace_strict(coverage_of_feeds())
    yield LIQUIDATIONS, orders.with_columns(coverage=words.cast(orders.schema["coverage"]))


def _hourly(minutes: pl.DataFrame) -> pl.DataFrame:
    """Minutes added up, exactly, as another feed of their source."""
    hour = pl.col("time").dt.truncate("1h")
    return (
        minutes.group_by("source", "instrument_id", hour, maintain_order=True)
        .agg(
            pl.col(FIRST_OF).first(),
            pl.col("high").max(),
            pl.col("low").min(),
            pl.col("close").last(),
            pl.col(SUMS).sum().cast(AMOUNT),
        )
        .with_columns(
            interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
            feed=pl.concat_str("source", pl.lit("/candles@2024-01-01")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in CANDLES.schema.items())
    )


def make_in(folder: str, scale: float) -> None:
    """``make`` in a process of its own."""
    make(Market(Path(folder), scale))
