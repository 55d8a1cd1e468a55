"""Tellings from canonical rows: single events added up by hour, and publishers' sums."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import polars as pl

from pipelines.normalise.venues import venue_of
from pipelines.reconcile.estimate.throttling import SECOND_MS, Rule
from pipelines.reconcile.estimate.throttling import throttled as shown_of
from pipelines.reconcile.tellings.telling import CELLS, KEY, SEVERAL, Telling, telling
from pipelines.tables.words import Adl, Basis, Coverage

QUOTED: Final = (Basis.PAR.value, Basis.RATE.value)
# What a publisher may have heard of a venue that tells all of its orders to whoever asks rightly.
OF_SECOND: Final = {Rule.LARGEST: "largest_usd", Rule.LATEST: "latest_usd"}
REPEATED: Final = ("feed", "instrument_id", "time", "position", "size", "price")


def of_events(
    name: str,
    rows: pl.LazyFrame,
    first: datetime,
    end: datetime,
    *,
    instruments: pl.DataFrame | None = None,
    venues: Iterable[str] | None = None,
    held: pl.DataFrame | None = None,
    throttled: Iterable[str] | None = None,
    adl: Adl = Adl.UNKNOWN,
) -> Telling:
    """Rows of LIQUIDATIONS, each event once, as a telling in hours; added up while they are read.

    ``instruments`` (rows of INSTRUMENTS) say which margin a market has; without them it is not
    said. Rows without a dollar figure are not in it. The rest as for ``telling``.
    """
    known = _with_margin(rows.filter(pl.col("notional_usd").is_not_null()), instruments)
    known = known.with_columns(pl.col("position").cast(pl.String))
    orders = _orders(known)
    cells = _by_hour(known)
    for more in (_twins(known), *(_of_second(orders, *one) for one in OF_SECOND.items())):
        cells = cells.join(more, on=KEY, how="left", nulls_equal=True)
    cells = cells.with_columns(pl.col("twin_usd").fill_null(0))
    return telling(name, cells, first, end, venues=venues, held=held, throttled=throttled, adl=adl)


def _by_hour(known: pl.LazyFrame) -> pl.DataFrame:
    usd = pl.col("notional_usd")
    quoted = pl.col("usd_basis").cast(pl.String).is_in(QUOTED)
    return (
        known.with_columns(
            pl.col("time").dt.truncate("1h"),
            at_par=pl.when(quoted).then(pl.col("notional_quote")).otherwise(usd),
        )
        .group_by(KEY)
        .agg(
            usd.sum().alias("usd"),
            _sum_of_known("size_coins").alias("coins"),
            _sum_of_known("at_par").alias("par_usd"),
            pl.len().alias("rows"),
        )
        .collect(engine="streaming")
    )


def _twins(known: pl.LazyFrame) -> pl.DataFrame:
    """``twin_usd`` by KEY: of rows that are alike to the last digit, all but the first."""
    instant = ["instrument_id", "time"]
    several = known.group_by(instant).len().filter(pl.col("len") > 1)
    near = known.select(*dict.fromkeys((*KEY, *REPEATED)), "notional_usd").join(
        several.select(instant), on=instant, how="semi", maintain_order="left"
    )
    return (
        near.collect()
        .filter(~pl.struct(REPEATED).is_first_distinct())
        .with_columns(pl.col("time").dt.truncate("1h"))
        .group_by(KEY)
        .agg(pl.col("notional_usd").sum().alias("twin_usd"))
    )


def _orders(known: pl.LazyFrame) -> pl.DataFrame:
    """Of the feeds that tell every order, in the order of their rows."""
    every = known.filter(pl.col("coverage").cast(pl.String) == Coverage.ALL.value)
    return every.select(
        *KEY,
        market="instrument_id",
        time_ms=pl.col("time").dt.epoch("ms"),
        usd=pl.col("notional_usd").cast(pl.Float64),
    ).collect()


def _of_second(orders: pl.DataFrame, rule: Rule, column: str) -> pl.DataFrame:
    """Dollars by KEY of those ``orders`` that one of a second would show.

    Of several that are the latest, in a feed that tells whole seconds, each is it as often.
    """
    if rule is Rule.LATEST:
        of_second = ["market", pl.col("time_ms") // SECOND_MS]
        latest = orders.filter(pl.col("time_ms") == pl.col("time_ms").max().over(of_second))
        shown = latest.with_columns(usd=pl.col("usd") / pl.len().over("market", "time_ms"))
    else:
        shown = shown_of(orders, rule)
    hours = orders.select(pl.col("time").dt.truncate("1h"), pl.col(KEY).exclude("time"))
    by_hour = shown.with_columns(pl.col("time").dt.truncate("1h")).group_by(
        KEY, maintain_order=True
    )
    return (
        hours.unique()
        .join(by_hour.agg(pl.col("usd").sum()), on=KEY, how="left", nulls_equal=True)
        .select(*KEY, pl.col("usd").fill_null(0.0).alias(column))
    )


def of_totals(
    name: str,
    rows: pl.DataFrame,
    first: datetime,
    end: datetime,
    *,
    interval_s: int,
    instruments: pl.DataFrame | None = None,
    throttled: Iterable[str] | None = None,
    adl: Adl = Adl.UNKNOWN,
) -> Telling:
    """Rows of LIQUIDATION_TOTALS of one interval as a telling; what has no row is not held.

    A bucket of which a part has no dollar figure is not held either. Sums over several venues
    add up those that their scope lists, where it lists them.
    """
    of_interval = rows.filter(pl.col("interval_s") == interval_s)
    cells = _by_bucket(_with_margin(of_interval.lazy(), instruments))
    held = cells.select("venue", "coin", "time", share=pl.lit(1.0)).unique().sort(pl.all())
    return telling(
        name,
        cells,
        first,
        end,
        interval_s=interval_s,
        venues=_venues_of(of_interval),
        held=held,
        throttled=throttled,
        adl=adl,
    )


def _by_bucket(sums: pl.LazyFrame) -> pl.DataFrame:
    usd = pl.col("notional_usd")
    at_par = pl.col("usd_basis").cast(pl.String) != Basis.PUBLISHED.value
    return (
        sums.with_columns(pl.col("position").cast(pl.String), at_par=pl.when(at_par).then(usd))
        .group_by(KEY)
        .agg(
            usd.sum().alias("usd"),
            _sum_of_known("size_coins").alias("coins"),
            _sum_of_known("at_par").alias("par_usd"),
            usd.is_null().any().alias("is_unknown"),
        )
        .filter(~pl.col("is_unknown"))
        .drop("is_unknown")
        .collect()
    )


def _sum_of_known(name: str) -> pl.Expr:
    """The sum; null where any part is."""
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())


def _with_margin(rows: pl.LazyFrame, instruments: pl.DataFrame | None) -> pl.LazyFrame:
    if instruments is None:
        return rows.with_columns(margin=pl.lit(None, CELLS["margin"]))
    terms = (
        instruments.select("instrument_id", pl.col("margin").cast(pl.String))
        .drop_nulls()
        .unique()
        .sort("instrument_id", "margin")
        .unique("instrument_id", keep="first", maintain_order=True)
    )
    return rows.join(terms.lazy(), on="instrument_id", how="left", maintain_order="left")


def _venues_of(rows: pl.DataFrame) -> list[str]:
    single = rows.filter(pl.col("venue") != SEVERAL)["venue"]
    scopes = rows.filter(pl.col("venue") == SEVERAL).select(
        venue_of(pl.col("scope").str.split(",").explode().str.strip_chars())
    )
    return sorted({*single, *scopes.to_series()})
