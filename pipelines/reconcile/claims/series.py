"""What is held, as series of dollars that windows can be laid over.

A series is one source's dollars of one venue (or of several added up), of one coin and side, in
steps of a UTC day or of an hour. Both sides together are a third side, where both are held.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.claims.claim import Claim, Told
from pipelines.reconcile.claims.spans import DAY_S, HOUR_S
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.told import Told as Held
from pipelines.reconcile.views import counted, daily_views
from pipelines.tables import INSTANT, LIQUIDATION_TOTALS, LIQUIDATIONS
from pipelines.units import AMOUNT

NOTHING: Final = Held(
    LIQUIDATIONS.empty().lazy(),
    *(table.empty() for table in READS if table is not LIQUIDATIONS),
)
EVENT_DAYS: Final = 14  # events are many: they are read of so many days around a claim's
AT_ONCE: Final = 62  # days whose sums are taken together, before they are put side by side
SERIES: Final = pl.Schema(
    {
        "source": pl.String(),
        "venue": pl.String(),
        "coin": pl.String(),
        "side": pl.String(),
        "step_s": pl.Int32(),
        "time": INSTANT,
        "usd": AMOUNT,
        "coins": pl.UInt32(),
        "scope": pl.String(),
    }
)
ALL_COINS: Final = "*"
# Of single events by the hour, coins beyond the largest of each venue stand in the sum alone.
COINS_BY_HOUR: Final = 12
_CELL: Final = ["source", "venue", "coin", "step_s", "time"]


def series_of(lake: Lake, days: Sequence[date], claims: Sequence[Told]) -> pl.DataFrame:
    """What is held of the days, in the shape of SERIES: every publisher's sums, and the single
    events of the days around those that a claim may touch. Raises DamagedError.
    """
    made = [SERIES.to_frame()]
    for first, last in _stretches(days):
        sums = lake.read(LIQUIDATION_TOTALS, first, last)
        made.append(series_told(replace(NOTHING, totals=sums)))
    for first, last in _stretches(_near(claims, days)):
        told = told_of(lake, first, last)
        made.append(series_told(replace(told, totals=NOTHING.totals)))
    return pl.concat(made)


def _near(claims: Sequence[Told], days: Sequence[date]) -> list[date]:
    """Days whose events a claim may be searched in, with enough others to tell chance by.

    A claim about a whole year is searched in the sums alone.
    """
    spans = [one.span.days for one in claims if isinstance(one, Claim)]
    short = [(a, b) for a, b in spans if (b - a).days <= AT_ONCE]
    touched = {day for day in days if any(a <= day <= b for a, b in short)}
    around = range(-EVENT_DAYS, EVENT_DAYS + 1)
    wanted = {day + timedelta(days=n) for day in touched for n in around}
    return [day for day in days if day in wanted]


def series_told(told: Held) -> pl.DataFrame:
    """The series of what was read of the lake."""
    daily = daily_views(told).select(
        "source",
        "venue",
        "coin",
        pl.col("position").alias("side"),
        pl.lit(DAY_S, dtype=pl.Int32).alias("step_s"),
        pl.col("day").cast(INSTANT).alias("time"),
        "usd",
        pl.lit(1, dtype=pl.UInt32).alias("coins"),
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


def _hourly_totals(told: Held) -> pl.DataFrame:
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
        pl.lit(1, dtype=pl.UInt32).alias("coins"),
    )
    return cells.filter(~pl.col("unknown")).select(SERIES.names())


def _hourly_events(told: Held, daily: pl.DataFrame) -> pl.DataFrame:
    """Events by hour, zero in the empty hours of the days that their daily view holds.

    A feed that is held tells of all its coins, so all coins together are held as long as any is.
    """
    place = ["source", "venue", "side"]
    by_coin = _events_by_hour(told)
    if by_coin.is_empty():
        return SERIES.to_frame()
    of_all = by_coin.group_by(*place, "time").agg(pl.col("usd").sum().cast(AMOUNT))
    coins = by_coin.group_by(place).agg(pl.col("coin").n_unique().cast(pl.UInt32).alias("coins"))
    every = of_all.join(coins, on=place).with_columns(coin=pl.lit(ALL_COINS))
    spoken = pl.concat(
        [by_coin.join(_largest(by_coin), on=["venue", "coin"], how="semi"), every], how="diagonal"
    )
    hours = _hours(daily.join(by_coin.select(place).unique(), on=place, how="semi"))
    held = spoken.select(*place, "coin", "coins").unique().join(hours, on=place)
    return (
        held.join(spoken.drop("coins"), on=[*place, "coin", "time"], how="left")
        .with_columns(pl.col("usd").fill_null(0), step_s=pl.lit(HOUR_S, dtype=pl.Int32))
        .select(SERIES.names())
    )


def _events_by_hour(told: Held) -> pl.DataFrame:
    """``source, venue, side, coin, time, usd, coins`` of the hours with an event; ``coins`` is one."""
    hour = pl.col("time").dt.truncate("1h").cast(INSTANT)
    side = pl.col("position").cast(pl.String).alias("side")
    by_hour = (
        counted(told)
        .group_by("source", "venue", side, "coin", hour)
        .agg(usd=pl.col("notional_usd").sum().cast(AMOUNT))
    )
    return by_hour.with_columns(coins=pl.lit(1, dtype=pl.UInt32)).collect(engine="streaming")


def _largest(by_coin: pl.DataFrame) -> pl.DataFrame:
    """The coins of each venue with the most dollars."""
    added = by_coin.group_by("venue", "coin").agg(pl.col("usd").sum()).sort("usd", "coin")
    return added.group_by("venue", maintain_order=True).tail(COINS_BY_HOUR)


def _hours(daily: pl.DataFrame) -> pl.DataFrame:
    """Every hour of the days on which a venue's side is held."""
    days = daily.group_by("source", "venue", "side", day="time").agg(pl.col("scope").first())
    hours = pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64})
    return days.join(hours, how="cross").with_columns(
        time=(pl.col("day") + pl.duration(hours=pl.col("hour"))).cast(INSTANT)
    )


def _both_sides(rows: pl.DataFrame) -> pl.DataFrame:
    both = (
        rows.group_by(_CELL)
        .agg(
            pl.col("usd").sum().cast(AMOUNT),
            pl.col("scope").first(),
            pl.col("coins").max(),
            pl.len().alias("sides"),
        )
        .filter(pl.col("sides") == 2)
        .with_columns(side=pl.lit("total"))
        .select(SERIES.names())
    )
    return pl.concat([rows.select(SERIES.names()), both])


def days_held(lake: Lake) -> list[date]:
    """Days of which the lake holds sums or events."""
    return sorted({*lake.days(LIQUIDATION_TOTALS), *lake.days(LIQUIDATIONS)})
