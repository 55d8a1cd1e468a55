"""What the layers of some days are made from."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pipelines.reconcile.told import READS as TOLD
from pipelines.reconcile.told import Told
from pipelines.tables import CANDLES, OPEN_INTEREST
from pipelines.tables.words import CandleKind

READS: Final = (*TOLD, CANDLES, OPEN_INTEREST)


@dataclass(frozen=True, slots=True)
class Seen:
    """The UTC days from ``first`` to ``last``: what was told, traded and open.

    ``candles`` (of last prices alone) and ``open_interest`` are read when they are needed, since a
    market's minutes do not fit into memory.
    """

    told: Told
    candles: pl.LazyFrame
    open_interest: pl.LazyFrame
    first: date
    last: date


def of_trades(candles: pl.LazyFrame) -> pl.LazyFrame:
    """Candles of what was traded, without those of mark and index prices."""
    return candles.filter(pl.col("kind") == CandleKind.LAST.value)
