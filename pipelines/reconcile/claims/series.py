"""What is held, as series of dollars that windows can be laid over.

A series is one source's dollars of one venue (or of several added up), of one coin and side, in
steps of a UTC day or of an hour. Both sides together are a third side, where both are held.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.told import Told, told_of
from pipelines.reconcile.views import counted, daily_views
from pipelines.tables import INSTANT, LIQUIDATION_TOTALS, LIQUIDATIONS
from pipelines.units import AMOUNT

HOUR_S, DAY_S = 3_600, 86_400
AT_ONCE: Final = 62  # days that are read together: a whole market's events fit in memory
SERIES: Final = pl.Schema(
    {
        "source": pl.String(),
        "venue": pl.String(),
        "coin": pl.String(),
        "side": pl.String(),
        "step_s": pl.Int32(),
        "time": INSTANT,
        "usd": AMOUNT,
        "scope": pl.String(),
    }
)
_CELL: Final = ["source", "venue", "coin", "step_s", "time"]


def series_of(lake: Lake, days: Sequence[date]) -> pl.DataFrame:
    """Everything that is held of the days, in the shape of SERIES. Raises DamagedError."""
    made = [SERIES.to_frame()]
    for first, last in _stretches(days):
        made.append(series_told(told_of(lake, first, last)))
    return pl.concat(made)


def series_told(told: Told) -> pl.DataFrame:
    """The series of what was read of the lake."""
    daily = daily_views(told).select(
        "source",
        "venue",
        "coin",
        pl.col("position").alias("side"),
        pl.lit(DAY_S, dtype=pl.Int32).alias("step_s"),
        pl.col("day").cast(INSTANT).alias("time"),
        "usd",
        "scope",
    )
    return _both_sides(pl.concat([daily, _hourly_totals(told), _hourly_events(told, daily)]))


def _stretches(days: Sequence[date]) -> list[tuple[date, date]]:
    """Runs of days, none longer than AT_ONCE."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        first, last = found[-1] if found else (day, day)
        if last + timedelta(days=1) == day and (day - first).days < AT_ONCE:
            found[-1] = (first, day)
        else:
            found.append((day, day))
    return found


def _hourly_totals(told: Told) -> pl.DataFrame:
    rows = told.totals.filter(pl.col("interval_s") == HOUR_S)
    cells = rows.group_by(
        "source",
        "venue",
        "coin",
        pl.col("position").cast(pl.String).alias("side"),
        pl.col("interval_s").alias("step_s"),
        "time",
    ).agg(
        pl.col("notional_usd").sum().cast(AMOUNT).alias("usd"),
        pl.col("scope").unique().sort().str.join("; "),
        pl.col("notional_usd").is_null().any().alias("unknown"),
    )
    return cells.filter(~pl.col("unknown")).select(SERIES.names())


def _hourly_events(told: Told, daily: pl.DataFrame) -> pl.DataFrame:
    """Events by hour, zero in the empty hours of the days that their daily view holds."""
    cell = ["source", "venue", "coin", "side"]
    events = counted(told).with_columns(pl.col("position").cast(pl.String).alias("side"))
    if events.is_empty():
        return SERIES.to_frame()
    by_hour = events.group_by(*cell, pl.col("time").dt.truncate("1h").cast(INSTANT)).agg(
        pl.col("notional_usd").sum().cast(AMOUNT).alias("usd")
    )
    fed = events.select("source", "venue").unique()
    held = daily.join(fed, on=["source", "venue"], how="semi").select(*cell, "scope", day="time")
    hours = pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64})
    every = held.join(hours, how="cross").with_columns(
        time=(pl.col("day") + pl.duration(hours=pl.col("hour"))).cast(INSTANT)
    )
    return (
        every.join(by_hour, on=[*cell, "time"], how="left")
        .with_columns(pl.col("usd").fill_null(0), step_s=pl.lit(HOUR_S, dtype=pl.Int32))
        .select(SERIES.names())
    )


def _both_sides(rows: pl.DataFrame) -> pl.DataFrame:
    both = (
        rows.group_by(_CELL)
        .agg(pl.col("usd").sum().cast(AMOUNT), pl.col("scope").first(), pl.len().alias("sides"))
        .filter(pl.col("sides") == 2)
        .with_columns(side=pl.lit("total"))
        .select(SERIES.names())
    )
    return pl.concat([rows.select(SERIES.names()), both])


def days_held(lake: Lake) -> list[date]:
    """Days of which the lake holds sums or events."""
    return sorted({*lake.days(LIQUIDATION_TOTALS), *lake.days(LIQUIDATIONS)})
