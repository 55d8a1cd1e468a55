"""A pair's gap in floats: what each cause has of it, coin by coin, before it is brought to cents."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.reconcile.gap.pair import Pair
from pipelines.reconcile.gap.shapley import Floats, shapley
from pipelines.tables.words import Cause


@dataclass(frozen=True, slots=True)
class Split:
    """``parts`` is (coins, causes); the last cause is what nothing explains."""

    coins: tuple[str, ...]
    causes: tuple[Cause, ...]
    parts: Floats

    def of(self, coin: str | None) -> dict[Cause, float]:
        """The parts of one coin, or of all coins together."""
        if coin is None:
            row = self.parts.sum(axis=0)
        elif coin in self.coins:
            row = self.parts[self.coins.index(coin)]
        else:
            row = np.zeros(len(self.causes))
        return dict(zip(self.causes, row.tolist(), strict=True))


def split_of(pair: Pair, position: str | None) -> Split:
    """The gap of one side, or of both, in parts."""
    cells = pair.cells
    causes = tuple(dict.fromkeys(toggle.cause for toggle in pair.toggles))
    off, on, x = _factors(pair, causes, position)
    added, left = shapley(x, off, on)
    coins = tuple(cells["coin"].unique().sort())
    place = cells["coin"].rank("dense").cast(pl.Int64).to_numpy() - 1
    is_a = (cells["side"] == "a").to_numpy()
    columns = [-added[:, nth] for nth in range(len(causes))] + [left]
    parts = [_difference(column, place, is_a, len(coins)) for column in columns]
    return Split(coins, (*causes, Cause.UNEXPLAINED), np.column_stack(parts))


def _difference(values: Floats, place: Any, is_a: Any, coins: int) -> Floats:
    """By coin A's sum less B's: with the sides exchanged, the same with its sign turned."""
    sums = [np.bincount(place[own], values[own], minlength=coins) for own in (is_a, ~is_a)]
    parts: Floats = np.subtract(*sums, dtype=np.float64)
    return parts


def _factors(
    pair: Pair, causes: tuple[Cause, ...], position: str | None
) -> tuple[Floats, Floats, Floats]:
    """What each cause leaves of each cell, (cells, causes): without it, with it; and ``x``.

    A cell that a cause turns to the other side counts without it or with it, never both.
    """
    cells = pair.cells
    off, on = np.ones((cells.height, len(causes))), np.ones((cells.height, len(causes)))
    x = cells["usd"].cast(pl.Float64).to_numpy()
    is_in = np.ones(cells.height, bool)
    if position is not None:
        is_in = (cells["said_position"] == position).to_numpy()
    counts = is_in.copy()
    for toggle in pair.toggles:
        joined = cells.select("nth").join(toggle.on, on="nth", how="left", maintain_order="left")
        column = causes.index(toggle.cause)
        if not toggle.is_turn:
            on[:, column] *= joined["on"].fill_null(1.0).to_numpy()
        elif position is not None:
            turned = joined["on"].is_not_null().to_numpy()
            off[turned, column], on[turned, column] = is_in[turned], ~is_in[turned]
            counts |= turned
    return off, on, np.where(counts, x, 0.0)
