"""At which hour a publisher's day ends."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import COIN, INSTANT, INSTRUMENT

DAY_BOUNDARIES = Table(
    name="day_boundaries",
    about=(
        "Daily closes of a market by one source, held against hourly closes of the same market by "
        "another, over the days that are held of the 90 before the end of an ISO week: spells of "
        "days that end at one hour."
    ),
    key=("time", "source", "instrument_id", "hourly_source", "first_day"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week at whose end the 90 days end."),
        Column("source", pl.String(), "Whose days they are."),
        INSTRUMENT,
        COIN,
        Column("hourly_source", pl.String(), "Whose hours they are held against."),
        Column("first_day", pl.Date(), "First day of the spell that can be compared."),
        Column("last_day", pl.Date(), "Last such day."),
        Column(
            "offset_h",
            pl.Int32(),
            "Hours by which its days begin before 00:00 UTC, -11 to 12: 8 is a day of UTC+8.",
        ),
        Column("days", pl.Int32(), "Days of the spell that can be compared."),
        Column("days_best", pl.Int32(), "Of these, days on which that hour fits best of all 24."),
        Column(
            "misfit", pl.Float64(), "Mean misfit of that hour, in parts of a usual one, 6 places."
        ),
        Column("misfit_next", pl.Float64(), "The same of the hour that fits next best."),
        Column(
            "is_asserted",
            pl.Boolean(),
            "Whether there are 7 days or more, and it misfits half as much as any other hour.",
        ),
    ),
)
