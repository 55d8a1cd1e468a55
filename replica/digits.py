"""Numbers as decimal digits without exponents, the way the sources print them."""

from decimal import Decimal

import polars as pl


def plain(text: str) -> str:
    """The same number without an exponent."""
    return format(Decimal(text), "f")


def shortest(column: pl.Series) -> pl.Series:
    """The fewest digits that give the stored float back; null stays null."""
    text = column.cast(pl.Float64).cast(pl.String)
    scientific = text.str.contains("e")
    if not scientific.any():
        return text
    return pl.Series(
        column.name,
        [plain(one) if one is not None and "e" in one else one for one in text],
        dtype=pl.String,
    )


def fixed(value: pl.Expr, decimals: pl.Expr | int) -> pl.Expr:
    """A float that was rounded to `decimals` places, with all of them printed."""
    places = pl.lit(decimals, pl.Int64) if isinstance(decimals, int) else decimals.cast(pl.Int64)
    power = pl.lit(10, pl.Int64).pow(places)
    units = (value * power).round().cast(pl.Int64)
    whole = (units.abs() // power).cast(pl.String)
    rest = (units.abs() % power).cast(pl.String).str.zfill(places)
    sign = pl.when(units < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    tail = pl.when(places > 0).then(pl.lit(".") + rest).otherwise(pl.lit(""))
    return sign + whole + tail


def trimmed(value: pl.Expr, decimals: int) -> pl.Expr:
    """Rounded to `decimals` places, printed without the zeros at the end."""
    return fixed(value, decimals).str.strip_chars_end("0").str.strip_chars_end(".")
