"""What can be said of each claim of the ledger, by what the week's edition rests on."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import INSTANT, amount
from pipelines.tables.words import ClaimedSide, Verdict

UNSEARCHED = "No market was looked at."
NOTHING = "Nothing that is held could be searched."
NO_SERIES = "No window of that length is held."

VERDICTS = Table(
    name="verdicts",
    about=(
        "The verdict on each claim of the ledger, judged by the ledger itself and by the days that "
        "the edition of the week holds: its own and those of the week before."
    ),
    key=("time", "claim_id"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week."),
        Column("claim_id", pl.String(), "The claim's name in the ledger."),
        Column("verdict", pl.Enum(Verdict), "What can be said of it."),
        Column("reason", pl.String(), "Why, in plain sentences with the numbers."),
        Column("first_day", pl.Date(), "The first UTC day that a window of it may touch."),
        Column("last_day", pl.Date(), "The last such day."),
        Column("window_stated", pl.String(), "The window that it states, in words."),
        Column("side", pl.Enum(ClaimedSide), "Longs, shorts, or both together."),
        Column("scope", pl.String(), "What it claims to add up, in its words."),
        amount("value_usd", "The figure, in dollars, as printed."),
        amount("low_usd", "The least that is printed so."),
        amount("high_usd", "The least that is no longer printed so."),
        Column("cells_searched", pl.Int64(), "Windows of series searched.", null=UNSEARCHED),
        Column("cells_fitting", pl.Int64(), "Those that are printed so.", null=UNSEARCHED),
        Column("dates_permuted", pl.Int64(), "Other dates searched alike.", null=UNSEARCHED),
        Column(
            "chance_of_fit",
            pl.Float64(),
            "Share of the other dates on which some cell fits, 6 places.",
            null="No market was looked at, or no other date is held.",
        ),
        Column("best_source", pl.String(), "Source of the nearest cell.", null=NOTHING),
        Column("best_venue", pl.String(), "Its venue, or `several`.", null=NOTHING),
        Column("best_coin", pl.String(), "Its coin, or `*` for all held.", null=NOTHING),
        Column("best_length_s", pl.Int64(), "Its length in seconds.", null=NOTHING),
        Column("best_end", INSTANT, "The instant at which it ends.", null=NOTHING),
        amount("best_usd", "Its dollars.", NOTHING),
        Column(
            "base_rate",
            pl.Float64(),
            "Share of all windows of its length that reached it, 6 places.",
            null=NO_SERIES,
        ),
        Column("base_reached", pl.Int64(), "How many did.", null=NO_SERIES),
        Column("base_windows", pl.Int64(), "How many are held.", null=NO_SERIES),
        Column("base_source", pl.String(), "Whose windows these are.", null=NO_SERIES),
        Column("base_venue", pl.String(), "Of which venue, or `several`.", null=NO_SERIES),
        Column("base_coin", pl.String(), "Of which coin, or `*` for all held.", null=NO_SERIES),
        Column("base_coins", pl.Int64(), "How many coins these are.", null=NO_SERIES),
    ),
)
