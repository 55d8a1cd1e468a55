"""What aggregators add up: the orders that each venue's public feed showed, by five minutes."""

import threading

import polars as pl

from replica.rows import TIME
from replica.simulated.world import World
from replica.views.buckets import FIVE_MINUTES_MS, bucket

DECIMALS = 8


class Tallies:
    """Made once for each venue; every longer bucket is a sum of these."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: dict[str, pl.DataFrame] = {}
        self._lock = threading.Lock()

    def of(self, venue: str) -> pl.DataFrame:
        """Columns: time_ms, symbol, coin, position, base, size, notional_usd."""
        with self._lock:
            if venue not in self._held:
                amounts = [pl.col(name).sum() for name in ("base", "size", "notional_usd")]
                self._held[venue] = (
                    self._world.shown(venue)
                    .group_by(bucket(FIVE_MINUTES_MS), "symbol", "coin", "position")
                    .agg(amounts)
                    .sort(TIME, "symbol", "position")
                )
            return self._held[venue]


def by_side(tally: pl.DataFrame, amount: str, span_ms: int) -> pl.DataFrame:
    """Buckets that hold something, with the amounts of longs and shorts."""
    held = pl.col(amount)
    return (
        tally.group_by(bucket(span_ms))
        .agg(
            long=held.filter(pl.col("position") == "long").sum(),
            short=held.filter(pl.col("position") == "short").sum(),
        )
        .sort(TIME)
    )


def padded(sums: pl.DataFrame, first_ms: int, now_ms: int, span_ms: int) -> pl.DataFrame:
    """Zeros in every bucket that holds nothing."""
    grid = pl.DataFrame({TIME: pl.int_range(first_ms, now_ms, span_ms, eager=True)})
    whole = grid.select(bucket(span_ms)).unique().sort(TIME)
    joined = whole.join(sums, on=TIME, how="left", maintain_order="left")
    return joined.with_columns(pl.col("long", "short").fill_null(0.0))
