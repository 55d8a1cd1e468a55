"""Names as numbers while the cells of a part are made: a million rows are joined by them many times."""

import polars as pl

NAMES = ("source", "venue", "coin", "instrument_id", "position")


def coded(rows: pl.DataFrame) -> pl.DataFrame:
    """With those of NAMES that it has as categories."""
    held = [name for name in NAMES if name in rows.columns]
    return rows.with_columns(pl.col(held).cast(pl.Categorical))


def spelt(rows: pl.DataFrame) -> pl.DataFrame:
    """With NAMES as text again."""
    held = [name for name in NAMES if name in rows.columns]
    return rows.with_columns(pl.col(held).cast(pl.String))
