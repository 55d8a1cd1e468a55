"""What publishers changed in their sums after they had first told them."""

from collections.abc import Iterator

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import (
    COIN,
    INSTANT,
    INSTRUMENT_OR_NONE,
    INTERVAL,
    POSITION,
    SCOPE,
    SOURCE,
    VENUE,
    amount,
)
from pipelines.tables.words import Change

# Column stem of each release: what was known then, in words.
KNOWN_AT = {
    "first": "at the first asking after the bucket was over",
    "t1": "one day after the bucket's UTC day was over",
    "t8": "eight days after it was over",
    "t35": "35 days after it was over",
    "latest": "at the latest asking",
}


def _known() -> Iterator[Column]:
    for stem, then in KNOWN_AT.items():
        absent = "That asking did not tell it, or has no dollars for it"
        asked = "" if stem in ("first", "latest") else "Nobody had asked by then"
        lacks = f"{absent}; or nobody had asked by then." if asked else f"{absent}."
        yield amount(f"{stem}_usd", f"US dollars as known {then}.", lacks)
        yield Column(
            f"{stem}_asked_at",
            pl.Datetime("us", "UTC"),
            f"When the asking came that was the newest {then}; the same instant, the same asking.",
            f"{asked}." if asked else "",
        )


REVISIONS = Table(
    name="revisions",
    about="Each bucket of a publisher as it was first told and as it was known later.",
    key=("time", "source", "feed", "scope", "coin", "interval_s", "bucket", "position"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week."),
        SOURCE,
        Column("feed", pl.String(), "Dataset and era of the feed."),
        VENUE,
        COIN,
        INSTRUMENT_OR_NONE,
        SCOPE,
        INTERVAL,
        Column("bucket", INSTANT, "The bucket's beginning, UTC."),
        POSITION,
        Column("askings", pl.UInt32(), "Askings about the bucket after it was over."),
        *_known(),
        Column("change", pl.Enum(Change), "From the first asking to the latest."),
        amount(
            "revision_usd",
            "Latest minus first.",
            "One of the two is missing.",
        ),
        Column(
            "revision_log",
            pl.Float64(),
            "Natural logarithm of latest over first, 6 places.",
            "One of the two is missing or not above zero.",
        ),
    ),
)
