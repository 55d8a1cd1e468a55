"""Where venues' shares of printed totals broke, by the ledger of a week's edition."""

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.series.published import published_shares, share_breaks
from pipelines.tables import CLAIMS, INSTANT, SHARE_BREAKS
from pipelines.weeks import Week


def share_break_rows(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of SHARE_BREAKS by the ledger as it was taken last in the week. Raises DamagedError."""
    taken = lake.read(CLAIMS, week.monday, week.sunday)
    last = taken.filter(pl.col("time") == pl.col("time").max())
    found = share_breaks(published_shares(last))
    return found.with_columns(time=pl.lit(week.before.end).cast(INSTANT)).select(
        SHARE_BREAKS.schema.names()
    )
