"""What every asking told of one figure: the archive's memory, as rows."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import (
    COIN,
    INSTRUMENT_OR_NONE,
    INTERVAL,
    LINEAGE,
    POSITION,
    SCOPE,
    SOURCE,
    TIME,
    VENUE,
    amount,
)

_NOT_TOLD = "That asking did not tell the bucket."
LINEAGE_OF_ALL = tuple(column for column in LINEAGE if column.name != "coverage")

RELEASES = Table(
    name="releases",
    about="A publisher's sums as each asking told them, and where one told a bucket that another "
    "did not.",
    key=("source", "feed", "scope", "coin", "interval_s", "time", "position", "asking"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT_OR_NONE,
        SCOPE,
        TIME,
        INTERVAL,
        POSITION,
        Column("asking", pl.Datetime("us", "UTC"), "When the asking began that told it."),
        Column("is_told", pl.Boolean(), "Whether the bucket was in that answer about its day."),
        amount("size_coins", "Coins liquidated.", f"{_NOT_TOLD} Or it counts dollars."),
        amount(
            "notional_usd",
            "US dollars liquidated; coins at the close that is known now, so that a revision is of "
            "the liquidations.",
            f"{_NOT_TOLD} Or coins without a price.",
        ),
        *LINEAGE_OF_ALL,
    ),
)
