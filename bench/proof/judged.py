"""The one place that calls what is judged: layers of cells, estimates, and the gap of two tellings.

It knows no truth: it is handed canonical frames alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from bench.proof.seen import Canonical
from pipelines.reconcile.estimate.estimates import estimates
from pipelines.reconcile.estimate.spread import learned
from pipelines.reconcile.gap.explain import dollars_of, examined, parts_of
from pipelines.reconcile.gap.orders import Orders
from pipelines.reconcile.gap.pair import Pair
from pipelines.reconcile.layers.cells import cells
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.tellings.held import held_hours
from pipelines.reconcile.tellings.rows import of_events, of_totals
from pipelines.reconcile.tellings.telling import DAY_S, HELD, HOUR_S, Telling
from pipelines.units import AMOUNT

CELLS: Final = pl.Schema(
    {
        "venue": pl.String(),
        "coin": pl.String(),
        "position": pl.String(),
        "hour": pl.Int32(),  # since the epoch
        "price_usd": pl.Float64(),
        "at_least_coins": pl.Float64(),
        "at_most_coins": pl.Float64(),
        "at_least_by": pl.String(),
        "at_most_by": pl.String(),
        "flags": pl.String(),
    }
)
REFUSED: Final = pl.Schema(
    {"source": pl.String(), "venue": pl.String(), "coin": pl.String(), "guard": pl.String()}
)
ESTIMATES: Final = pl.Schema(
    {
        "level": pl.String(),  # total or venue
        "venue": pl.String(),
        "sides": pl.String(),  # long, short or both
        "estimate_usd": pl.Float64(),
        "low_usd": pl.Float64(),
        "high_usd": pl.Float64(),
        "reason": pl.String(),  # of a refusal
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the pipeline says of a week. A cell without a row was heard whole and had nothing."""

    cells: pl.DataFrame
    refused: pl.DataFrame
    estimates: pl.DataFrame


Judge = Callable[[Canonical], Judged]


def layers_of(canonical: Canonical) -> Judged:
    """By ``pipelines.reconcile``: bounds, what guards refuse, and estimates."""
    seen = Seen(
        canonical.told,
        canonical.candles.lazy(),
        canonical.open_interest.lazy(),
        canonical.first,
        canonical.last,
    )
    found = cells(seen)
    return Judged(
        shaped(found.bounds, CELLS),
        shaped(found.refused, REFUSED),
        shaped(estimates(found, learned()), ESTIMATES),
    )


def shaped(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns that are judged; of bounds as floats, where the ninth digit is not at issue."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


PARTS: Final = pl.Schema({"cause": pl.String(), "part_usd": AMOUNT})
TELLINGS: Final = ("feeds", "coinalyze", "coinglass", "coinglass_pairs")
PAIRS: Final = "coinglass/pair_liquidations"
THROTTLED: Final = ("binance", "okx", "bitget")


class TablesOfGaps:
    """Gap tables of a week's tellings (:data:`TELLINGS`), each beside all others."""

    def __init__(self, canonical: Canonical) -> None:
        self._told = {name: _telling(canonical, name) for name in TELLINGS}
        self._orders = Orders.of(self._told.values())
        self._pairs: dict[tuple[str, str], Pair] = {}
        self.usd = {name: dollars_of(one) for name, one in self._told.items()}
        self.venues = {name: frozenset(one.venues) for name, one in self._told.items()}

    def parts(self, a: str, b: str, position: str | None) -> pl.DataFrame:
        """PARTS of what ``a`` says less what ``b`` says, all or of one side."""
        if (a, b) not in self._pairs:
            beside = [one for name, one in self._told.items() if name not in (a, b)]
            pair = examined(self._told[a], self._told[b], beside=beside, orders=self._orders)
            self._pairs[a, b] = pair
        return shaped(parts_of(self._pairs[a, b], position=position), PARTS)


def _telling(canonical: Canonical, name: str) -> Telling:
    first = canonical.first_instant
    end = canonical.end_instant
    instruments = canonical.told.instruments
    if name == "feeds":
        return of_events(
            name, canonical.told.events, first, end, instruments=instruments,
            held=held_hours(canonical.told).select(HELD.names()), throttled=THROTTLED,
        )  # fmt: skip
    totals = canonical.told.totals
    is_pairs = pl.col("feed").str.starts_with(PAIRS)
    mine = {
        "coinalyze": pl.col("source") == "coinalyze",
        "coinglass": (pl.col("source") == "coinglass") & ~is_pairs,
        "coinglass_pairs": is_pairs,
    }[name]
    daily, hourly = (
        of_totals(
            name, totals.filter(mine), first, end, interval_s=interval_s, instruments=instruments,
            throttled=THROTTLED,
        )
        for interval_s in (DAY_S, HOUR_S)
    )  # fmt: skip
    return replace(daily, finer=hourly)
