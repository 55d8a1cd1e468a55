"""The made-up market as a real lake holds it: candles of an hour everywhere, of a minute where they help.

Connectors ask for hourly candles of every market. Minutes are of use only to the ceilings of feeds
that are throttled; the market of ``bench.market``, all in minutes and without an hour, is the worst
case. The hours are its minutes added up, so that both markets have the same bounds.
"""

import os
from pathlib import Path

import polars as pl

from bench.feeds import THROTTLED
from bench.market import Market
from pipelines.files import write_bytes_whole
from pipelines.lake import Lake
from pipelines.tables import CANDLES
from pipelines.units import AMOUNT

FOLDER = "real"
HOUR_S = 3_600
AS_FIRST = ("venue", "coin", "kind", "open", "coverage", "asked_at", "answer")
SUMS = ("volume_coins", "turnover_usd", "taker_buy_coins")


def make(market: Market) -> None:
    """Write below FOLDER what is not there yet; a marker says that it is whole."""
    lake = Lake(market.folder / FOLDER / "lake")
    marker = market.folder / FOLDER / f"whole-{market.scale:g}"
    if marker.exists():
        return
    for day in market.days:
        minutes = market.lake.read(CANDLES, day, day)
        kept = minutes.filter(pl.col("source").is_in(THROTTLED))
        lake.write(CANDLES, day, pl.concat([_hourly(minutes), kept]), as_of=f"{day}T06:00:00Z")
    for file in market.lake.root.glob("*/day=*/*"):
        place = lake.root / file.relative_to(market.lake.root)
        if not place.exists():  # all but candles is the same
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, place)
    write_bytes_whole(marker, b"")


def _hourly(minutes: pl.DataFrame) -> pl.DataFrame:
    """Minutes added up, exactly, as another feed of their source."""
    hour = pl.col("time").dt.truncate("1h")
    summed = minutes.group_by("source", "instrument_id", hour, maintain_order=True).agg(
        pl.col(AS_FIRST).first(),
        pl.col("high").max(),
        pl.col("low").min(),
        pl.col("close").last(),
        pl.col(SUMS).sum().cast(AMOUNT),
    )
    return summed.with_columns(
        interval_s=pl.lit(HOUR_S), feed=pl.concat_str("source", pl.lit("/candles@2024-01-01"))
    ).select(pl.col(name).cast(dtype) for name, dtype in CANDLES.schema.items())


def make_in(folder: str, scale: float) -> None:
    """``make`` in a process of its own."""
    make(Market(Path(folder), scale))
