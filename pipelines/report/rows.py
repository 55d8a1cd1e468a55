"""The warehouse rows that a page is made from: the contract of the mart, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.tables import PromiseBrokenError
from pipelines.units import AMOUNT
from pipelines.weeks import Week

_TEXT, _COUNT, _DAY, _FLAG = pl.String(), pl.Int64(), pl.Date(), pl.Boolean()
_FLOAT = pl.Float64()
_HOUR, _ASKED = pl.Datetime("ms", "UTC"), pl.Datetime("us", "UTC")
_CELL = {"week": _TEXT, "source": _TEXT, "venue": _TEXT, "coin": _TEXT, "position": _TEXT}

Columns = Mapping[str, pl.DataType]

LIQUIDATIONS: Columns = _CELL | {
    "first_day": _DAY,
    "last_day": _DAY,
    "series": _TEXT,
    "scope": _TEXT,
    "coverage": _TEXT,
    "usd_basis": _TEXT,
    "notional_usd": AMOUNT,
    "size_coins": AMOUNT,
    "days_held": _COUNT,
    "missing_days": _TEXT,
    "rows_without_usd": _COUNT,
    "is_complete": _FLAG,
}
TOTALS: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "venue": _TEXT,
    "position": _TEXT,
    "notional_usd": AMOUNT,
    "coins": _COUNT,
    "days_held": _COUNT,
    "coins_incomplete": _COUNT,
    "missing_days": _TEXT,
    "usd_basis": _TEXT,
    "rows_without_usd": _COUNT,
}
DAILY: Columns = _CELL | {"day": _DAY, "notional_usd": AMOUNT, "is_held": _FLAG}
VARIANCE: Columns = {
    "week": _TEXT,
    "coin": _TEXT,
    "position": _TEXT,
    "source_a": _TEXT,
    "venue_a": _TEXT,
    "scope_a": _TEXT,
    "source_b": _TEXT,
    "venue_b": _TEXT,
    "scope_b": _TEXT,
    "days_compared": _COUNT,
    "days_only_a": _COUNT,
    "days_only_b": _COUNT,
    "a_usd": AMOUNT,
    "b_usd": AMOUNT,
    "gap_usd": AMOUNT,
    "ratio": _FLOAT,
    "rank_correlation": _FLOAT,
}
MARKET: Columns = {
    "week": _TEXT,
    "coin": _TEXT,
    "source": _TEXT,
    "venue": _TEXT,
    "instrument_id": _TEXT,
    "price_open": AMOUNT,
    "price_close": AMOUNT,
    "price_change_pct": _FLOAT,
    "price_before": AMOUNT,
    "open_interest_usd": AMOUNT,
    "open_interest_day": _DAY,
    "open_interest_markets": _COUNT,
    "open_interest_before_usd": AMOUNT,
    "open_interest_markets_before": _COUNT,
    "open_interest_change_pct": _FLOAT,
    "funding_mean": AMOUNT,
    "funding_before": AMOUNT,
    "funding_sum": AMOUNT,
    "funding_count": _COUNT,
    "days_held": _COUNT,
    "days_held_before": _COUNT,
}
COVERAGE: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "dataset": _TEXT,
    "days_expected": _COUNT,
    "days_held": _COUNT,
    "missing_days": _TEXT,
    "subjects": _COUNT,
    "subjects_incomplete": _COUNT,
    "hours_expected": _COUNT,
    "hours_held": _COUNT,
    "asked_first": _ASKED,
    "asked_last": _ASKED,
}
MISSING_HOURS: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "dataset": _TEXT,
    "first_hour": _HOUR,
    "last_hour": _HOUR,
    "hours": _COUNT,
    "is_whole": _FLAG,
}
UNASKED: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "instruments_listed": _COUNT,
    "instruments_asked": _COUNT,
    "instruments_unweighed": _COUNT,
    "open_interest_listed_usd": AMOUNT,
    "open_interest_asked_usd": AMOUNT,
    "not_asked_pct": _FLOAT,
}
QUARANTINED: Columns = {
    "week": _TEXT,
    "canonical": _TEXT,
    "source": _TEXT,
    "dataset": _TEXT,
    "reason": _TEXT,
    "rows": _COUNT,
}
VERDICTS: Columns = {
    "week": _TEXT,
    "claim_id": _TEXT,
    "verdict": _TEXT,
    "reason": _TEXT,
    "first_day": _DAY,
    "last_day": _DAY,
    "window_stated": _TEXT,
    "side": _TEXT,
    "scope": _TEXT,
    "value_usd": AMOUNT,
    "low_usd": AMOUNT,
    "high_usd": AMOUNT,
    "cells_searched": _COUNT,
    "cells_fitting": _COUNT,
    "dates_permuted": _COUNT,
    "chance_of_fit": _FLOAT,
    "best_source": _TEXT,
    "best_venue": _TEXT,
    "best_coin": _TEXT,
    "best_length_s": _COUNT,
    "best_end": _HOUR,
    "best_usd": AMOUNT,
    "base_rate": _FLOAT,
    "base_reached": _COUNT,
    "base_windows": _COUNT,
    "base_source": _TEXT,
    "base_venue": _TEXT,
    "base_coin": _TEXT,
    "base_coins": _COUNT,
}
FINDINGS: Columns = {
    "week": _TEXT,
    "finding": _TEXT,
    "source": _TEXT,
    "subject": _TEXT,
    "sentence": _TEXT,
}


@dataclass(frozen=True, slots=True)
class WeekRows:
    """One frame for each mart table that the page reads, of one week, in a fixed order."""

    week: Week
    liquidations: pl.DataFrame
    totals: pl.DataFrame
    daily: pl.DataFrame
    variance: pl.DataFrame
    market: pl.DataFrame
    coverage: pl.DataFrame
    missing_hours: pl.DataFrame
    unasked: pl.DataFrame
    quarantined: pl.DataFrame
    findings: pl.DataFrame
    verdicts: pl.DataFrame


# Field of WeekRows: the table, its columns, and the columns that put its rows in order.
TABLES: Mapping[str, tuple[str, Columns, tuple[str, ...]]] = {
    "liquidations": (
        "mart.weekly_liquidations",
        LIQUIDATIONS,
        ("source", "venue", "coin", "position"),
    ),
    "totals": ("mart.weekly_totals", TOTALS, ("source", "venue", "position")),
    "daily": ("mart.daily_liquidations", DAILY, ("source", "venue", "coin", "position", "day")),
    "variance": (
        "mart.weekly_source_variance",
        VARIANCE,
        ("coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    ),
    "market": ("mart.weekly_market", MARKET, ("coin", "source", "venue")),
    "coverage": ("mart.source_coverage", COVERAGE, ("source", "dataset")),
    "missing_hours": ("mart.missing_hours", MISSING_HOURS, ("source", "dataset", "first_hour")),
    "unasked": ("mart.unasked_open_interest", UNASKED, ("source",)),
    "quarantined": (
        "mart.quarantined",
        QUARANTINED,
        ("canonical", "source", "dataset", "reason"),
    ),
    "findings": ("mart.findings", FINDINGS, ("finding", "source", "subject", "sentence")),
    "verdicts": ("mart.claim_verdicts", VERDICTS, ("claim_id",)),
}


def read(warehouse: Path, week: Week) -> WeekRows:
    """The rows of ``week``, whatever order and width the warehouse keeps them in."""
    from pipelines.load.connection import connect, quoted

    frames = {}
    with connect(warehouse, read_only=True) as connection:
        for field, (table, columns, _) in TABLES.items():
            # A literal: with a parameter DuckDB imports pandas where there is one.
            chosen = f"from {table} where week = {quoted(week.name)}"
            frames[field] = connection.execute(f"select {', '.join(columns)} {chosen}").pl()
    return week_rows(week, frames)


def week_rows(week: Week, frames: Mapping[str, pl.DataFrame]) -> WeekRows:
    """``frames`` by field, brought to the declared types and order; absent ones are empty.

    Raises PromiseBrokenError where a frame lacks a declared column.
    """
    made = {}
    for field, (table, columns, order) in TABLES.items():
        frame = frames.get(field, pl.DataFrame(schema=dict(columns)))
        if lost := [name for name in columns if name not in frame.columns]:
            raise PromiseBrokenError(f"{table}: missing {lost}")
        made[field] = (
            frame.select(_as(frame, name, dtype) for name, dtype in columns.items())
            .filter(pl.col("week") == week.name)
            .sort(order)
        )
    return WeekRows(week, **made)


def _as(frame: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == AMOUNT and frame.schema[name].is_float():
        # A direct cast writes the binary fraction out: 123456.789000000003637248.
        column = column.map_elements(_shortest, return_dtype=pl.String)
    return column.cast(dtype)


def _shortest(value: float) -> str:
    return format(Decimal(repr(value)), ".18f")
