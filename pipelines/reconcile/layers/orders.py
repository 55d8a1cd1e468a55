"""The orders that the venues' own feeds told, as estimates look at them."""

import polars as pl

from pipelines.reconcile.layers.guards import DOUBLED, SERIES
from pipelines.reconcile.layers.hours import milliseconds
from pipelines.reconcile.layers.told_by_hour import CELL


def orders(own: pl.DataFrame, refused: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    """``venue, position, market, time_ms, usd`` of the events ``own``, at the cell's price in ``bounds``.

    Of feeds that are ``refused`` as doubled those that are alike count once. Dollars are floats: an
    estimate is no sum of money.
    """
    twice = refused.filter(pl.col("guard") == DOUBLED).select(SERIES).unique()
    alike = ["instrument_id", "position", "time", "size", "price"]
    single = own.join(twice, on=SERIES, how="semi").unique(alike, keep="any")
    prices = bounds.select(*CELL, pl.col("price_usd").cast(pl.Float64))
    usd = pl.col("size_coins").cast(pl.Float64) * pl.col("price_usd")
    return (
        pl.concat([own.join(twice, on=SERIES, how="anti"), single])
        .select(*CELL, "instrument_id", milliseconds().alias("time_ms"), "size_coins")
        .join(prices, on=CELL, how="left")
        .select("venue", "position", pl.col("instrument_id").alias("market"), "time_ms", usd=usd)
        .filter(pl.col("usd") > 0)
    )
