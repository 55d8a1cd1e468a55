"""Columns that every table of the made-up market has."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from pipelines.tables.words import Coverage
from pipelines.units import AMOUNT, quotient


def lineage(dataset: str, coverage: Coverage, day: date) -> dict[str, pl.Expr]:
    """Feed, coverage and instant of asking: the day after, at five."""
    asked = datetime(day.year, day.month, day.day, 5, tzinfo=UTC) + timedelta(days=1)
    return {
        "feed": pl.concat_str(pl.col("source"), pl.lit(f"/{dataset}@2024-01-01")),
        "coverage": pl.lit(coverage.value),
        "asked_at": pl.lit(asked),
    }


def amounts(name: str, places: int) -> pl.Expr:
    """Whole numbers as decimals with so many places."""
    return quotient(pl.col(name).cast(AMOUNT), 10**places)
