"""Two sources of one number, side by side."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import COIN, INSTANT, POSITION, amount

COMPARISONS = Table(
    name="comparisons",
    about="Two sources over one ISO week, coin and side, added up over the days that both hold.",
    key=("time", "coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week."),
        COIN,
        POSITION,
        Column("source_a", pl.String(), "The first source."),
        Column("venue_a", pl.String(), "Its venue, or `several`."),
        Column("scope_a", pl.String(), "What its figure adds up."),
        Column("source_b", pl.String(), "The second source."),
        Column("venue_b", pl.String(), "Its venue, or `several`."),
        Column("scope_b", pl.String(), "What its figure adds up."),
        Column("days_compared", pl.UInt8(), "UTC days of the week that both hold."),
        Column("days_only_a", pl.UInt8(), "Days that only the first holds; not added up."),
        Column("days_only_b", pl.UInt8(), "Days that only the second holds; not added up."),
        amount("a_usd", "US dollars by the first source.", "No day in common."),
        amount("b_usd", "US dollars by the second source.", "No day in common."),
        amount("gap_usd", "First minus second.", "No day in common."),
        Column(
            "ratio",
            pl.Float64(),
            "First over second, rounded to 6 places.",
            null="Second is zero, or no day in common.",
        ),
        Column(
            "rank_correlation",
            pl.Float64(),
            "Spearman over the days compared, 6 places.",
            null="Fewer than three days, or a constant side.",
        ),
    ),
)
