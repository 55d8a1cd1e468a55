"""What one source says of a span: dollars by venue, coin, margin, side and time, and its scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from pipelines.tables import INSTANT
from pipelines.tables.words import Adl
from pipelines.units import AMOUNT

SEVERAL: Final = "several"
HOUR_S: Final = 3_600
DAY_S: Final = 86_400
MARKET: Final = ("venue", "coin", "margin")
KEY: Final = (*MARKET, "position", "time")
CELLS: Final = pl.Schema(
    {
        "venue": pl.String(),
        "coin": pl.String(),
        "margin": pl.String(),  # linear, inverse; null where the source does not say
        "position": pl.String(),
        "time": INSTANT,  # where the bucket begins
        "usd": AMOUNT,
        "coins": AMOUNT,  # null where it counts none
        "par_usd": AMOUNT,  # the same with stable coins at one dollar; null where not known
        "twin_usd": AMOUNT,  # of it, in rows that repeat another to the digit; null of sums
        "adl_usd": AMOUNT,  # of it, closed by auto-deleveraging; null where not told apart
        # Of it, what a feed of one order a second and market would show, the largest or the latest;
        # null where that is not known.
        "largest_usd": pl.Float64(),
        "latest_usd": pl.Float64(),
        "rows": pl.UInt32(),  # null of sums
    }
)
HELD: Final = pl.Schema(
    {"venue": pl.String(), "coin": pl.String(), "time": INSTANT, "share": pl.Float64()}
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One source's figures over ``[first, end)``, in buckets of ``interval_s``.

    ``cells`` has CELLS, one row for each KEY; a bucket that is held and empty may be left out.
    ``venues`` are those that its figures add up. ``markets`` (MARKET) is what it tells of, or
    would; ``held`` (HELD) how much of each bucket of a coin it was there for, None where nobody
    says so. ``throttled`` are the venues that reach it through a feed which leaves orders out.
    ``par_by`` names those by whose word its dollars take stable coins at one, where its cells do
    not say so;
    ``opened_by`` names the tellings by whose word a sum over venues was laid out by venue.
    ``closed`` are coins of which its sum could not be. ``finer`` is what the same source says of
    the same in shorter buckets.
    """

    name: str
    cells: pl.DataFrame
    first: datetime
    end: datetime
    interval_s: int
    venues: tuple[str, ...]
    markets: pl.DataFrame
    held: pl.DataFrame | None = None
    throttled: frozenset[str] | None = None
    adl: Adl = Adl.UNKNOWN
    par_by: tuple[str, ...] = ()
    opened_by: tuple[str, ...] = ()
    closed: frozenset[str] = frozenset()
    finer: "Telling | None" = None

    @property
    def is_several(self) -> bool:
        """Whether it adds venues up, so that no venue can be taken out of it."""
        return SEVERAL in self.markets["venue"]

    @property
    def usd(self) -> pl.Series:
        return self.cells["usd"]


def telling(
    name: str,
    cells: pl.DataFrame,
    first: datetime,
    end: datetime,
    *,
    interval_s: int = HOUR_S,
    venues: Iterable[str] | None = None,
    markets: pl.DataFrame | None = None,
    held: pl.DataFrame | None = None,
    throttled: Iterable[str] | None = None,
    adl: Adl = Adl.UNKNOWN,
) -> Telling:
    """A telling of ``cells``, whose columns may lack those of CELLS that can be null.

    Cells outside ``[first, end)`` are left out. Without ``venues`` and ``markets`` it tells of what
    stands in the cells.
    """
    missing = [pl.lit(None, t).alias(n) for n, t in CELLS.items() if n not in cells.columns]
    within = (pl.col("time") >= first) & (pl.col("time") < end)
    whole = cells.with_columns(missing).select(pl.col(n).cast(t) for n, t in CELLS.items())
    kept = whole.filter(within).sort(KEY)
    told = kept.select(MARKET).unique() if markets is None else markets.select(MARKET).unique()
    named = kept["venue"].unique().to_list() if venues is None else list(venues)
    return Telling(
        name,
        kept,
        first,
        end,
        interval_s,
        tuple(sorted(set(named) - {SEVERAL})),
        told.sort(MARKET),
        held,
        None if throttled is None else frozenset(throttled),
        adl,
    )
