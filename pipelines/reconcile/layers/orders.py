"""The orders that the venues' own feeds told, as estimates look at them."""

from typing import Final

import polars as pl

from pipelines.reconcile.layers.guards import DOUBLED, SERIES
from pipelines.reconcile.layers.hours import milliseconds
from pipelines.reconcile.layers.names import at
from pipelines.tables.words import Position

SIDES: Final = pl.Enum([side.value for side in Position])


def orders(own: pl.DataFrame, refused: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    """``venue, position, market, time_ms, usd`` of the events ``own``, at the cell's price in ``bounds``.

    Of feeds that are ``refused`` as doubled those that are alike count once. Dollars are floats: an
    estimate is no sum of money. Words are categories, since a market's week has millions of rows.
    """
    twice = refused.filter(pl.col("guard") == DOUBLED).select(SERIES).unique()
    alike = ["instrument_id", "position", "time", "size", "price"]
    if not twice.is_empty():
        single = own.join(twice, on=SERIES, how="semi").unique(alike, keep="any")
        own = pl.concat([own.join(twice, on=SERIES, how="anti"), single])
    markets = own.select("instrument_id", "venue", "coin").unique()
    prices = (
        bounds.select("venue", "coin", "hour", pl.col("price_usd").cast(pl.Float64))
        .unique(["venue", "coin", "hour"])  # both sides have one
        .join(markets, on=["venue", "coin"])
        .select(at("hour"), "price_usd")
    )
    usd = pl.col("size_coins").cast(pl.Float64) * pl.col("price_usd")
    return (
        own.select(
            "venue",
            "position",
            "instrument_id",
            at("hour"),
            milliseconds().alias("time_ms"),
            "size_coins",
        )
        .join(prices, on="at_hour", how="left")
        .select(
            pl.col("venue").cast(pl.Categorical),
            pl.col("position").cast(SIDES),
            pl.col("instrument_id").cast(pl.Categorical).alias("market"),
            "time_ms",
            usd=usd,
        )
        .filter(pl.col("usd") > 0)
    )
