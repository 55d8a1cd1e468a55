"""Cells and searches in words, for the reasons of verdicts."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from pipelines.lake import days_between
from pipelines.reconcile.claims.bounds import Bound
from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.saying import percent
from pipelines.reconcile.claims.searching import BaseRate, Row, Search
from pipelines.reconcile.claims.series import ALL_COINS
from pipelines.reconcile.claims.spans import DAY_S, WEEK_S, in_words
from pipelines.reconcile.claims.windows import Windows
from pipelines.reconcile.views import SEVERAL
from pipelines.sources import SOURCES

SIDES = {"long": "longs", "short": "shorts", "total": "longs and shorts"}
DAYS_SAID = 3
_BRANDS = {source.of_venue: source.brand for source in SOURCES.values()}


def brand(name: str) -> str:
    """``coinglass`` is CoinGlass."""
    return SOURCES[name].brand if name in SOURCES else _BRANDS.get(name, name)


def cell_of(source: str, venue: str, coin: str, coins: int, scope: str, side: str) -> str:
    """``CoinGlass's longs of 7 coins at 28 venues``, ``Bybit's longs of BTC``"""
    of_coin = f"{coins} coins" if coin == ALL_COINS else coin
    lists = [part.count(",") + 1 for part in scope.split("; ")]
    venues = f"{lists[0]} venues" if venue == SEVERAL else brand(venue)
    place = "" if venues == brand(source) else f" at {venues}"
    return f"{brand(source)}'s {SIDES[side]} of {of_coin}{place}"


def row_in_words(row: Row) -> str:
    return cell_of(*(row[n] for n in ("source", "venue", "coin", "coins", "scope", "side")))


def bound_in_words(bound: Bound) -> str:
    return cell_of(bound.source, bound.venue, bound.coin, bound.coins, bound.scope, bound.side)


def window_of(row: Row) -> str:
    """``in the 24 hours to 2021-04-19 00:00Z``, with the calendar's word where it has one."""
    end, length = row["end"], in_words(row["length_s"])
    calendar = ""
    if row["length_s"] == WEEK_S and end.weekday() == 0 and end.hour == 0:
        calendar = ", an ISO week"
    elif row["length_s"] == DAY_S and end.hour == 0:
        calendar = ", a UTC day"
    return f"in the {length} to {end:%Y-%m-%d %H:%M}Z{calendar}"


def searched_in_words(found: Search) -> str:
    """How much was searched, how much of it fits, and how likely that was."""
    if not found.searched:
        return "No cell could be searched."
    cells = f"{found.fitting} of {found.searched} cells searched fit"
    if found.chance is None:
        return f"{cells}; no other date is held to tell chance from evidence."
    return f"{cells}; on {percent(found.chance)} of {found.dates} other dates some cell would, too."


def rate_in_words(rate: BaseRate | None, length_s: int | None) -> str:
    if rate is None:
        return ""
    return (
        f"Of {rate.windows} windows of {in_words(length_s or DAY_S)} in {row_in_words(rate.cell)}, "
        f"{rate.reached} reached it ({percent(rate.share)})."
    )


def missing_days(claim: Claim, windows: Windows) -> list[date]:
    """Days that a window of the claim may touch, of which nothing of its kind is held."""
    first, last = claim.span.days
    rows = windows.series.filter(pl.col("side") == claim.side)
    held = set(rows["time"].dt.date().unique())
    return [day for day in days_between(first, last) if day not in held]


def days_in_words(days: Sequence[date]) -> str:
    """``2025-11-01 to 2025-11-22, 2025-11-30``"""
    runs: list[list[date]] = []
    for day in days:
        if runs and runs[-1][-1] + timedelta(days=1) == day:
            runs[-1] = [runs[-1][0], day]
        else:
            runs.append([day])
    said = [" to ".join(day.isoformat() for day in run) for run in runs[:DAYS_SAID]]
    return ", ".join(said) + (" and others" if len(runs) > DAYS_SAID else "")
