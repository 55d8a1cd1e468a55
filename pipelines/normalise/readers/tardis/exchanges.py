"""What Tardis calls an exchange: whose market it is, in which unit, at which price.

Its files keep each venue's own unit. Which price stands in them is told by the vendor's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from pipelines.normalise.eras import Known
from pipelines.normalise.fields import said
from pipelines.normalise.markets import TERMS
from pipelines.tables.words import PriceKind, Unit
from pipelines.units import Margin


@dataclass(frozen=True, slots=True)
class Exchange:
    """``prefix`` stands before the symbol in the venue's own spelling; ``sides`` is how many
    sides its open interest counts. ``price`` is None where the price is not of the liquidation.
    """

    venue: str
    linear: Unit | None
    inverse: Unit | None = None
    price: PriceKind | None = None
    prefix: str = ""
    sides: int = 1
    has_liquidations: bool = True


EXCHANGES = {
    "binance-futures": Exchange("binance", Unit.COINS, price=PriceKind.ORDER),
    "binance-delivery": Exchange("binance", None, Unit.CONTRACTS, PriceKind.ORDER),
    "bybit": Exchange("bybit", Unit.COINS, Unit.USD, PriceKind.BANKRUPTCY, sides=2),
    "okex-swap": Exchange("okx", Unit.CONTRACTS, Unit.CONTRACTS, PriceKind.BANKRUPTCY),
    "deribit": Exchange("deribit", Unit.COINS, Unit.USD, PriceKind.FILL),
    "huobi-dm-linear-swap": Exchange("htx", Unit.CONTRACTS, price=PriceKind.BANKRUPTCY),
    "huobi-dm-swap": Exchange("htx", None, Unit.CONTRACTS, PriceKind.BANKRUPTCY),
    "bitfinex-derivatives": Exchange("bitfinex", Unit.COINS, prefix="t"),  # prints the entry
    "cryptofacilities": Exchange("kraken", Unit.COINS, Unit.USD, PriceKind.FILL),
    "dydx-v4": Exchange("dydx", Unit.COINS, price=PriceKind.FILL),
    "bitmex": Exchange("bitmex", Unit.CONTRACTS, Unit.CONTRACTS, PriceKind.ORDER),
    "bitget-futures": Exchange("bitget", Unit.COINS, has_liquidations=False),
    "gate-io-futures": Exchange("gate", Unit.CONTRACTS, has_liquidations=False),
    "kucoin-futures": Exchange("kucoin", Unit.CONTRACTS, Unit.CONTRACTS, has_liquidations=False),
    "hyperliquid": Exchange("hyperliquid", Unit.COINS, has_liquidations=False),
}
LIQUIDATING = {name: one for name, one in EXCHANGES.items() if one.has_liquidations}


def venue() -> pl.Expr:
    """Our id of the venue; null for an exchange that we do not know."""
    venues = {name: one.venue for name, one in EXCHANGES.items()}
    return said("exchange").replace_strict(venues, default=None, return_dtype=pl.String)


def instrument(symbol: pl.Expr) -> pl.Expr:
    """``venue:symbol`` as the venue spells it, but for capitals."""
    prefixes = {name: one.prefix for name, one in EXCHANGES.items()}
    prefix = said("exchange").replace_strict(prefixes, default=None, return_dtype=pl.String)
    return venue() + ":" + prefix + symbol


def unit() -> pl.Expr:
    """What a size counts; the market's margin must be known."""
    linear = {name: one.linear for name, one in EXCHANGES.items() if one.linear}
    inverse = {name: one.inverse for name, one in EXCHANGES.items() if one.inverse}
    by_margin = pl.when(pl.col("margin") == Margin.INVERSE.value)
    return (
        by_margin.then(_by_exchange(inverse, Unit))
        .when(pl.col("margin") == Margin.LINEAR.value)
        .then(_by_exchange(linear, Unit))
    )


def price_kind() -> pl.Expr:
    kinds = {name: one.price for name, one in LIQUIDATING.items() if one.price}
    return _by_exchange(kinds, PriceKind)


def counts_both_sides() -> pl.Expr:
    return said("exchange").is_in([name for name, one in EXCHANGES.items() if one.sides == 2])


def _by_exchange(words: Mapping[str, StrEnum], kind: type[StrEnum]) -> pl.Expr:
    return said("exchange").replace_strict(words, default=None, return_dtype=pl.Enum(kind))


def with_terms(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Add the terms of each row's market: as the venue itself lists it, else as Tardis does."""
    listings = known.instruments.sort(pl.col("source") == "tardis", maintain_order=True)
    terms = listings.with_columns(_key=pl.col("instrument_id").str.to_lowercase())
    terms = terms.unique("_key", keep="first", maintain_order=True).select("_key", *TERMS)
    keyed = rows.with_columns(_key=instrument(said("symbol")).str.to_lowercase())
    return keyed.join(terms, on="_key", how="left", maintain_order="left").drop("_key")
