"""Why two sources differ: the parts of each gap, by cause."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import INSTANT, amount
from pipelines.tables.words import Cause, Sides

GAPS = Table(
    name="gaps",
    about=(
        "The gap between two sources over one ISO week, split into causes that add up to it to "
        "the cent: Shapley values of what brings both to common terms."
    ),
    key=("time", "coin", "sides", "source_a", "venue_a", "source_b", "venue_b", "cause"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week."),
        Column("coin", pl.String(), "The coin, or `all` for all that either tells of."),
        Column("sides", pl.Enum(Sides), "Which side was liquidated, or `both`."),
        Column("source_a", pl.String(), "The first source."),
        Column("venue_a", pl.String(), "Its venue, or `several`: all that it tells of."),
        Column("source_b", pl.String(), "The second source."),
        Column("venue_b", pl.String(), "Its venue, or `several`: all that it tells of."),
        Column("cause", pl.Enum(Cause), "What the part is put down to."),
        amount("part_usd", "US dollars of the gap, in whole cents; negative where it narrows it."),
        Column("is_estimated", pl.Boolean(), "Whether any of the part is an estimate."),
        Column("evidence", pl.String(), "What it rests on, in words, for all coins of the pair."),
        amount("a_usd", "The first source's dollars of all that it holds, to the cent."),
        amount("b_usd", "The second source's dollars of all that it holds, to the cent."),
        amount("gap_usd", "First minus second; the parts add up to it."),
    ),
)
