"""Where a venue's share of printed totals broke."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import INSTANT

LOW = "The least that the rounding of the printed figures allows, 6 places."
HIGH = "The most that it allows, 6 places."

SHARE_BREAKS = Table(
    name="share_breaks",
    about=(
        "Days of print between which a venue's share of the printed market broke, by the claims of "
        "the ledger alone: however the figures were rounded, the nearest shares of one day and of "
        "the next day in print lie apart by the threshold or more."
    ),
    key=("time", "venue", "source_named", "last_before", "first_after"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week whose ledger was read."),
        Column("venue", pl.String(), "Whose share, as it was printed."),
        Column("source_named", pl.String(), "Who printed both the part and the whole."),
        Column("last_before", pl.Date(), "Last UTC day of which the shares before may speak."),
        Column("first_after", pl.Date(), "First UTC day of which the shares after may speak."),
        Column("shares_before", pl.Int32(), "Shares that were printed of the time before."),
        Column("shares_after", pl.Int32(), "Shares that were printed of the time after."),
        Column("share_before", pl.Float64(), "Their mean before, a fraction, 6 places."),
        Column("low_before", pl.Float64(), LOW),
        Column("high_before", pl.Float64(), HIGH),
        Column("share_after", pl.Float64(), "Their mean after, a fraction, 6 places."),
        Column("low_after", pl.Float64(), LOW),
        Column("high_after", pl.Float64(), HIGH),
        Column("least_factor", pl.Float64(), "Between the nearest ends of the two, 6 places."),
        Column("threshold", pl.Float64(), "The factor from which on it counts as a break."),
        Column("claims_before", pl.String(), "Claims of the ledger that say so of before."),
        Column("claims_after", pl.String(), "Claims of the ledger that say so of after."),
    ),
)
