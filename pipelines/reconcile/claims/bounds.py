"""Between which sums every window that a claim may mean must lie, by one series.

Steps that a window holds whole are the least that it can have come to; steps that it touches, the
most. Of a window whose beginning is not told these are one step fewer and one step more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from pipelines.reconcile.claims.spans import Span, midnight
from pipelines.reconcile.claims.windows import Windows

_SERIES = ["source", "venue", "coin", "side", "step_s"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One series' least or most for any window of a span."""

    usd: Decimal
    source: str
    venue: str
    coin: str
    side: str
    coins: int
    scope: str


def least(span: Span, windows: Windows, which: pl.Expr) -> Bound | None:
    """The largest sum that no window of the span can have come short of, over the series."""
    found = [one for step in _steps(windows) for one in _bounds(span, windows, which, step, -1)]
    return max(found, key=lambda one: (one.usd, one.source, one.venue, one.coin), default=None)


def most(span: Span, windows: Windows, which: pl.Expr) -> Bound | None:
    """The smallest sum that no window of the span can have come over, over the series."""
    found = [one for step in _steps(windows) for one in _bounds(span, windows, which, step, 1)]
    return min(found, key=lambda one: (one.usd, one.source, one.venue, one.coin), default=None)


def _steps(windows: Windows) -> list[int]:
    return sorted(windows.series["step_s"].unique())


def _bounds(span: Span, windows: Windows, which: pl.Expr, step_s: int, more: int) -> list[Bound]:
    """Of each series that holds every window: the least of the shorter, the most of the longer."""
    if span.length_s is None or span.length_s % step_s or not windows.touches(span):
        return []
    step = timedelta(seconds=step_s)
    first, last = _down(span.first_end, step), _up(span.last_end, step)
    if span.is_one and first == span.first_end:
        more = 0
    elif more > 0:
        first += step
    else:
        last -= step
    laid_s = span.length_s + more * step_s
    if laid_s == 0:
        return []
    rows = windows.between(laid_s, first, last).filter(which & (pl.col("step_s") == step_s))
    end = pl.col("usd").max() if more > 0 else pl.col("usd").min()
    by_series = rows.group_by(_SERIES).agg(
        end.alias("usd"), pl.len().alias("held"), pl.col("coins").min(), pl.col("scope").first()
    )
    whole = by_series.filter(pl.col("held") == (last - first) // step + 1)
    names = ("usd", "source", "venue", "coin", "side", "coins", "scope")
    return [Bound(*row) for row in whole.select(names).iter_rows()]


def _down(instant: datetime, step: timedelta) -> datetime:
    """The last end of a step that is not after ``instant``."""
    return instant - (instant - midnight(instant.date())) % step


def _up(instant: datetime, step: timedelta) -> datetime:
    """The first end of a step that is not before ``instant``."""
    down = _down(instant, step)
    return down if down == instant else down + step
