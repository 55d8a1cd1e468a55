"""How two sources of one number disagree over a season."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import COIN, INSTANT, POSITION

REFUSED = "Too few days, or a side that never changes: `refused` says which."
COUNT = pl.UInt8()
STATISTIC = pl.Float64()

AGREEMENTS = Table(
    name="agreements",
    about=(
        "How two sources of one number disagree, coin and side by coin and side, over the days that "
        "are held of the 90 before the end of an ISO week. Ratios are natural logarithms of the "
        "first over the second."
    ),
    key=("time", "coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    columns=(
        Column("time", INSTANT, "Monday 00:00 UTC of the ISO week at whose end the 90 days end."),
        COIN,
        POSITION,
        Column("source_a", pl.String(), "The first source."),
        Column("venue_a", pl.String(), "Its venue, or `several`."),
        Column("scope_a", pl.String(), "What its figure adds up."),
        Column("source_b", pl.String(), "The second source."),
        Column("venue_b", pl.String(), "Its venue, or `several`."),
        Column("scope_b", pl.String(), "What its figure adds up."),
        Column("first_day", pl.Date(), "First UTC day that both hold."),
        Column("last_day", pl.Date(), "Last UTC day that both hold."),
        Column("days_both", COUNT, "Days that both hold."),
        Column("days_only_a", COUNT, "Days that only the first holds; in no statistic."),
        Column("days_only_b", COUNT, "Days that only the second holds; in no statistic."),
        Column("days_zero", COUNT, "Of `days_both`, days on which a side says zero: no logarithm."),
        Column("days_compared", COUNT, "The others: the days behind every statistic here."),
        Column(
            "refused", pl.String(), "Why there are no statistics.", null="There are statistics."
        ),
        Column("mean_log_ratio", STATISTIC, "Mean log ratio, 6 places.", null=REFUSED),
        Column("limit_low", STATISTIC, "Mean less 1.96 standard deviations.", null=REFUSED),
        Column("limit_high", STATISTIC, "Mean plus 1.96 standard deviations.", null=REFUSED),
        Column(
            "slope",
            STATISTIC,
            "Change of the log ratio with the mean log of the two, between breaks.",
            null=REFUSED,
        ),
        Column("slope_se", STATISTIC, "Its standard error, days resembling each other.", REFUSED),
        Column(
            "has_slope",
            pl.Boolean(),
            "Whether it is 3.5 errors from zero, over 30 days.",
            null=REFUSED,
        ),
        Column(
            "unexplained_sd",
            STATISTIC,
            "Standard deviation of the log ratio that slope and breaks leave over.",
            null=REFUSED,
        ),
        Column("concordance", STATISTIC, "Lin's coefficient of the logarithms.", null=REFUSED),
        Column("rank_correlation", STATISTIC, "Spearman, zeros included.", null=REFUSED),
        Column(
            "best_lag_days",
            pl.Int32(),
            "How many days late the first's dates are; 0 where a scan of -3 to 3 finds no shift.",
            null="Nothing stands out, or too few days.",
        ),
        Column(
            "boundary_source",
            pl.String(),
            "Whose days were held against hours of the other.",
            null="No hours are held of either against days of the other.",
        ),
        Column(
            "boundary_offset_h",
            pl.Int32(),
            "Hours by which its latest days begin before 00:00 UTC: 8 is a day of UTC+8.",
            null="No hour stands out, or too few days.",
        ),
        Column("boundary_days", COUNT, "Days of that hour.", null="No hour stands out."),
        Column("boundary_days_best", COUNT, "Of these, days that fit it best.", null="As before."),
        Column(
            "level_break_day",
            pl.Date(),
            "First day of the latest level of the ratio.",
            null="No break is found.",
        ),
        Column("level_break_step", STATISTIC, "Change of the mean log ratio.", null="No break."),
        Column("level_break_chance", STATISTIC, "How likely without one.", null="No break."),
        Column(
            "unit_factor",
            STATISTIC,
            "What the first is too large by if a unit is at fault: a power of ten or a contract.",
            null="The ratio moves, or is neither.",
        ),
    ),
)
