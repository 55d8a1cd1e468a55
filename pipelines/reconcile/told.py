"""What the lake holds of a span of days that sources are compared by."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Told:
    """Events and totals, and what was asked and heard of them."""

    events: pl.DataFrame
    totals: pl.DataFrame
    askings: pl.DataFrame
    listening: pl.DataFrame
    instruments: pl.DataFrame


def told_of(lake: Lake, first: date, last: date) -> Told:
    """Of these UTC days. Raises DamagedError."""
    return Told(*(lake.read(table, first, last) for table in READS))
