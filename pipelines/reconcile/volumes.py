"""Sizes of liquidations held against what their venues traded: excess, and units that do not fit.

Only sources that tell coins are held: dollars would have to become coins at somebody's price.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.layers.cells import Cells
from pipelines.reconcile.layers.heard import own_sources
from pipelines.reconcile.layers.hours import as_instant
from pipelines.reconcile.layers.make import found_in, of_monday
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
from pipelines.tables import INSTANT, INSTRUMENTS, VOLUME_CHECKS
from pipelines.units import AMOUNT, Margin
from pipelines.weeks import Week

# Every hour of every pair of venues would be six million rows a week; four a day weigh the same.
WEIGHED_EVERY_H = 6
SIDED = [*WHOLE, "position", "hour"]
VENUE = ["source", "venue"]


def volume_checks(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of VOLUME_CHECKS, from what the layers of the week were made from. Raises DamagedError."""
    _, found = found_in(lake, week)
    listed = lake.read(INSTRUMENTS, week.monday, week.sunday)
    return of_monday(checked(listed, found), week).select(VOLUME_CHECKS.schema.names())


def checked(instruments: pl.DataFrame, found: Cells) -> pl.DataFrame:
    """The columns of VOLUME_CHECKS without ``time``."""
    told = found.sizes
    codes = _codes(told, found.volumes)
    traded = _traded(found, codes)
    each = told.cast(codes).group_by(*SIDED, "telling").agg(_sum("size_coins"))
    sizes = each.group_by(SIDED).agg(pl.col("size_coins").max())
    some = traded.filter(pl.col("hour") % WEIGHED_EVERY_H == 0)
    readings = volume_readings(_named(some.select(*CELL, "close", volume="volume_coins")))
    contracts = multipliers(readings, _listed(instruments))
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


def _codes(told: pl.DataFrame, volumes: pl.DataFrame) -> pl.Schema:
    """Each name as a number, in the order of names: a million cells are grouped by them."""
    frames = (told.select(*WHOLE, "position"), volumes.select("venue", "coin"))
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
    bounds = found.bounds.select("coin", "price_usd").cast(_of(codes, ["coin"]), strict=False)
    price = pl.col("price_usd").cast(pl.Float64).median()
    return found.volumes.cast(_of(codes, KEY)).join(
        bounds.group_by("coin").agg(price.alias("close")), on="coin", how="left"
    )


def _listed(instruments: pl.DataFrame) -> pl.DataFrame:
    """KEY and ``contract_size``, of linear markets whose venue's coin has but one."""
    linear = instruments.filter(
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
