"""The layers of a week as the tables ``layers`` and ``refusals``."""

from functools import lru_cache

import polars as pl

from pipelines.lake import Lake, days_between
from pipelines.reconcile.layers.cells import Cells, cells_in
from pipelines.reconcile.layers.days import totals, venue_days
from pipelines.reconcile.layers.hours import as_instant
from pipelines.reconcile.layers.parts import held_in
from pipelines.reconcile.layers.seen import READS
from pipelines.tables import INSTANT, LAYERS, REFUSALS
from pipelines.tables.words import Grain
from pipelines.units import AMOUNT
from pipelines.weeks import Week

HOURS_A_DAY = 24


def layer_rows(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of LAYERS: hours of venues, days of venues, days of what they add up to."""
    told, found = found_in(lake, week)
    days = venue_days(told, found)
    hours = found.bounds.lazy().with_columns(
        as_instant().alias("starts"), scope=pl.col("venue"), grain=pl.lit(Grain.HOUR.value)
    )
    by_day = pl.concat(
        [
            days.with_columns(scope=pl.col("venue")),
            totals(told, days).select(*days.columns, "scope"),
        ]
    )
    first_hour = (pl.col("day") * HOURS_A_DAY).alias("hour")
    by_day = by_day.with_columns(first_hour).with_columns(
        as_instant().alias("starts"),
        grain=pl.lit(Grain.DAY.value),
        price_usd=pl.lit(None, dtype=AMOUNT),
        at_least_coins=pl.lit(None, dtype=AMOUNT),
        at_most_coins=pl.lit(None, dtype=AMOUNT),
    )
    by_day = by_day.sort(name for name in LAYERS.key if name in by_day.columns)
    names = [name for name in LAYERS.schema.names() if name != "time"]
    rows = pl.concat([part.select(names) for part in (hours, by_day.lazy())])
    columns = [pl.col(name).cast(dtype) for name, dtype in LAYERS.schema.items()]
    return rows.with_columns(_monday(week)).select(columns).collect()


def refusal_rows(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of REFUSALS."""
    _, found = found_in(lake, week)
    return of_monday(found.refused, week).select(REFUSALS.schema.names())


def found_in(lake: Lake, week: Week) -> tuple[pl.DataFrame, Cells]:
    """The sums that were told of a week, and its cells; made once for all tables that are made in a row."""
    days = days_between(week.monday, week.sunday)
    made = [lake.made(table, day) for table in READS for day in days]
    digests = tuple(None if one is None else one.sha256 for one in made)
    return _found(lake, week, digests)


@lru_cache(maxsize=1)
def _found(lake: Lake, week: Week, _: tuple[str | None, ...]) -> tuple[pl.DataFrame, Cells]:
    held = held_in(lake, week.monday, week.sunday)
    return held.told.totals, cells_in(held)


def of_monday(rows: pl.DataFrame, week: Week) -> pl.DataFrame:
    """With the week's Monday as ``time``."""
    return rows.with_columns(_monday(week))


def _monday(week: Week) -> pl.Expr:
    return pl.lit(week.before.end).cast(INSTANT).alias("time")
