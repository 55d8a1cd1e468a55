"""Sizes of liquidations beside what their venues traded."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import COIN, INSTANT, VENUE, amount

UNTOLD = "No hour of it is held with both."

VOLUME_CHECKS = Table(
    name="volume_checks",
    about=(
        "What a source says was liquidated of a coin at a venue, by the hour and in coins, held "
        "against what the venue traded in these hours: whether a side exceeds it, and whether the "
        "sizes of the venue's coins lie as far apart as sizes in contracts would."
    ),
    key=("time", "source", "venue", "coin"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week."),
        Column("source", pl.String(), "Whose sizes: an id of the source registry."),
        VENUE,
        COIN,
        Column("first_hour", INSTANT, "The first hour with a size."),
        Column("last_hour", INSTANT, "The last such hour."),
        Column("cells", pl.Int32(), "Hours and sides with a size."),
        Column("cells_checked", pl.Int32(), "Of these, with a volume in coins."),
        Column("cells_exceeding", pl.Int32(), "Of these, with more than the venue traded."),
        amount("told_coins", "What the source says of hours whose volume is held.", UNTOLD),
        amount("volume_coins", "What the venue says it traded in them.", UNTOLD),
        Column(
            "share",
            pl.Float64(),
            "Liquidated part of that volume as it is read, 6 digits.",
            null=UNTOLD,
        ),
        Column(
            "share_most",
            pl.Float64(),
            "The largest of a cell checked, 6 places.",
            null="No cell was checked.",
        ),
        Column(
            "volume_reading",
            pl.String(),
            "What the venue's volume counts by its weight beside other venues over its coins: "
            "coins, quote or contracts.",
            null="Fewer than three coins that other venues trade too: taken as coins.",
        ),
        Column(
            "coins_per_contract",
            pl.Float64(),
            "Coins that one contract holds.",
            null="Neither listed nor to be told by the volume.",
        ),
        Column(
            "contract_known_by", pl.String(), "volume or listing.", null="No multiplier is known."
        ),
        Column("coins_compared", pl.Int32(), "Coins of the venue that the spreads are over."),
        Column(
            "spread_told",
            pl.Float64(),
            "Powers of ten between the coins' shares as told.",
            null="No coin to compare.",
        ),
        Column(
            "spread_contracts",
            pl.Float64(),
            "The same if the sizes told are contracts.",
            null="No coin to compare.",
        ),
        Column("threshold", pl.Float64(), "By so much less it has to be for a doubt."),
        Column(
            "is_in_contracts",
            pl.Boolean(),
            "Whether the sizes are told to be contracts.",
            null="Fewer than three coins, or multipliers less than the threshold apart.",
        ),
    ),
)
