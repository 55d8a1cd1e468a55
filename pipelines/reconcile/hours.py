"""Hourly dollars that are held of a source, venue, coin and side, to tell where days begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pipelines.reconcile.series.boundary import Track, by_day, by_hour
from pipelines.reconcile.told import Told
from pipelines.reconcile.views import DAY_S, counted

HOUR_S: Final = 3_600
SERIES: Final = ("source", "venue", "coin", "position")
Series = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """Rows of each series by hour, and by day where the publisher prints its days.

    They become tracks when a pair is looked at: most of a market's thousands of series are in none.
    """

    by_hour: Mapping[Series, pl.DataFrame]
    by_day: Mapping[Series, pl.DataFrame]

    def hours_of(self, cell: Mapping[str, Any], side: str) -> Track | None:
        """What is held by hour of one side of a pair."""
        rows = self.by_hour.get(_of(cell, side))
        if rows is None or (filled := _filled(rows)).is_empty():
            return None
        return by_hour(filled)

    def days_of(self, cell: Mapping[str, Any], side: str) -> Track | None:
        """The days that it prints itself; days that are made here of events begin at 00:00 UTC."""
        rows = self.by_day.get(_of(cell, side))
        return None if rows is None else by_day(rows.rename({"usd": "value"}))


def _of(cell: Mapping[str, Any], side: str) -> Series:
    return cell[f"source_{side}"], cell[f"venue_{side}"], cell["coin"], cell["position"]


def hourly(told: Told) -> pl.DataFrame:
    """``source, venue, coin, position, hour, value, is_event``: sums of events, and hours as printed.

    An hour with an unknown part is left out. Hours without an event are not here: ``hours_of``
    takes them for zero on days with any event, else for not held.
    """
    printed = told.totals.filter(pl.col("interval_s") == HOUR_S)
    events = counted(told)
    return pl.concat([_summed(events, is_event=True), _summed(printed.lazy(), is_event=False)])


def _summed(rows: pl.LazyFrame, *, is_event: bool) -> pl.DataFrame:
    usd = pl.col("notional_usd")
    return (
        rows.group_by(
            "source",
            "venue",
            "coin",
            pl.col("position").cast(pl.String),
            pl.col("time").dt.truncate("1h").alias("hour"),
        )
        .agg(
            value=pl.when(usd.is_not_null().all()).then(usd.sum().cast(pl.Float64)),
        )
        .with_columns(is_event=pl.lit(is_event))
        .sort(*SERIES, "hour")
        .collect(engine="streaming")
    )


def printed_days(told: Told) -> pl.DataFrame:
    """``source, venue`` of those that print sums of days."""
    return told.totals.filter(pl.col("interval_s") == DAY_S).select("source", "venue").unique()


def hours_of(made: pl.DataFrame, views: pl.DataFrame, printed: pl.DataFrame) -> Hours:
    """What ``hourly`` and ``printed_days`` found in a season, with its views, by series.

    Where a source prints hours and tells events too, the hours are those that it prints.
    """
    best = made.filter(pl.col("is_event").not_() | pl.col("is_event").all().over(SERIES))
    days = views.join(printed.unique(), on=["source", "venue"], how="semi")
    return Hours(_parts(best, "hour"), _parts(days, "day"))


def _parts(rows: pl.DataFrame, by: str) -> dict[Series, pl.DataFrame]:
    parts = rows.sort(*SERIES, by).partition_by(SERIES, as_dict=True)
    return {(str(s), str(v), str(c), str(p)): part for (s, v, c, p), part in parts.items()}


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    if not rows["is_event"].any():
        return rows.select("hour", "value").drop_nulls()
    days = rows.select(day=pl.col("hour").dt.truncate("1d")).unique()
    every = days.with_columns(n=pl.int_ranges(0, 24)).explode(
        "n", empty_as_null=False, keep_nulls=False
    )
    grid = every.select(hour=pl.col("day") + pl.duration(hours=pl.col("n"), time_unit="ms"))
    filled = grid.join(rows.select("hour", "value", "is_event"), on="hour", how="left")
    return (
        filled.with_columns(
            value=pl.when(pl.col("is_event").is_null()).then(0.0).otherwise(pl.col("value"))
        )
        .select("hour", "value")
        .drop_nulls()
        .sort("hour")
    )
