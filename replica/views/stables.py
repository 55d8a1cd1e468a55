"""Stable coins in dollars, as a spot market shows them."""

import polars as pl

from replica.digits import fixed
from replica.market import Asked
from replica.rows import TIME
from replica.simulated.stables import DECIMALS, PATHS
from replica.simulated.world import World

HOURLY = "1h"
QUOTE = "USD"
PRICES = ("open", "high", "low", "close", "vwap")


def stables(world: World, asked: Asked) -> pl.DataFrame | None:
    """Hourly candles of a pair such as USDTUSD; None for any other pair, price or interval."""
    coin = asked.symbol.removesuffix(QUOTE)
    if (asked.dataset, asked.interval) != ("price", HOURLY) or coin not in PATHS:
        return None
    return world.stable(coin).select(
        TIME,
        *[fixed(pl.col(name), DECIMALS).alias(name) for name in PRICES],
        fixed(pl.col("volume"), 2).alias("volume"),
        pl.col("trades").cast(pl.String),
    )
