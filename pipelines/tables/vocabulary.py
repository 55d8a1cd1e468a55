"""Every column that more than one table has: the same quantity has one name and one meaning."""

import polars as pl

from pipelines.tables.table import Column
from pipelines.tables.words import Basis, Coverage, Position
from pipelines.units import AMOUNT

INSTANT = pl.Datetime("ms", "UTC")

SOURCE = Column("source", pl.String(), "Who says so: an id of the source registry.")
VENUE = Column(
    "venue",
    pl.String(),
    "Where it happened: a venue id, or `several` where a publisher adds venues up.",
)
COIN = Column("coin", pl.String(), "The coin itself, one spelling everywhere: BTC, PEPE.")
INSTRUMENT = Column("instrument_id", pl.String(), "venue:symbol in the venue's own spelling.")
INSTRUMENT_OR_NONE = Column(
    "instrument_id",
    pl.String(),
    "venue:symbol in the venue's own spelling.",
    null="A figure for the whole coin.",
)
SCOPE = Column(
    "scope",
    pl.String(),
    "What the figure adds up, in the source's words: the venues asked for, or the market.",
)
TIME = Column("time", INSTANT, "The instant it speaks of, UTC; a bucket's beginning.")
INTERVAL = Column("interval_s", pl.Int32(), "Length of the bucket in seconds.")
POSITION = Column("position", pl.Enum(Position), "Which side was liquidated.")
USD_BASIS = Column(
    "usd_basis",
    pl.Enum(Basis),
    "How dollars came about; `par` takes a stable coin as one dollar.",
    null="No dollar figure.",
)

# The tail of every table of facts: which feed said it, how much that feed shows, and the evidence.
LINEAGE = (
    Column("feed", pl.String(), "Dataset and era of the feed: `bybit/all_liquidation@2025-02-20`."),
    Column("coverage", pl.Enum(Coverage), "How much of what happened that feed shows."),
    Column("asked_at", pl.Datetime("us", "UTC"), "When the answer came that says so."),
    Column("answer", pl.String(), "SHA-256 of the raw answer, as kept in `raw`."),
)


def amount(name: str, about: str, null: str = "") -> Column:
    """An exact decimal column."""
    return Column(name, AMOUNT, about, null)
