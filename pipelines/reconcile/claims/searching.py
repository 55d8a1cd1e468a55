"""A claim's search: the cells that it may have meant, which of them fit, and how lucky that is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.reconcile.claims.cells import comparable, covering, lengths_of, named_tracker
from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.series import ALL_COINS
from pipelines.reconcile.claims.spans import DAY, DAY_S
from pipelines.reconcile.claims.windows import WINDOWS, Windows
from pipelines.reconcile.views import SEVERAL
from pipelines.units import AMOUNT

MOST_ACCIDENTS = Decimal("0.01")
PLACES = 6  # shares are rounded here and nowhere else
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Search:
    """``chance`` is the share of all other dates on which some cell fits too; None where there is
    no other date. ``best`` is the fitting cell, else the nearest; None where nothing was searched.
    ``own`` is the best of those that cover the claim as stated; None where there is none.
    """

    searched: int
    fitting: int
    chance: float | None
    dates: int
    best: Row | None
    own: Row | None


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How many windows of the stated length reached the lower end of the claimed figure."""

    reached: int
    windows: int
    cell: Row

    @property
    def share(self) -> float:
        return round(self.reached / self.windows, PLACES)


def search(claim: Claim, windows: Windows) -> Search:
    """Every held window that ends near the claim's day, over sources, venues and coins alike."""
    if not windows.touches(claim.span):
        return Search(0, 0, None, 0, None, None)
    every = pl.concat([WINDOWS.to_frame(), *(windows.of(n) for n in lengths_of(claim))])
    cells = every.filter(comparable(claim)).with_columns(fits=_fits(claim))
    first, last = claim.span.near
    near = cells.filter(pl.col("end").is_between(first, last))
    # A date so near that the same window would be searched again is no other date.
    overlapping = (last - first) // DAY
    every_date = _shifts(cells["end"].unique(), first, last)
    other = {days for days in every_date if abs(days) > overlapping}
    lucky = _shifts(cells.filter("fits")["end"].unique(), first, last) & other
    own = near.filter(_is_own(claim, cells))
    if near.is_empty():
        return Search(0, 0, None, 0, None, None)
    return Search(
        near.height,
        near.filter("fits").height,
        round(len(lucky) / len(other), PLACES) if other else None,
        len(other),
        _best(claim, near),
        _best(claim, own),
    )


def elsewhere(claim: Claim, windows: Windows) -> Row | None:
    """The one window of another date that is printed as the claim is, where that is no accident.

    Of the claim's scope as far as it is held, side and length. By how many windows lie within a
    tenth of the figure, its interval would hold at most MOST_ACCIDENTS of them by accident.
    """
    if claim.span.length_s is None:
        return None
    venue, coin = claim.scope.cell
    rows = windows.of(claim.span.length_s).filter(
        pl.col("side") == claim.side,
        pl.col("venue") == (venue or SEVERAL),
        pl.col("coin") == (coin or ALL_COINS),
    )
    first, last = claim.span.near
    outside = rows.filter(~pl.col("end").is_between(first, last))
    value = claim.amount.value_usd
    tenth = value / 10
    around = outside.filter(pl.col("usd").is_between(_exact(value - tenth), _exact(value + tenth)))
    width = claim.amount.high_usd - claim.amount.low_usd
    fitting = outside.filter(_fits(claim)).sort("source", "step_s", "end")
    by_accident = Decimal(around.height) * width / (2 * tenth)
    if fitting["end"].dt.date().n_unique() != 1 or by_accident > MOST_ACCIDENTS:
        return None
    return fitting.row(0, named=True)


def _fits(claim: Claim) -> pl.Expr:
    low, high = (_exact(end) for end in (claim.amount.low_usd, claim.amount.high_usd))
    return (pl.col("usd") >= low) & (pl.col("usd") < high)


def _exact(value: Decimal) -> pl.Expr:
    return pl.lit(f"{value:f}").cast(AMOUNT)


def _is_own(claim: Claim, cells: pl.DataFrame) -> pl.Expr:
    """Cells of the stated scope, window and side; of the named source, where it is held."""
    length_s = claim.span.length_s
    if length_s is None:
        return pl.lit(value=False)
    ends = pl.col("end").is_between(claim.span.first_end, claim.span.last_end)
    named = named_tracker(claim)
    is_named = pl.lit(value=True)
    if named is not None and cells.filter(pl.col("source") == named).height:
        is_named = pl.col("source") == named
    of_scope = covering(claim.scope, claim.side)
    return of_scope & ends & is_named & (pl.col("length_s") == length_s)


def _best(claim: Claim, cells: pl.DataFrame) -> Row | None:
    """A fitting cell before any other, all coins before one, the stated length, the nearest."""
    if cells.is_empty():
        return None
    value = pl.lit(f"{claim.amount.value_usd:f}").cast(AMOUNT)
    ranked = cells.with_columns(
        _off=(pl.col("usd") - value).abs(),
        _stated=pl.col("length_s") == (claim.span.length_s or DAY_S),
        _all=pl.col("coin") == ALL_COINS,
    ).sort(
        pl.col("fits").not_(),
        pl.col("_stated").not_(),
        pl.col("_all").not_(),
        "_off",
        "source",
        "venue",
        "coin",
        "step_s",
        "length_s",
        "end",
    )
    return ranked.row(0, named=True)


def _shifts(ends: Iterable[datetime], first: datetime, last: datetime) -> set[int]:
    """By how many whole days the claim's span may be moved for one of ``ends`` to lie in it."""
    found: set[int] = set()
    for end in ends:
        found |= set(range(math.ceil((end - last) / DAY), math.floor((end - first) / DAY) + 1))
    return found


def base_rate(claim: Claim, windows: Windows) -> BaseRate | None:
    """Over the widest series of the claim's side: of the named source, else of the one that adds
    up most coins, else most windows.
    """
    rows = windows.of(claim.span.length_s or DAY_S).filter(pl.col("side") == claim.side)
    venue, coin = claim.scope.cell
    named = named_tracker(claim)
    series = ["source", "venue", "coin", "step_s"]
    ranked = (
        rows.group_by(series)
        .agg(pl.len().alias("windows"), pl.col("coins").max())
        .sort(
            pl.col("venue") != (venue or SEVERAL),
            pl.col("coin") != (coin or ALL_COINS),
            pl.col("source") != (named or ""),
            -pl.col("coins").cast(pl.Int64),
            -pl.col("windows").cast(pl.Int64),
            *series,
        )
    )
    if ranked.is_empty():
        return None
    chosen = rows.join(ranked.head(1).select(series), on=series, how="semi").sort("end")
    reached = chosen.filter(pl.col("usd") >= _exact(claim.amount.low_usd)).height
    return BaseRate(reached, chosen.height, chosen.row(chosen.height - 1, named=True))
