"""The warehouse rows that a page is made from: the contract of the mart, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.report import columns
from pipelines.report.columns import Columns
from pipelines.tables import SHARE_BREAKS, VOLUME_CHECKS, PromiseBrokenError, Table
from pipelines.units import AMOUNT
from pipelines.weeks import Week


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
    volume_checks: pl.DataFrame
    verdicts: pl.DataFrame
    share_breaks: pl.DataFrame


def _as_made(table: Table) -> Columns:
    """Of a mart table that is one of the lake's by its week."""
    return {"week": pl.String()} | {
        column.name: column.dtype for column in table.columns if column.name != table.time
    }


# Field of WeekRows: the table, its columns, and the columns that put its rows in order.
TABLES: Mapping[str, tuple[str, Columns, tuple[str, ...]]] = {
    "liquidations": (
        "mart.weekly_liquidations",
        columns.LIQUIDATIONS,
        ("source", "venue", "coin", "position"),
    ),
    "totals": ("mart.weekly_totals", columns.TOTALS, ("source", "venue", "position")),
    "daily": (
        "mart.daily_liquidations",
        columns.DAILY,
        ("source", "venue", "coin", "position", "day"),
    ),
    "variance": (
        "mart.weekly_source_variance",
        columns.VARIANCE,
        ("coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    ),
    "causes": (
        "mart.gap_causes",
        columns.CAUSES,
        ("coin", "sides", "source_a", "venue_a", "source_b", "venue_b", "cause"),
    ),
    "agreement": (
        "mart.source_agreement",
        columns.AGREEMENT,
        ("coin", "position", "source_a", "venue_a", "source_b", "venue_b"),
    ),
    "agreement_days": ("mart.agreement_days", columns.AGREEMENT_DAYS, ("coin", "position", "day")),
    "market": ("mart.weekly_market", columns.MARKET, ("coin", "source", "venue")),
    "coverage": ("mart.source_coverage", columns.COVERAGE, ("source", "dataset")),
    "missing_hours": (
        "mart.missing_hours",
        columns.MISSING_HOURS,
        ("source", "dataset", "first_hour"),
    ),
    "unasked": ("mart.unasked_open_interest", columns.UNASKED, ("source",)),
    "quarantined": (
        "mart.quarantined",
        columns.QUARANTINED,
        ("canonical", "source", "dataset", "reason"),
    ),
    "revisions": (
        "mart.revisions",
        columns.REVISIONS,
        ("source", "dataset", "interval_s", "release"),
    ),
    "revised": (
        "mart.revised_cells",
        columns.REVISED,
        ("source", "dataset", "scope", "coin", "interval_s", "bucket", "position"),
    ),
    "overlap": ("mart.feed_overlap", columns.OVERLAP, ("source", "dataset_a", "dataset_b")),
    "findings": ("mart.findings", columns.FINDINGS, ("finding", "source", "subject", "sentence")),
    "layers": ("mart.weekly_layers", columns.LAYERS, ("venue", "scope", "coin", "position")),
    "estimates": ("mart.weekly_estimates", columns.ESTIMATES, ("level", "venue", "sides")),
    "refused": ("mart.refused_figures", columns.REFUSED, ("source", "venue", "coin", "guard")),
    "volume_checks": (
        "mart.volume_checks",
        _as_made(VOLUME_CHECKS),
        ("source", "venue", "coin"),
    ),
    "verdicts": ("mart.claim_verdicts", columns.VERDICTS, ("claim_id",)),
    "share_breaks": (
        "mart.venue_share_breaks",
        _as_made(SHARE_BREAKS),
        ("venue", "source_named", "last_before", "first_after"),
    ),
}


def read(warehouse: Path, week: Week) -> WeekRows:
    """The rows of ``week``, whatever order and width the warehouse keeps them in."""
    from pipelines.load.connection import connect, quoted

    frames = {}
    with connect(warehouse, read_only=True) as connection:
        for field, (table, declared, _) in TABLES.items():
            # A literal: with a parameter DuckDB imports pandas where there is one.
            chosen = f"from {table} where week = {quoted(week.name)}"
            frames[field] = connection.execute(f"select {', '.join(declared)} {chosen}").pl()
    return week_rows(week, frames)


def week_rows(week: Week, frames: Mapping[str, pl.DataFrame]) -> WeekRows:
    """``frames`` by field, brought to the declared types and order; absent ones are empty.

    Raises PromiseBrokenError where a frame lacks a declared column.
    """
    made = {}
    for field, (table, declared, order) in TABLES.items():
        frame = frames.get(field, pl.DataFrame(schema=dict(declared)))
        if lost := [name for name in declared if name not in frame.columns]:
            raise PromiseBrokenError(f"{table}: missing {lost}")
        made[field] = (
            frame.select(_as(frame, name, dtype) for name, dtype in declared.items())
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
