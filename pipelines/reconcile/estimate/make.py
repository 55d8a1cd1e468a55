"""The estimates of a week as the table ``estimates``: floats become dollars and cents, once."""

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.estimate.estimates import estimates
from pipelines.reconcile.estimate.spread import learned
from pipelines.reconcile.layers.make import found_in, of_monday
from pipelines.tables import ESTIMATES
from pipelines.units import AMOUNT, quotient
from pipelines.weeks import Week

CENTS = 2  # places


def estimate_rows(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of ESTIMATES."""
    _, found = found_in(lake, week)
    rows = estimates(found, learned())
    amounts = [name for name, dtype in ESTIMATES.schema.items() if dtype == AMOUNT]
    cents = [_in_cents(name) for name in amounts]
    return of_monday(rows.with_columns(cents), week).select(
        pl.col(name).cast(dtype) for name, dtype in ESTIMATES.schema.items()
    )


def _in_cents(name: str) -> pl.Expr:
    """By whole cents, so that no binary fraction is written out."""
    cents = (pl.col(name) * 10**CENTS).round().cast(pl.Int64)
    return quotient(cents.cast(AMOUNT), 10**CENTS).alias(name)
