"""An index of mood, whoever publishes it: 0 is fear, 100 is greed, one figure a day."""

import polars as pl

from pipelines.normalise.fields import first_reason
from pipelines.units import exact

DAY_S = 86_400


def with_index(rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """Add the index to rows that speak of everything at once; one beyond its ends is refused."""
    index = exact(value)
    return rows.with_columns(
        subject=pl.lit("*"),
        interval_s=pl.lit(DAY_S, dtype=pl.Int32),
        sentiment_index=index,
        reason=first_reason(
            (index.is_null(), "an index that is no exact number"),
            (~index.is_between(0, 100), "an index that is not between 0 and 100"),
        ),
    )
