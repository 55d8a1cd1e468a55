"""Events of one venue that two feeds of it tell: what they have in common, and what either lacks."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import (
    COIN,
    INSTANT,
    INSTRUMENT,
    POSITION,
    SOURCE,
    VENUE,
    amount,
)
from pipelines.tables.words import Coverage

_WEEK = Column("time", INSTANT, "Monday 00:00 UTC of the ISO week.")
_TOO_FEW = "Fewer than seven in common, or the feeds do not show by one known rule."

MATCHES = Table(
    name="matches",
    about="Two feeds that tell the same events of a market, set side by side for a UTC day.",
    key=("time", "source", "instrument_id", "day", "dataset_a", "dataset_b"),
    columns=(
        _WEEK,
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        Column("day", pl.Date(), "The UTC day."),
        Column("dataset_a", pl.String(), "The feed that comes first where both are held."),
        Column("dataset_b", pl.String(), "The other feed of the same source."),
        Column("coverage_a", pl.Enum(Coverage), "How much of what happened the first shows."),
        Column("coverage_b", pl.Enum(Coverage), "How much of what happened the other shows."),
        Column("matched_exactly", pl.UInt32(), "Events equal in market, side, time, size, price."),
        Column("matched_scored", pl.UInt32(), "Events matched by score within the tolerances."),
        Column("only_a", pl.UInt32(), "Only the first told, while the other was listening."),
        Column("only_b", pl.UInt32(), "Only the other told, while the first was listening."),
        Column("unheard_a", pl.UInt32(), "The other told while the first was not listening."),
        Column("unheard_b", pl.UInt32(), "The first told while the other was not listening."),
        Column(
            "events_estimated",
            pl.Float64(),
            "Chapman's estimate of the events while both listened, 6 places.",
            _TOO_FEW,
        ),
        Column("events_estimated_se", pl.Float64(), "Its standard error, 6 places.", _TOO_FEW),
        Column("lost_a_pct", pl.Float64(), "Of these, percent that the first lacks.", _TOO_FEW),
        Column("lost_b_pct", pl.Float64(), "Of these, percent that the other lacks.", _TOO_FEW),
    ),
)

UNMATCHED = Table(
    name="unmatched",
    about="Events that one feed told and that have no match in another feed of the same events.",
    key=("time", "source", "feed", "not_told_by", "instrument_id", "happened_at", "nth"),
    columns=(
        _WEEK,
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        Column("happened_at", INSTANT, "When it happened, by the feed that told it, UTC."),
        Column("nth", pl.UInt32(), "Place among that feed's events of the market and instant."),
        POSITION,
        amount("size_coins", "Size in coins.", "No price to turn dollars into coins."),
        amount("price", "Price that the feed printed, in quote.", "It printed none."),
        amount("notional_usd", "US dollars.", "No price, or no way to dollars."),
        Column("told_by", pl.String(), "Dataset that has it."),
        Column("not_told_by", pl.String(), "Dataset that has it not."),
        Column("was_listening", pl.Boolean(), "Whether that one was listening in that minute."),
        Column("feed", pl.String(), "Dataset and era of the feed that has it."),
        Column("answer", pl.String(), "SHA-256 of the raw answer that has it."),
    ),
)
