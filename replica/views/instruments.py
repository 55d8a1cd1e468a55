"""The world's instruments under the names that each source gives them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from replica.simulated.world import World
from replica.venues.coinalyze import VENUE_CODES
from replica.venues.coinglass_words import VENUE_NAMES


@dataclass(frozen=True, slots=True)
class Instrument:
    venue: str
    symbol: str
    coin: str
    multiplier: int
    inverse: bool
    price_decimals: int
    size_decimals: int
    funding_hours: int
    contract_size: float

    @property
    def counts_contracts(self) -> bool:
        return self.contract_size != 1.0 or self.inverse


def instruments(world: World) -> tuple[Instrument, ...]:
    return tuple(
        Instrument(
            row["venue"],
            row["symbol"],
            row["coin"],
            int(row["multiplier"]),
            row["margin"] == "inverse",
            int(row["price_decimals"]),
            int(row["size_decimals"]),
            int(row["funding_hours"]),
            float(row["contract_size"]),
        )
        for row in world.instruments.iter_rows(named=True)
    )


def coinglass_symbol() -> pl.Expr:
    """CoinGlass writes Bitget's linear contracts with a suffix."""
    suffix = pl.when(pl.col("venue") == "bitget").then(pl.lit("_UMCBL")).otherwise(pl.lit(""))
    return pl.col("symbol") + suffix


def coinalyze_symbol() -> pl.Expr:
    """Base and quote; Kraken has two contracts of each such pair and keeps its own names."""
    code = pl.col("venue").replace_strict({name: code for name, (_, code) in VENUE_CODES.items()})
    pair = pl.col("base") + pl.col("quote") + pl.lit("_PERP")
    name = pl.when(pl.col("venue") == "kraken").then(pl.col("symbol")).otherwise(pair)
    return name + pl.lit(".") + code


def listing(world: World, source: str) -> pl.DataFrame:
    """All instruments that a source lists; an aggregator's also as coins, without a quote."""
    frame = world.instruments.with_columns(
        (pl.col("margin") == "inverse").alias("inverse"), pl.col("symbol").alias("venue_symbol")
    )
    match source:
        case "coinglass":
            pairs = frame.with_columns(coinglass_symbol().alias("symbol"))
            coins = pairs.unique("coin", keep="first", maintain_order=True)
            alone = coins.with_columns(symbol="coin", quote=pl.lit(None, pl.String))
            return pl.concat([pairs, alone])
        case "coinalyze":
            return frame.with_columns(coinalyze_symbol().alias("symbol"))
    return frame.filter(pl.col("venue") == source)


def named(world: World, source: str) -> Mapping[tuple[str, str], Instrument]:
    """Instruments by an aggregator's word for the venue and its symbol."""
    held = {(one.venue, one.symbol): one for one in instruments(world)}
    frame = listing(world, source).drop_nulls("quote")
    return {
        (
            VENUE_NAMES[row["venue"]] if source == "coinglass" else "",
            row["symbol"],
        ): held[row["venue"], row["venue_symbol"]]
        for row in frame.iter_rows(named=True)
    }
