"""What the lake holds of a span of days that sources are compared by."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from pipelines.lake import Lake
from pipelines.tables import (
    ASKINGS,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
)

READS: Final = (LIQUIDATIONS, LIQUIDATION_TOTALS, ASKINGS, LISTENING, INSTRUMENTS)


@dataclass(frozen=True)
class Told:
    """Events and totals, and what was asked and heard of them.

    ``events`` are read when they are needed, since those of a market's week do not fit into memory.
    """

    events: pl.LazyFrame
    totals: pl.DataFrame
    askings: pl.DataFrame
    listening: pl.DataFrame
    instruments: pl.DataFrame

    @cached_property
    def spoken(self) -> pl.DataFrame:
        """``source, dataset, feed, venue, coin, instrument_id, day``: which feeds told any event of
        which market on which day, each once.
        """
        place = ("source", "feed", "venue", "coin", "instrument_id")
        days = self.events.select(*place, day=pl.col("time").dt.date()).unique()
        return days.collect(engine="streaming").with_columns(dataset_of("feed")).sort(pl.all())


def dataset_of(feed: str) -> pl.Expr:
    """The dataset in ``<source>/<dataset>@<era>``."""
    return pl.col(feed).str.extract(r"/(.+)@", 1).alias("dataset")


def told_of(lake: Lake, first: date, last: date) -> Told:
    """Of these UTC days. Raises DamagedError."""
    rest = (lake.read(table, first, last) for table in READS if table is not LIQUIDATIONS)
    return Told(lake.scan(LIQUIDATIONS, first, last), *rest)
