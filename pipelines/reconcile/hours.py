"""Hourly dollars that are held of a source, venue, coin and side, to tell where days begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pipelines.reconcile.told import Told
from pipelines.reconcile.views import DAY_S, counted

HOUR_S: Final = 3_600
SERIES: Final = ("source", "venue", "coin", "position")
Series = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """``by_hour`` has ``hour, value`` of each series; ``daily`` are series whose days are printed."""

    by_hour: Mapping[Series, pl.DataFrame]
    daily: frozenset[tuple[str, str]]

    def of(self, cell: Mapping[str, Any], side: str) -> pl.DataFrame | None:
        """What is held by hour of one side of a pair."""
        return self.by_hour.get(
            (cell[f"source_{side}"], cell[f"venue_{side}"], cell["coin"], str(cell["position"]))
        )

    def is_daily(self, cell: Mapping[str, Any], side: str) -> bool:
        """Whether its days are the publisher's own, and not made here of events."""
        return (cell[f"source_{side}"], cell[f"venue_{side}"]) in self.daily


def hourly(told: Told) -> pl.DataFrame:
    """``source, venue, coin, position, hour, value, is_event``: sums of events, and hours as printed.

    An hour with an unknown part is left out. Hours without an event are not here: ``hours_of``
    takes them for zero on days with any event, else for not held.
    """
    printed = told.totals.filter(pl.col("interval_s") == HOUR_S)
    events = counted(told)
    return pl.concat([_summed(events, is_event=True), _summed(printed, is_event=False)])


def _summed(rows: pl.DataFrame, *, is_event: bool) -> pl.DataFrame:
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
            value=pl.when(usd.is_not_null().all()).then(usd.cast(pl.Float64).sum()),
            is_event=pl.lit(is_event),
        )
        .sort(*SERIES, "hour")
    )


def printed_days(told: Told) -> frozenset[tuple[str, str]]:
    """Sources and venues that print sums of days."""
    days = told.totals.filter(pl.col("interval_s") == DAY_S)
    return frozenset(days.select("source", "venue").unique().iter_rows())


def hours_of(made: pl.DataFrame, daily: frozenset[tuple[str, str]]) -> Hours:
    """The hours of a season by series; where a source prints hours and tells events, the hours."""
    best = made.filter(pl.col("is_event").not_() | pl.col("is_event").all().over(SERIES))
    parts = best.sort(*SERIES, "hour").partition_by(SERIES, as_dict=True)
    return Hours({_series(key): _filled(rows) for key, rows in parts.items()}, daily)


def _series(key: tuple[object, ...]) -> Series:
    source, venue, coin, position = map(str, key)
    return source, venue, coin, position


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
