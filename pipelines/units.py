"""Contracts to coins to dollars: the only module that multiplies a size by a price.

Amounts are decimals with 18 places. Digits that do not fit are refused, never cut: casting text to
a decimal rounds in silence, so the text is measured first. Products are made here, in Polars,
because DuckDB's DECIMAL(38,18) multiplication overflows at 30 times 4.
"""

from decimal import Context, Decimal
from enum import StrEnum

import polars as pl

AMOUNT = pl.Decimal(38, 18)  # 18 places: some coins trade at 1e-8 dollars and below
INTEGER_DIGITS = 20
PLACES = 18

# A number of JSON, or of a CSV file: digits, at most one point, perhaps an exponent.
# The digits are spelt out: \d would also take those of other scripts.
_PLAIN = rf"^-?[0-9]{{1,{INTEGER_DIGITS}}}(\.[0-9]{{1,{PLACES}}}0*)?$"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$"


class Margin(StrEnum):
    """What one contract is a fixed amount of."""

    LINEAR = "linear"  # the base coin; profit is paid in the quote
    INVERSE = "inverse"  # US dollars; profit is paid in the coin


def exact(text: pl.Expr) -> pl.Expr:
    """The decimal that ``text`` (a String column) writes; null where it is none or does not fit."""
    plain = text.str.contains(_PLAIN)
    return (
        pl.when(plain)
        .then(text)
        .when(text.str.contains(_NUMBER))
        .then(text.map_elements(_spelt_out, return_dtype=pl.String))
        .otherwise(None)
        .cast(AMOUNT, strict=False)
    )


def _spelt_out(text: str) -> str | None:
    """``2.5E-7`` as ``0.00000025``; None where digits would be lost."""
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    kept = "".join(map(str, digits)).lstrip("0")
    bare = kept.rstrip("0")  # not Decimal.normalize: that rounds to 28 digits
    exponent += len(kept) - len(bare)
    if not bare:
        return "0"
    if -exponent > PLACES or len(bare) + exponent > INTEGER_DIGITS:
        return None
    return format(Decimal((sign, tuple(map(int, bare)), exponent)), "f")


def nearest(text: pl.Expr) -> pl.Expr:
    """``exact``, but digits behind the last place are rounded: for floats that are printed whole,
    whose last digits are an accident of the float.
    """
    rounded = pl.when(text.str.contains(_NUMBER)).then(text)
    return pl.coalesce(
        exact(text),
        rounded.map_elements(_rounded, return_dtype=pl.String).cast(AMOUNT, strict=False),
    )


def _rounded(text: str) -> str | None:
    number = Decimal(text)
    if number.adjusted() >= INTEGER_DIGITS - 1:
        return None
    last = Decimal(1).scaleb(-PLACES)
    return format(number.quantize(last, context=Context(prec=INTEGER_DIGITS + PLACES)), "f")


def percent_to_fraction(percent: pl.Expr) -> pl.Expr:
    """Exact: a percent value with more than 16 places does not fit and becomes null."""
    # at the very end of the range a rounded fraction times 100 would no longer fit, and raise
    fits = percent.cast(pl.Float64).abs() < 10.0**INTEGER_DIGITS / 2
    fraction = (pl.when(fits).then(percent) * pl.lit(Decimal("0.01"))).cast(AMOUNT)
    return pl.when(fraction * pl.lit(Decimal(100)) == percent).then(fraction).otherwise(None)


def coins_of(base: pl.Expr, multiplier: pl.Expr) -> pl.Expr:
    """Coins in ``base`` units of an instrument that counts ``multiplier`` coins (1000PEPE) as one."""
    return _product(base, multiplier)


def base_of_contracts(contracts: pl.Expr, contract_size: pl.Expr) -> pl.Expr:
    """Base units of so many contracts of a linear market."""
    return _product(contracts, contract_size)


def usd_of_contracts(contracts: pl.Expr, contract_size: pl.Expr) -> pl.Expr:
    """Dollars that so many contracts of an inverse market are made of."""
    return _product(contracts, contract_size)


def notional(size: pl.Expr, price: pl.Expr) -> pl.Expr:
    """Quote value of ``size`` base units at ``price``, rounded to 18 places; null if too large."""
    return _product(size, price)


def _product(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    # A product beyond 20 integer digits raises and takes every other row with it: keep it out.
    fits = (left.cast(pl.Float64) * right.cast(pl.Float64)).abs() < 10.0**INTEGER_DIGITS / 2
    return (pl.when(fits).then(left) * right).cast(AMOUNT)


def inverse_coins(contracts_usd: pl.Expr, price: pl.Expr) -> pl.Expr:
    """Coins behind an inverse position of so many dollars: a quotient, rounded to 18 places."""
    return quotient(contracts_usd, price)


def quotient(amount: pl.Expr, by: pl.Expr | int) -> pl.Expr:
    """``amount`` divided, rounded to 18 places; null if too large, or where ``by`` is zero."""
    divisor = pl.lit(Decimal(by)) if isinstance(by, int) else by
    # As with products: one division that cannot be done takes every other row with it.
    size = amount.cast(pl.Float64).abs() / divisor.cast(pl.Float64).abs()
    fits = (divisor != 0) & (size < 10.0**INTEGER_DIGITS / 2)
    return (amount / pl.when(fits).then(divisor)).cast(AMOUNT)
