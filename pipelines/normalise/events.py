"""A forced order of any venue, from its printed size and price to coins, quote and dollars."""

import polars as pl

from pipelines.normalise.dollars import in_dollars
from pipelines.normalise.eras import Known
from pipelines.normalise.fields import first_reason, told
from pipelines.tables.words import Basis, PriceKind, Unit
from pipelines.units import (
    Margin,
    base_of_contracts,
    coins_of,
    exact,
    inverse_coins,
    notional,
    quotient,
    usd_of_contracts,
)


def forced(
    rows: pl.DataFrame,
    known: Known,
    *,
    size: pl.Expr,
    price: pl.Expr,
    unit: Unit | pl.Expr,
    price_kind: PriceKind | pl.Expr,
    published_usd: pl.Expr | None = None,
    published_quote: pl.Expr | None = None,
) -> pl.DataFrame:
    """Add size, price and the amounts that follow from them to rows with their market's terms.

    ``size`` counts what ``unit`` says: base units, contracts of ``contract_size``, dollars (of an
    inverse market), or the quote, from which base units follow by the price. An inverse market's
    quote amount is its dollars, whatever the price. With ``published_usd`` the venue's own dollars
    are kept, with ``published_quote`` its own amount of the quote wherever it is not null. ``rows``
    needs ``time`` beside the terms that ``with_market`` adds.
    """
    units = told(unit) if isinstance(unit, Unit) else unit
    kinds = told(price_kind) if isinstance(price_kind, PriceKind) else price_kind
    sized = rows.with_columns(size=size, price=price, size_unit=units, price_kind=kinds)
    amounts = sized.with_columns(_base=_base(), _usd=_inverse_usd())
    inverse = pl.col("margin") == Margin.INVERSE.value
    found = amounts.with_columns(
        size_coins=pl.when(inverse)
        .then(inverse_coins(pl.col("_usd"), pl.col("price")))
        .otherwise(coins_of(pl.col("_base"), pl.col("coins_per_base"))),
        notional_quote=pl.when(inverse)
        .then(pl.col("_usd"))
        .when(pl.col("size_unit") == Unit.QUOTE.value)
        .then(pl.col("size"))
        .otherwise(notional(pl.col("_base"), pl.col("price"))),
    ).drop("_base", "_usd")
    if published_usd is not None:
        return found.with_columns(
            notional_quote=published_usd,
            notional_usd=published_usd,
            usd_basis=pl.when(published_usd.is_not_null()).then(told(Basis.PUBLISHED)),
        )
    if published_quote is not None:
        found = found.with_columns(notional_quote=pl.coalesce(published_quote, "notional_quote"))
    return _with_dollars(found, known)


def _with_dollars(found: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What an inverse contract is made of is dollars, whatever its quote is called."""
    inverse = pl.col("margin") == Margin.INVERSE.value
    return in_dollars(found, known).with_columns(
        notional_usd=pl.when(inverse).then(pl.col("notional_quote")).otherwise("notional_usd"),
        usd_basis=pl.when(inverse & pl.col("notional_quote").is_not_null())
        .then(told(Basis.DOLLARS))
        .otherwise("usd_basis"),
    )


def _base() -> pl.Expr:
    """Base units of a linear market; null where the unit says nothing about them."""
    size, unit = pl.col("size"), pl.col("size_unit")
    return (
        pl.when(unit == Unit.COINS.value)
        .then(size)
        .when(unit == Unit.CONTRACTS.value)
        .then(base_of_contracts(size, pl.col("contract_size")))
        .when(unit == Unit.QUOTE.value)
        .then(quotient(size, pl.col("price")))
    )


def _inverse_usd() -> pl.Expr:
    """Dollars of an inverse market."""
    size, unit = pl.col("size"), pl.col("size_unit")
    return (
        pl.when(unit.is_in([Unit.USD.value, Unit.QUOTE.value]))
        .then(size)
        .when(unit == Unit.CONTRACTS.value)
        .then(usd_of_contracts(size, pl.col("contract_size")))
    )


def unsound(price_may_be_missing: bool = False) -> pl.Expr:
    """The reason for a size or price that cannot be, and for a product that is no exact number."""
    size, price = pl.col("size"), pl.col("price")
    bad_price = price <= 0 if price_may_be_missing else ~(price > 0)
    product = pl.col("notional_quote").is_null() | pl.col("size_coins").is_null()
    needs_price = product & price.is_not_null() if price_may_be_missing else product
    return first_reason(
        (~(size > 0), "no positive size"),
        (bad_price.fill_null(value=not price_may_be_missing), "no positive price"),
        (needs_price, "size and price give no exact product"),
    )


NO_AMOUNT = exact(pl.lit(None, dtype=pl.String))
