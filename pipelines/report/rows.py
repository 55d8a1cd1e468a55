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
CAUSES: Columns = {
    "week": _TEXT,
    "coin": _TEXT,
    "sides": _TEXT,
    "source_a": _TEXT,
    "venue_a": _TEXT,
    "source_b": _TEXT,
    "venue_b": _TEXT,
    "cause": _TEXT,
    "part_usd": AMOUNT,
    "is_estimated": _FLAG,
    "evidence": _TEXT,
    "a_usd": AMOUNT,
    "b_usd": AMOUNT,
    "gap_usd": AMOUNT,
}
_PAIR = {
    "week": _TEXT,
    "coin": _TEXT,
    "position": _TEXT,
    "source_a": _TEXT,
    "venue_a": _TEXT,
    "source_b": _TEXT,
    "venue_b": _TEXT,
}
AGREEMENT: Columns = _PAIR | {
    "scope_a": _TEXT,
    "scope_b": _TEXT,
    "first_day": _DAY,
    "last_day": _DAY,
    "days_both": _COUNT,
    "days_only_a": _COUNT,
    "days_only_b": _COUNT,
    "days_zero": _COUNT,
    "days_compared": _COUNT,
    "refused": _TEXT,
    "ratio": _FLOAT,
    "ratio_low": _FLOAT,
    "ratio_high": _FLOAT,
    "slope": _FLOAT,
    "slope_se": _FLOAT,
    "has_slope": _FLAG,
    "ratio_doubling_pct": _FLOAT,
    "unexplained_factor": _FLOAT,
    "concordance": _FLOAT,
    "rank_correlation": _FLOAT,
    "best_lag_days": _COUNT,
    "boundary_source": _TEXT,
    "boundary_offset_h": _COUNT,
    "boundary_days": _COUNT,
    "boundary_days_best": _COUNT,
    "level_break_day": _DAY,
    "level_break_step": _FLOAT,
    "level_break_chance": _FLOAT,
    "unit_factor": _FLOAT,
}
AGREEMENT_DAYS: Columns = _PAIR | {"day": _DAY, "a_usd": AMOUNT, "b_usd": AMOUNT}
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
REVISIONS: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "dataset": _TEXT,
    "interval_s": _COUNT,
    "release": _TEXT,
    "cells": _COUNT,
    "cells_asked_again": _COUNT,
    "cells_equal": _COUNT,
    "cells_restated": _COUNT,
    "cells_appeared": _COUNT,
    "cells_withdrawn": _COUNT,
    "first_usd": AMOUNT,
    "release_usd": AMOUNT,
    "mean_revision_usd": _FLOAT,
    "mean_absolute_revision_usd": _FLOAT,
    "mean_revision_log": _FLOAT,
    "mean_absolute_revision_log": _FLOAT,
}
REVISED: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "dataset": _TEXT,
    "scope": _TEXT,
    "coin": _TEXT,
    "interval_s": _COUNT,
    "bucket": _HOUR,
    "position": _TEXT,
    "change": _TEXT,
    "askings": _COUNT,
    "first_asked_at": _ASKED,
    "first_usd": AMOUNT,
    "latest_asked_at": _ASKED,
    "latest_usd": AMOUNT,
    "revision_usd": AMOUNT,
}
OVERLAP: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "dataset_a": _TEXT,
    "dataset_b": _TEXT,
    **dict.fromkeys(("market_days", "matched_exactly", "matched_scored"), _COUNT),
    **dict.fromkeys(("only_a", "only_b", "unheard_a", "unheard_b"), _COUNT),
    "market_days_estimated": _COUNT,
    **dict.fromkeys(("events_estimated", "events_estimated_se"), _FLOAT),
    **dict.fromkeys(("lost_a_pct", "lost_b_pct"), _FLOAT),
}
FINDINGS: Columns = {
    "week": _TEXT,
    "finding": _TEXT,
    "source": _TEXT,
    "subject": _TEXT,
    "sentence": _TEXT,
}


LAYERS: Columns = {
    "week": _TEXT,
    "venue": _TEXT,
    "scope": _TEXT,
    "coin": _TEXT,
    "position": _TEXT,
    "at_least_usd": AMOUNT,
    "at_least_by": _TEXT,
    "at_most_usd": AMOUNT,
    "at_most_by": _TEXT,
    "days_held": _COUNT,
    "flags": _TEXT,
}
ESTIMATES: Columns = {
    "week": _TEXT,
    "level": _TEXT,
    "venue": _TEXT,
    "scope": _TEXT,
    "position": _TEXT,
    "shown_usd": AMOUNT,
    "estimate_usd": AMOUNT,
    "low_usd": AMOUNT,
    "high_usd": AMOUNT,
    "learned_from": _TEXT,
    "reason": _TEXT,
}
REFUSED: Columns = {
    "week": _TEXT,
    "source": _TEXT,
    "venue": _TEXT,
    "coin": _TEXT,
    "guard": _TEXT,
    "hours": _COUNT,
}


@dataclass(frozen=True, slots=True)
class WeekRows:
    """One frame for each mart table that the page reads, of one week, in a fixed order."""

    week: Week
    liquidations: pl.DataFrame
    totals: pl.DataFrame
    daily: pl.DataFrame
    variance: pl.DataFrame
    causes: pl.DataFrame
    agreement: pl.DataFrame
    agreement_days: pl.DataFrame
    market: pl.DataFrame
    coverage: pl.DataFrame
    missing_hours: pl.DataFrame
    unasked: pl.DataFrame
    quarantined: pl.DataFrame
    revisions: pl.DataFrame
    revised: pl.DataFrame
    overlap: pl.DataFrame
    findings: pl.DataFrame
    layers: pl.DataFrame
    estimates: pl.DataFrame
    refused: pl.DataFrame


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
    "causes": (
        "mart.gap_causes",
        CAUSES,
        ("coin", "sides", "source_a", "venue_a", "source_b", "venue_b", "cause"),
    ),
    "agreement": (
        "mart.source_agreement",
        AGREEMENT,
        ("coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    ),
    "agreement_days": ("mart.agreement_days", AGREEMENT_DAYS, ("coin", "position", "day")),
    "market": ("mart.weekly_market", MARKET, ("coin", "source", "venue")),
    "coverage": ("mart.source_coverage", COVERAGE, ("source", "dataset")),
    "missing_hours": ("mart.missing_hours", MISSING_HOURS, ("source", "dataset", "first_hour")),
    "unasked": ("mart.unasked_open_interest", UNASKED, ("source",)),
    "quarantined": (
        "mart.quarantined",
        QUARANTINED,
        ("canonical", "source", "dataset", "reason"),
    ),
    "revisions": (
        "mart.revisions",
        REVISIONS,
        ("source", "dataset", "interval_s", "release"),
    ),
    "revised": (
        "mart.revised_cells",
        REVISED,
        ("source", "dataset", "scope", "coin", "interval_s", "bucket", "position"),
    ),
    "overlap": ("mart.feed_overlap", OVERLAP, ("source", "dataset_a", "dataset_b")),
    "findings": ("mart.findings", FINDINGS, ("finding", "source", "subject", "sentence")),
    "layers": ("mart.weekly_layers", LAYERS, ("venue", "scope", "coin", "position")),
    "estimates": ("mart.weekly_estimates", ESTIMATES, ("level", "venue", "position")),
    "refused": ("mart.refused_figures", REFUSED, ("source", "venue", "coin", "guard")),
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
