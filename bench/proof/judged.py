"""The one place that calls what is judged: layers of cells, estimates, and the gap of two tellings.

It knows no truth: it is handed canonical frames alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from bench.proof.seen import Canonical
from pipelines.reconcile.estimate.estimates import estimates
from pipelines.reconcile.estimate.spread import learned
from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.gap.telling import Telling
from pipelines.reconcile.gap.tellings import of_events, of_totals
from pipelines.reconcile.layers.cells import cells
from pipelines.reconcile.layers.seen import Seen

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
    """The columns that are judged, as floats: exactness is not at issue to the ninth digit."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


Gap = Callable[[Canonical, str, str, str | None], pl.DataFrame]
PARTS: Final = pl.Schema({"cause": pl.String(), "part_usd": pl.Float64()})


def gap_of(canonical: Canonical, a: str, b: str, position: str | None) -> pl.DataFrame:
    """PARTS of what ``a`` says less what ``b`` says (:data:`TELLINGS`), all or of one side."""
    parts = explain(_telling(canonical, a), _telling(canonical, b), position=position)
    return shaped(parts, PARTS)


def dollars_of(canonical: Canonical, name: str) -> float:
    """What a telling adds up to."""
    return float(_telling(canonical, name).usd.sum() or 0)


TELLINGS: Final = ("feeds", "coinalyze", "coinglass", "coinglass_pairs")
DAY_S: Final = 86_400
PAIRS: Final = "coinglass/pair_liquidations"
THROTTLED: Final = ("binance", "okx", "bitget")


def _telling(canonical: Canonical, name: str) -> Telling:
    first = canonical.first_instant
    end = canonical.end_instant
    instruments = canonical.told.instruments
    if name == "feeds":
        return of_events(
            name, canonical.told.events, first, end, instruments=instruments, throttled=THROTTLED
        )
    totals = canonical.told.totals
    is_pairs = pl.col("feed").str.starts_with(PAIRS)
    mine = {
        "coinalyze": pl.col("source") == "coinalyze",
        "coinglass": (pl.col("source") == "coinglass") & ~is_pairs,
        "coinglass_pairs": is_pairs,
    }[name]
    return of_totals(
        name, totals.filter(mine), first, end, interval_s=DAY_S, instruments=instruments,
        throttled=THROTTLED,
    )  # fmt: skip
