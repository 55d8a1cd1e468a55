"""Windows of one length over every series that is held: the cells that a claim is searched in.

A window is held where each of its steps is. The window of all coins is the sum over the coins
whose every step is held; ``is_whole`` says that no coin of the window's last step lacks another.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.claims.claim import Told
from pipelines.reconcile.claims.series import ALL_COINS, days_held, series_of
from pipelines.reconcile.claims.spans import DAY, Span
from pipelines.tables import INSTANT
from pipelines.units import AMOUNT

_SERIES: Final = ["source", "venue", "coin", "side", "step_s"]
WINDOWS: Final = pl.Schema(
    {
        "source": pl.String(),
        "venue": pl.String(),
        "coin": pl.String(),
        "side": pl.String(),
        "step_s": pl.Int32(),
        "length_s": pl.Int64(),
        "end": INSTANT,
        "usd": AMOUNT,
        "coins": pl.UInt32(),
        "is_whole": pl.Boolean(),
        "scope": pl.String(),
    }
)


class Windows:
    """The windows of each length, laid once."""

    def __init__(self, series: pl.DataFrame) -> None:
        self._series = series.sort(*_SERIES, "time")
        self._made: dict[int, pl.DataFrame] = {}
        self._days = set(self._series["time"].dt.date().unique())

    @property
    def series(self) -> pl.DataFrame:
        return self._series

    def touches(self, span: Span) -> bool:
        """Whether anything is held of the days that a window of the span may touch."""
        first, last = span.days
        near_first, near_last = (end.date() for end in span.near)
        first, last = min(first, near_first - DAY), max(last, near_last)
        return any(first <= day <= last for day in self._days)

    def of(self, length_s: int) -> pl.DataFrame:
        """Every window of that length, in the shape of WINDOWS."""
        if length_s not in self._made:
            self._made[length_s] = laid(self._series, length_s)
        return self._made[length_s]

    def between(self, length_s: int, first: datetime, last: datetime) -> pl.DataFrame:
        """Those that end between two instants, both included."""
        return self.of(length_s).filter(pl.col("end").is_between(first, last))


def held_windows(lake: Lake, claims: Sequence[Told]) -> Windows:
    """Windows over everything that the lake holds for the claims. Raises DamagedError."""
    return Windows(series_of(lake, days_held(lake), claims))


def laid(series: pl.DataFrame, length_s: int) -> pl.DataFrame:
    """Windows of ``length_s`` that begin and end with a step; none where no step divides it."""
    fitting = series.filter(pl.lit(length_s) % pl.col("step_s") == 0)
    made = [WINDOWS.to_frame()]
    for (step_s,), rows in fitting.group_by("step_s", maintain_order=True):
        steps = length_s // int(str(step_s))
        if steps:
            made.append(_laid(rows, steps, length_s))
    return pl.concat(made)


def _laid(rows: pl.DataFrame, steps: int, length_s: int) -> pl.DataFrame:
    step = pl.duration(seconds=pl.col("step_s"))
    added = pl.col("usd").cum_sum().over(_SERIES)
    first = pl.col("time").shift(steps - 1).over(_SERIES)
    by_coin = rows.with_columns(
        usd=added - added.shift(steps).over(_SERIES).fill_null(0),
        length_s=pl.lit(length_s, dtype=pl.Int64),
        end=(pl.col("time") + step).cast(INSTANT),
        is_whole=(pl.col("time") - first == step * (steps - 1)).fill_null(value=False),
    )
    together = ["source", "venue", "side", "step_s", "length_s", "end"]
    summed = by_coin.filter(pl.col("coin") == ALL_COINS).select("source", "venue").unique()
    alone = by_coin.join(summed, on=["source", "venue"], how="anti")  # whose sum is to be made
    of_all = alone.group_by(together).agg(
        pl.col("usd").filter("is_whole").sum().cast(AMOUNT),
        pl.col("is_whole").sum().cast(pl.UInt32).alias("coins"),
        pl.col("is_whole").all(),
        pl.col("scope").first(),
    )
    all_coins = of_all.filter(pl.col("coins") > 1).with_columns(coin=pl.lit(ALL_COINS))
    names = WINDOWS.names()
    return pl.concat(
        [
            by_coin.filter("is_whole").with_columns(pl.col("usd").cast(AMOUNT)).select(names),
            all_coins.select(names),
        ]
    )
