"""What stable coins were worth in dollars, hour by hour: near one, and never quite it."""

from typing import Final

import numpy as np
import polars as pl

from replica.simulated import timeline
from replica.simulated.draws import Draws, Floats, drifting

DECIMALS: Final = 5
# The middle of each coin's path, and how far it strays from there at most.
PATHS: Final = {"USDT": (0.9997, 0.0009), "USDC": (0.9999, 0.0002)}


def stable_candles(draws: Draws, coin: str) -> pl.DataFrame:
    """Hourly candles of a stable coin against the dollar, each opening at the close before it."""
    rng = draws.of("stable", coin)
    middle, reach = PATHS[coin]
    edges = _within(drifting(rng, timeline.HOURS + 1, 18), middle, reach)
    opened, closed = edges[:-1], edges[1:]
    strays = _within(rng.standard_normal((2, timeline.HOURS)), middle, reach)
    volume = rng.lognormal(13.0, 0.6, timeline.HOURS).round(2)
    return pl.DataFrame(
        {
            "time_ms": timeline.hour_starts(),
            "open": opened,
            "high": np.maximum(np.maximum(opened, closed), np.maximum(*strays)),
            "low": np.minimum(np.minimum(opened, closed), np.minimum(*strays)),
            "close": closed,
            "vwap": ((opened + closed) / 2).round(DECIMALS),
            "volume": volume,
            "trades": (volume / 2_000.0).astype(np.int64) + 1,
        }
    )


def _within(noise: Floats, middle: float, reach: float) -> Floats:
    held: Floats = (middle + reach * np.tanh(noise)).round(DECIMALS)
    return held
