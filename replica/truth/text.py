"""Whole numbers as the digits that a source prints, and rows as the list that holds them."""

import numpy as np
import polars as pl

from replica.simulated.draws import Floats
from replica.template import filled


def digits(value: pl.Expr, places: pl.Expr | int) -> pl.Expr:
    """A whole number of ``10 ** -places``, all places printed: exact, whatever its size."""
    if isinstance(places, int):
        if places == 0:
            return value.cast(pl.String)
        power = pl.lit(10**places, dtype=pl.Int64)
        rest = (value.abs() % power).cast(pl.String).str.zfill(places)
        return (value.abs() // power).cast(pl.String) + pl.lit(".") + rest
    power = pl.lit(10, dtype=pl.Int64).pow(places)
    rest = (value.abs() % power).cast(pl.String).str.zfill(places)
    tail = pl.when(places > 0).then(pl.lit(".") + rest).otherwise(pl.lit(""))
    return (value.abs() // power).cast(pl.String) + tail


def amounts(value: pl.Expr, places: int) -> pl.Expr:
    """A float above or at zero, rounded to so many places and printed with all of them."""
    return digits((value * 10.0**places).round().cast(pl.Int64), places)


def printed(values: Floats, places: int) -> list[str]:
    """The same of a few numbers, for which an expression costs more than it saves."""
    power = 10**places
    whole = np.rint(values * power).astype(np.int64).tolist()
    return [f"{value // power}.{value % power:0{places}d}" for value in whole]


def joined(rows: pl.DataFrame, row: str, **values: pl.Expr) -> str:
    """Every row by its template, with commas between."""
    return parted(rows, row, ",", **values)


def parted(rows: pl.DataFrame, row: str, separator: str, **values: pl.Expr) -> str:
    """Every row by its template, with that between."""
    return str(rows.select(filled(row, **values).str.join(separator)).item())
