"""In what a venue counts its volume, where it does not say: coins, quote, or contracts.

A venue's weight beside the others is much the same for all its coins in one unit, and far from it
in another. Coins are taken first; the quote, or contracts that hold a power of ten of coins, only
where that brings the weights of the coins together by BETTER powers of ten.
"""

from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.series.logs import Floats

BETTER = 1.5  # powers of ten
SURE = 0.3  # powers of ten between a weight and the nearest; at 0.5 it could be either of two
LEAST_COINS = 3  # one or two coins agree in any unit
KEY: Final = ("venue", "coin")


class Reading(StrEnum):
    COINS = "coins"
    QUOTE = "quote"
    CONTRACTS = "contracts"


def volume_readings(candles: pl.DataFrame) -> pl.DataFrame:
    """Of ``venue, coin, hour, close, volume``: how each venue's volume is to be read.

    Answers ``venue, coin, hours, reading, coins_per_unit, spread_coins, spread_quote,
    spread_contracts``: hours that another venue has too, and for the venue as a whole how many
    powers of ten its weights lie apart over coins in each reading. ``coins_per_unit`` is a power of
    ten for contracts. Between the coins of a venue it is measured; the power that all of them
    share is a convention, so that the venue trades at most what the others do together that count
    coins, and more than a tenth of it. It is
    null where two powers are about as near, and for the quote, where it is
    one over the price of the hour.
    ``reading`` is null under LEAST_COINS coins.
    """
    first = _read(candles, _weights(candles, "median"))
    strange = first.filter(pl.col("reading").ne_missing(Reading.COINS)).select("venue").unique()
    sound = candles.join(strange, on="venue", how="anti")
    if strange.is_empty() or sound.is_empty():
        return first
    return _read(candles, _weights(candles, "sum", sound))


def in_coins(candles: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """``venue, coin, hour, volume_coins``: null where the venue's reading is not known."""
    volume, close = pl.col("volume"), pl.col("close")
    quote = pl.col("reading") == Reading.QUOTE
    return candles.join(readings, on=KEY, how="left").select(
        *KEY,
        "hour",
        volume_coins=pl.when(quote)
        .then(volume / close)
        .otherwise(volume * pl.col("coins_per_unit")),
    )


def multipliers(readings: pl.DataFrame, listed: pl.DataFrame | None = None) -> pl.DataFrame:
    """``venue, coin, coins_per_contract, known_by``: what one contract of a coin holds.

    By the venue's own volume where that is counted in contracts (``known_by`` is ``volume``), else
    as ``listed`` (``venue, coin, contract_size``) says (``listing``); without a row where neither.
    """
    measured = readings.filter(pl.col("reading") == Reading.CONTRACTS)
    by_volume = measured.filter(pl.col("coins_per_unit").is_not_null()).select(
        *KEY, pl.col("coins_per_unit").alias("coins_per_contract"), known_by=pl.lit("volume")
    )
    if listed is None:
        return by_volume
    by_listing = listed.join(measured, on="venue", how="anti").select(
        *KEY,
        pl.col("contract_size").cast(pl.Float64).alias("coins_per_contract"),
        known_by=pl.lit("listing"),
    )
    return pl.concat([by_volume, by_listing]).sort(KEY)


def sizes_in_contracts(cells: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Whether what a venue's events call coins are contracts, by its volume: one row a venue.

    ``cells`` are those of volume_guard, ``contracts`` those of multipliers. The liquidated part of
    the volume is much the same for all coins of a venue in the right unit. Answers ``source, venue,
    coins, cells, spread_told, spread_contracts, is_flagged``, the spreads in powers of ten over
    coins; null, not passed, where volume and multiplier are held of fewer than LEAST_COINS coins,
    or the multipliers lie so close together that nothing would show.
    """
    met = cells.filter(pl.col("volume_coins") > 0, pl.col("size_coins") > 0)
    shares = (
        met.group_by("source", *KEY, maintain_order=True)
        .agg(
            pl.len().alias("cells"),
            share=pl.col("size_coins").cast(pl.Float64).sum()
            / pl.col("volume_coins").cast(pl.Float64).unique().sort().sum(),
        )
        .join(contracts.filter(pl.col("coins_per_contract") > 0), on=KEY)
        .with_columns(pl.col("coins_per_contract").log(10), told=pl.col("share").log(10))
        .with_columns(contracts=pl.col("told") + pl.col("coins_per_contract"))
    )
    enough = (pl.col("coins") >= LEAST_COINS) & (pl.col("spread_multipliers") >= BETTER)
    found = shares.group_by("source", "venue").agg(
        pl.len().cast(pl.Int32).alias("coins"),
        pl.col("cells").sum().cast(pl.Int32),
        spread_told=_spread("told"),
        spread_contracts=_spread("contracts"),
        spread_multipliers=_spread("coins_per_contract"),
    )
    gain = pl.col("spread_told") - pl.col("spread_contracts")
    return (
        cells.select("source", "venue")
        .unique()
        .join(found, on=["source", "venue"], how="left")
        .with_columns(pl.col("coins", "cells").fill_null(0))
        .with_columns(is_flagged=pl.when(enough).then(gain >= BETTER))
        .drop("spread_multipliers")
        .sort("source", "venue")
    )


def _spread(name: str) -> pl.Expr:
    return (pl.col(name).max() - pl.col(name).min()).round(6)


def _weights(candles: pl.DataFrame, by: str, among: pl.DataFrame | None = None) -> pl.DataFrame:
    """Power of ten of each venue's volume beside that of the others, by coin: the middle hour."""
    own = candles.filter(pl.col("volume") > 0).select(*KEY, "hour", "close", "volume")
    others = own if among is None else among.filter(pl.col("volume") > 0)
    beside = pl.col("other").median() if by == "median" else pl.col("other").sum()
    compared = own.join(
        others.select(other_venue="venue", coin="coin", hour="hour", other="volume"),
        on=["coin", "hour"],
    ).filter(pl.col("venue") != pl.col("other_venue"))
    hourly = compared.group_by(*KEY, "hour").agg(
        pl.col("close", "volume").first(), beside.alias("others")
    )
    return (
        hourly.group_by(KEY)
        .agg(
            pl.len().cast(pl.Int32).alias("hours"),
            (pl.col("volume") / pl.col("others")).log(10).median().alias("coins"),
            (pl.col("volume") / pl.col("close") / pl.col("others")).log(10).median().alias("quote"),
        )
        .sort(KEY)
    )


def _read(candles: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    schema = {"reading": pl.String(), "coins_per_unit": pl.Float64()}
    schema |= {f"spread_{reading}": pl.Float64() for reading in Reading}
    made = [_of_venue(rows, schema) for _, rows in weights.group_by("venue", maintain_order=True)]
    every = candles.select(KEY).unique().sort(KEY)
    empty = (
        weights.head(0)
        .select(*KEY, "hours")
        .with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items())
    )
    return every.join(pl.concat([empty, *made]), on=KEY, how="left").with_columns(
        pl.col("hours").fill_null(0)
    )


def _of_venue(rows: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    coins, quote = rows["coins"].to_numpy(), rows["quote"].to_numpy()
    powers, apart = _powers(coins)
    spreads = {
        Reading.COINS: float(np.ptp(coins)),
        Reading.QUOTE: float(np.ptp(quote)),
        Reading.CONTRACTS: float(np.ptp(coins - powers)),
    }
    reading = Reading.COINS
    for other in (Reading.QUOTE, Reading.CONTRACTS):
        if spreads[other] <= spreads[reading] - BETTER:
            reading = other
    units = np.where(apart <= SURE, 10.0**-powers, np.nan)
    if reading is Reading.COINS:
        units = np.ones(rows.height)
    known = rows.height >= LEAST_COINS
    return rows.select(*KEY, "hours").with_columns(
        pl.Series("reading", [reading.value if known else None] * rows.height, schema["reading"]),
        pl.Series("coins_per_unit", units).fill_nan(None)
        if known and reading is not Reading.QUOTE
        else pl.lit(None, dtype=pl.Float64()).alias("coins_per_unit"),
        *(pl.lit(round(spreads[one], 6)).alias(f"spread_{one}") for one in Reading),
    )


def _powers(weights: Floats) -> tuple[Floats, Floats]:
    """The power of ten in each weight, over a common weight between a tenth and one, and how far
    the weight is from both together.
    """
    angle = float(np.angle(np.exp(2j * np.pi * weights).mean())) / (2 * np.pi)
    common = angle - np.ceil(angle)  # above -1, at most 0
    powers = np.asarray(np.round(weights - common), np.float64)
    return powers, np.abs(weights - common - powers)
