"""Canonical tables of what stands around the facts: events, moods, claims, and trackers' lists."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import (
    COIN,
    INTERVAL,
    LINEAGE,
    POSITION,
    SCOPE,
    SOURCE,
    TIME,
    USD_BASIS,
    VENUE,
    amount,
)
from pipelines.tables.words import ClaimedSide, EventKind, Graded

NOT_SAID = "Not said."

ROLLING_TOTALS = Table(
    name="rolling_totals",
    about="A publisher's sums over a window that ended when it was asked, such as the past 24 hours.",
    key=("source", "feed", "scope", "coin", "window_s", "time", "position"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        SCOPE,
        Column("time", TIME.dtype, "The instant at which the window ended: that of the asking."),
        Column("window_s", pl.Int32(), "Length of the window in seconds."),
        POSITION,
        amount("notional_usd", "US dollars liquidated, as published."),
        USD_BASIS,
        *LINEAGE,
    ),
)

REPORTED_ORDERS = Table(
    name="reported_orders",
    about=(
        "Single liquidations as a tracker reports them, with its own word for the side: "
        "the word is ambiguous, and is not translated."
    ),
    key=("source", "feed", "venue", "symbol", "time", "nth"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        Column("symbol", pl.String(), "The symbol as the tracker writes it."),
        TIME,
        Column("nth", pl.UInt32(), "Place among orders of one symbol and instant, from 0."),
        Column("side_raw", pl.String(), "The side as the tracker writes it: 1 or 2 of CoinGlass."),
        amount("price", "Price that the tracker prints, in quote.", "None printed."),
        amount("notional_usd", "US dollars, as published."),
        *LINEAGE,
    ),
)

EVENTS = Table(
    name="events",
    about="Dated events around the markets: macro releases, and what people entered with its source.",
    key=("source", "event_id", "time"),
    columns=(
        SOURCE,
        Column("event_id", pl.String(), "The event's own name within its source."),
        Column("event_kind", pl.Enum(EventKind), "What kind of event it is."),
        Column("time", TIME.dtype, "When it happened or is due, UTC."),
        Column("is_time_exact", pl.Boolean(), "Whether the minute is meant, not only the day."),
        Column("title", pl.String(), "What happened, in the source's words."),
        Column("place", pl.String(), "Country or venue that it concerns.", null=NOT_SAID),
        Column("importance", pl.Int32(), "1 (low) to 3 (high), by the source.", null=NOT_SAID),
        Column("forecast", pl.String(), "What was expected, as printed.", null=NOT_SAID),
        Column("previous", pl.String(), "The figure before, as printed.", null=NOT_SAID),
        Column("revised", pl.String(), "The figure before, as revised since.", null=NOT_SAID),
        Column("published", pl.String(), "The figure, as printed.", null="Not out, or none."),
        Column("address", pl.String(), "Where it can be read.", null="The source's own answer."),
        *LINEAGE,
    ),
)

SENTIMENT = Table(
    name="sentiment",
    about="A publisher's index of mood, by day: 0 is fear, 100 is greed.",
    key=("source", "feed", "time"),
    columns=(
        SOURCE,
        TIME,
        INTERVAL,
        amount("sentiment_index", "0 (extreme fear) to 100 (extreme greed)."),
        Column("word", pl.String(), "The publisher's word for it.", null=NOT_SAID),
        *LINEAGE,
    ),
)

CLAIMS = Table(
    name="claims",
    about="Totals of liquidations as somebody printed them, with what is known of their meaning.",
    key=("source", "claim_id", "time"),
    columns=(
        SOURCE,
        Column("claim_id", pl.String(), "The claim's name in the ledger."),
        Column("time", TIME.dtype, "The UTC day for which the ledger was taken, whole."),
        Column("first_day", pl.Date(), "The first UTC day that it may speak of."),
        Column("last_day", pl.Date(), "The last UTC day that it may speak of."),
        Column(
            "window_stated",
            pl.String(),
            "The window that it states, in words: `rolling 24h`, `7d`.",
        ),
        Column("side", pl.Enum(ClaimedSide), "Longs, shorts, or both together."),
        Column("scope", pl.String(), "What it claims to add up: the market, a venue, a coin."),
        Column("source_named", pl.String(), "Whom it names as its source.", null=NOT_SAID),
        amount("value_usd", "The figure, in dollars, as printed."),
        amount("low_usd", "Lower end, where a range was printed.", "One figure was printed."),
        amount("high_usd", "Upper end, where a range was printed.", "One figure was printed."),
        Column("traders", pl.Int64(), "Traders liquidated, as printed.", null=NOT_SAID),
        Column("words", pl.String(), "The words as printed.", null="Not known."),
        Column(
            "published_first", pl.Date(), "First day on which it may be out.", null="Not known."
        ),
        Column("published_last", pl.Date(), "Last such day.", null="Not known."),
        Column("address", pl.String(), "Where it was read."),
        Column(
            "graded", pl.Enum(Graded), "The maker's own document, a copy in the press, or notes."
        ),
        Column("note", pl.String(), "What else is known of it.", null="Nothing."),
        *LINEAGE,
    ),
)
