"""Sizes of liquidations held against what their venues traded: excess, and units that do not fit.

Only sources that tell coins are held: dollars would have to become coins at somebody's price.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.layers.cells import Cells
from pipelines.reconcile.layers.heard import own_sources
from pipelines.reconcile.layers.hours import as_instant, hour_of
from pipelines.reconcile.layers.make import found_in, of_monday
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.series.guard import CELL, WHOLE, volume_guard
from pipelines.reconcile.series.volume import (
    BETTER,
    KEY,
    Reading,
    in_coins,
    multipliers,
    sizes_in_contracts,
    volume_readings,
)
from pipelines.reconcile.views import SEVERAL, counted
from pipelines.tables import INSTANT, VOLUME_CHECKS
from pipelines.units import AMOUNT, Margin
from pipelines.weeks import Week

HOUR_S = 3_600
# Every hour of every pair of venues would be six million rows a week; four a day weigh the same.
WEIGHED_EVERY_H = 6
SIDED = [*WHOLE, "position", "hour"]
VENUE = ["source", "venue"]


def volume_checks(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of VOLUME_CHECKS, from what the layers of the week were made from. Raises DamagedError."""
    return of_monday(checked(*found_in(lake, week)), week).select(VOLUME_CHECKS.schema.names())


def checked(seen: Seen, found: Cells) -> pl.DataFrame:
    """The columns of VOLUME_CHECKS without ``time``."""
    told = _sizes(seen, found)
    codes = _codes(told, found.markets)
    traded = _traded(found, codes)
    each = told.cast(codes).group_by(*SIDED, "telling").agg(_sum("size_coins"))
    sizes = each.group_by(SIDED).agg(pl.col("size_coins").max())
    some = traded.filter(pl.col("hour") % WEIGHED_EVERY_H == 0)
    readings = volume_readings(_named(some.select(*CELL, "close", volume="volume_coins")))
    contracts = multipliers(readings, _listed(seen))
    read = _as_read(traded, readings, codes)
    guarded = volume_guard(sizes.with_columns(pl.col("size_coins").cast(pl.Float64)), read)
    in_contracts = sizes_in_contracts(guarded, contracts.cast(_of(codes, KEY), strict=False))
    return (
        _named(_by_coin(guarded, sizes, traded.join(read, on=CELL, suffix="_read")))
        .join(readings.select(*KEY, volume_reading="reading"), on=KEY, how="left")
        .join(contracts.rename({"known_by": "contract_known_by"}), on=KEY, how="left")
        .join(_named(_by_venue(in_contracts)), on=VENUE, how="left")
        .with_columns(pl.lit(BETTER).alias("threshold"), *_unsure())
    )


def _unsure() -> Iterator[pl.Expr]:
    """A unit that had to be told leaves a power of ten to convention: no hour can exceed by that."""
    told = pl.col("volume_reading").fill_null(Reading.COINS) != Reading.COINS
    for name in ("cells_checked", "cells_exceeding"):
        yield pl.when(told).then(0).otherwise(name).cast(pl.Int32).alias(name)
    yield pl.when(~told).then("share_most").alias("share_most")


def _sizes(seen: Seen, found: Cells) -> pl.DataFrame:
    """SIDED, ``telling`` and ``size_coins``: events of the venues' own feeds, events that others
    repeat, and hourly sums of single venues, wherever coins are told. A source may tell the same
    orders as events and as sums: tellings are not added up.
    """
    speaks = pl.col("source").is_in(own_sources())
    own = found.markets.filter(pl.col("events") > 0).join(
        seen.told.instruments.filter(speaks).select("source", "instrument_id").unique(),
        on="instrument_id",
    )
    repeated = counted(replace(seen.told, events=seen.told.events.filter(~speaks)))
    hourly = seen.told.totals.filter(pl.col("interval_s") == HOUR_S, pl.col("venue") != SEVERAL)
    others = [
        part.select(*WHOLE, pl.col("position").cast(pl.String), hour_of(), "size_coins")
        for part in (repeated, hourly)
    ]
    tellings = [own.select(*SIDED, size_coins="own_coins"), *others]
    rows = pl.concat(part.with_columns(telling=pl.lit(n)) for n, part in enumerate(tellings))
    return rows.filter(pl.col("size_coins") > 0)


def _codes(told: pl.DataFrame, markets: pl.DataFrame) -> pl.Schema:
    """Each name as a number, in the order of names: a million cells are grouped by them."""
    frames = (told.select(*WHOLE, "position"), markets.select("venue", "coin", "position"))
    every = pl.concat(frames, how="diagonal")
    return pl.Schema(
        {name: pl.Enum(every[name].drop_nulls().unique().sort()) for name in every.columns}
    )


def _of(codes: pl.Schema, names: Iterable[str]) -> pl.Schema:
    return pl.Schema({name: codes[name] for name in names})


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col(pl.Enum).cast(pl.String))


def _as_read(traded: pl.DataFrame, readings: pl.DataFrame, codes: pl.Schema) -> pl.DataFrame:
    """CELL and ``volume_coins``; a venue that cannot be told by its coins is taken at its word."""
    as_told = pl.when(pl.col("reading").is_null()).then(1.0).otherwise("coins_per_unit")
    return in_coins(
        traded.select(*CELL, "close", volume=pl.col("volume_coins").cast(pl.Float64)),
        readings.with_columns(coins_per_unit=as_told).cast(_of(codes, KEY), strict=False),
    )


def _traded(found: Cells, codes: pl.Schema) -> pl.DataFrame:
    """CELL, ``volume_coins`` as the venue tells it, null where a market's is not held, and ``close``.

    ``close`` is one price of a coin over all venues and hours: units are told by powers of ten.
    """
    once = found.markets.filter(pl.col("position") == "long", pl.col("volume_coins").is_not_null())
    bounds = found.bounds.select("coin", "price_usd").cast(_of(codes, ["coin"]), strict=False)
    price = pl.col("price_usd").cast(pl.Float64).median()
    return (
        once.select(*CELL, "volume_coins")
        .cast(_of(codes, KEY))
        .group_by(CELL)
        .agg(_sum("volume_coins"))
        .join(bounds.group_by("coin").agg(price.alias("close")), on="coin", how="left")
    )


def _listed(seen: Seen) -> pl.DataFrame:
    """KEY and ``contract_size``, of linear markets whose venue's coin has but one."""
    linear = seen.told.instruments.filter(
        pl.col("margin") == Margin.LINEAR.value, pl.col("source").is_in(own_sources())
    )
    sizes = linear.select(*KEY, "contract_size").drop_nulls().unique()
    return sizes.filter(pl.len().over(KEY) == 1)


def _by_coin(guarded: pl.DataFrame, sizes: pl.DataFrame, traded: pl.DataFrame) -> pl.DataFrame:
    """What was held against what, of each source, venue and coin."""
    hours = sizes.group_by(*WHOLE, "hour").agg(_sum("size_coins"))
    held = hours.join(traded, on=CELL).group_by(WHOLE)
    amounts = held.agg(
        _sum("size_coins").alias("told_coins"),
        _sum("volume_coins"),
        pl.col("volume_coins_read").sum().alias("read"),
    )
    counts = guarded.group_by(WHOLE).agg(
        pl.col("hour").min().alias("first"),
        pl.col("hour").max().alias("last"),
        pl.col("cells", "cells_checked", "cells_exceeding").first().cast(pl.Int32),
        pl.col("share").max().alias("share_most"),
    )
    share = pl.when(pl.col("read") > 0).then(pl.col("told_coins").cast(pl.Float64) / pl.col("read"))
    return (
        counts.join(amounts, on=WHOLE, how="left")
        .with_columns(
            as_instant("first").cast(INSTANT).alias("first_hour"),
            as_instant("last").cast(INSTANT).alias("last_hour"),
            share=share.round_sig_figs(6),
        )
        .drop("first", "last", "read")
    )


def _by_venue(in_contracts: pl.DataFrame) -> pl.DataFrame:
    return in_contracts.drop("cells").rename(
        {"coins": "coins_compared", "is_flagged": "is_in_contracts"}
    )


def _sum(name: str) -> pl.Expr:
    return pl.col(name).sum().cast(AMOUNT)
