"""At least and at most of each cell, and the estimate beside them."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import COIN, INSTANT, POSITION, VENUE, amount
from pipelines.tables.words import Grain, Level, Sides

MONDAY = Column("time", INSTANT, "Monday 00:00 UTC of the ISO week.")
UNBOUNDED = "Nothing that is held bounds it."

LAYERS = Table(
    name="layers",
    about="What was liquidated at least and at most, by hour and by day, on one price. "
    "Hours that were heard whole and had nothing have no row.",
    key=("time", "grain", "venue", "scope", "coin", "position", "starts"),
    columns=(
        MONDAY,
        Column("grain", pl.Enum(Grain), "Whether the cell is an hour or a day."),
        VENUE,
        Column("scope", pl.String(), "What the cell is about: the venue, or the venues added up."),
        COIN,
        POSITION,
        Column("starts", INSTANT, "The beginning of the hour or day, UTC."),
        amount(
            "price_usd",
            "Dollars a coin: what the venue traded in the hour over its volume, a stable quote at par.",
            "A day, or no price is held.",
        ),
        amount("at_least_coins", "The floor in coins.", "A day: its hours have one price each."),
        amount("at_most_coins", "The ceiling in coins.", UNBOUNDED),
        amount(
            "at_least_usd",
            "The floor: what the own feeds told, else the largest figure that no guard refuses.",
            "No price.",
        ),
        Column("at_least_by", pl.String(), "Whose figure the floor is.", null="Nobody told any."),
        amount("at_most_usd", "The ceiling.", UNBOUNDED),
        Column(
            "at_most_by",
            pl.String(),
            "What it follows from, the weakest of its parts: feed_of_all, busy_minutes, closings, "
            "busy_hour, whole_hour.",
            null=UNBOUNDED,
        ),
        Column("flags", pl.String(), "Assumptions that do not hold here, with commas; else empty."),
    ),
)

REFUSALS = Table(
    name="refusals",
    about="Figures of a source that no floor counts, since a guard found that they cannot be.",
    key=("time", "source", "venue", "coin", "guard"),
    columns=(
        MONDAY,
        Column("source", pl.String(), "Whose figures: an id of the source registry."),
        VENUE,
        COIN,
        Column("guard", pl.String(), "What is wrong: exceeds_volume, exceeds_its_feed or doubled."),
        Column("hours", pl.UInt32(), "Hours of the week in which it shows."),
    ),
)

ESTIMATES = Table(
    name="estimates",
    about="What was liquidated by estimate, with an interval; printed apart from what was reported.",
    key=("time", "level", "venue", "sides"),
    columns=(
        MONDAY,
        Column("level", pl.Enum(Level), "The total, or a venue."),
        VENUE,
        Column("scope", pl.String(), "The venues that it is about."),
        Column("sides", pl.Enum(Sides), "Longs, shorts, or both together."),
        amount("shown_usd", "What the venues' own feeds showed."),
        amount("estimate_usd", "The estimate.", "Refused; `reason` says why."),
        amount("low_usd", "Lower end of the interval of 95 %.", "Refused."),
        amount("high_usd", "Upper end of it.", "Refused."),
        amount(
            "as_taught_usd", "What weeks of known truth taught: one of two answers.", "Refused."
        ),
        amount(
            "as_own_feeds_usd",
            "The other: what the week's own full feeds say once throttled. The estimate lies between "
            "the two, and the farther they part, the farther the interval reaches beyond both.",
            "Refused.",
        ),
        Column("learned_from", pl.String(), "Venues whose full feeds were throttled to learn it."),
        Column("reason", pl.String(), "Why there is none.", null="There is one."),
    ),
)
