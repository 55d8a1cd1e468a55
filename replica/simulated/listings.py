"""Which venue lists which coin, under which name, in which unit, and how much of it trades."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final

import numpy as np
import polars as pl

from replica.simulated.coins import COINS, Coin
from replica.simulated.draws import Draws

BITCOIN_AND_ETHER: Final = ("BTC", "ETH")
LAUNCHED_MS: Final = int(datetime(2024, 5, 6, 8, tzinfo=UTC).timestamp()) * 1000
NEW_MS: Final = int(datetime(2026, 11, 3, 8, tzinfo=UTC).timestamp()) * 1000
# Decimals of coins that an inverse contract is worth: the same as bitcoin's own.
INVERSE_DECIMALS: Final = 8
# Forced orders of the cascade week, as a share of one-sided open interest.
LIQUIDATED_SHARE: Final = 0.08
# A small market still has some of the venue with the fewest.
LEAST_EVENTS: Final = 250.0


@dataclass(frozen=True, slots=True)
class Venue:
    """`events` is the count of forced orders in the cascade week of the full market."""

    name: str
    events: int
    order_scale: float
    quote: str
    funding_hours: int
    absent: frozenset[str] = frozenset()


KRAKEN_LACKS: Final = frozenset(
    {"BNB", "HYPE", "LINEA", "MONAD", "VET", "SEI", "GALA", "FLOKI", "BONK"}
)
# Those of the coins that the smaller venues list.
EVERY_COIN: Final = frozenset(coin.name for coin in COINS)
DERIBIT_LISTS: Final = frozenset({"BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "AVAX", "LINK"})
BITFINEX_LISTS: Final = DERIBIT_LISTS | {"LTC", "DOT", "XLM", "FIL", "UNI", "NEAR", "APT", "SUI"}
VENUES: Final = (
    Venue("binance", 470_000, 1.0, "USDT", 8),
    Venue("bybit", 200_000, 1.1, "USDT", 8),
    Venue("okx", 165_000, 1.2, "USDT", 8, frozenset({"MONAD", "VET", "FET"})),
    Venue("gate", 72_000, 0.7, "USDT", 8),
    Venue("htx", 52_000, 0.8, "USDT", 8, frozenset({"HYPE", "LINEA", "PENGU", "TIA"})),
    Venue("bitget", 98_000, 0.8, "USDT", 8),
    Venue("kraken", 2_200, 1.0, "USD", 1, KRAKEN_LACKS),
    Venue("hyperliquid", 118_000, 1.8, "USDC", 1, frozenset({"HBAR", "VET", "ALGO", "ICP"})),
    Venue("deribit", 6_000, 1.6, "USDC", 1, EVERY_COIN - DERIBIT_LISTS),
    Venue("bitfinex", 1_600, 1.1, "USDT", 8, EVERY_COIN - BITFINEX_LISTS),
    Venue("kucoin", 41_000, 0.6, "USDT", 8, frozenset({"MONAD", "LINEA"})),
    Venue("dydx", 9_000, 0.9, "USD", 1, frozenset({"MONAD", "LINEA", "BONK", "FLOKI"})),
)
# Share of the venue's forced orders that fall on its inverse contracts.
INVERSE_SHARE: Final = {
    "binance": 0.05,
    "bybit": 0.04,
    "okx": 0.05,
    "htx": 0.06,
    "kraken": 0.12,
    "deribit": 0.80,
}

# How each venue writes a linear market of a base.
SYMBOLS = {
    "binance": "{}USDT",
    "bybit": "{}USDT",
    "bitget": "{}USDT",
    "okx": "{}-USDT-SWAP",
    "gate": "{}_USDT",
    "htx": "{}-USDT",
    "kraken": "PF_{}USD",
    "hyperliquid": "{}",
    "deribit": "{}_USDC-PERPETUAL",
    "bitfinex": "t{}F0:USTF0",
    "kucoin": "{}USDTM",
    "dydx": "{}-USD",
}
INVERSE_SYMBOLS = {
    "binance": "{}USD_PERP",
    "bybit": "{}USD",
    "okx": "{}-USD-SWAP",
    "htx": "{}-USD",
    "kraken": "PI_{}USD",
    "deribit": "{}-PERPETUAL",
}
# Dollars in an inverse contract: of bitcoin, of another coin; one where nothing is said.
INVERSE_USD = {
    "binance": (100.0, 10.0),
    "okx": (100.0, 10.0),
    "htx": (100.0, 10.0),
    "deribit": (10.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """The venue's symbol, its name of the base asset, and coins in one base unit."""

    symbol: str
    base: str
    multiplier: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One instrument.

    `size_decimals` are those of an amount in base units; sizes in contracts are whole.
    `price` is the first price of one base unit; the three fields after it set the scale.
    """

    venue: str
    symbol: str
    coin: str
    multiplier: int
    base: str
    quote: str
    margin: str
    contract_size: float
    price_decimals: int
    size_decimals: int
    launched_ms: int
    funding_hours: int
    price: float
    events: float
    order_usd: float
    interest_usd: float

    @property
    def key(self) -> tuple[str, str]:
        return self.venue, self.symbol

    @property
    def counts_contracts(self) -> bool:
        return self.venue in TARGET_CONTRACT_USD or self.margin == "inverse"


PUBLIC: Final = tuple(field.name for field in fields(Listing))[:12]
# Venues that count whole contracts, and what a contract is worth at most when it is made.
TARGET_CONTRACT_USD: Final = {"okx": 200.0, "gate": 20.0, "htx": 200.0, "kucoin": 20.0}


def listings(draws: Draws, coins: tuple[Coin, ...], scale: float) -> tuple[Listing, ...]:
    """Every instrument; `scale` is the share of the full market's forced orders."""
    return tuple(one for venue in VENUES for one in _of_venue(draws, venue, coins, scale))


def frame(rows: tuple[Listing, ...]) -> pl.DataFrame:
    return pl.DataFrame({name: [getattr(row, name) for row in rows] for name in PUBLIC})


def _of_venue(
    draws: Draws, venue: Venue, coins: tuple[Coin, ...], scale: float
) -> Iterator[Listing]:
    listed = [coin for coin in coins if coin.name not in venue.absent]
    # Traders of one venue favour other coins than those of the next.
    taste = {
        coin.name: float(np.exp(0.25 * draws.of("taste", venue.name, coin.name).normal()))
        for coin in listed
    }
    events = max(venue.events * scale, LEAST_EVENTS)
    total = sum(coin.weight * taste[coin.name] for coin in listed)
    inverse = INVERSE_SHARE.get(venue.name, 0.0)
    for coin in listed:
        share = coin.weight * taste[coin.name] / total
        yield _linear(venue, coin, events * share * (1.0 - inverse))
    if inverse:
        pair = [coin for coin in listed if coin.name in BITCOIN_AND_ETHER]
        weight = sum(coin.weight for coin in pair)
        for coin in pair:
            yield _inverse(venue, coin, events * inverse * coin.weight / weight)


def _linear(venue: Venue, coin: Coin, events: float) -> Listing:
    name = _spelled(venue.name, coin)
    price = coin.price_usd * name.multiplier
    contract_size, size_decimals = _sizes(venue.name, coin, price)
    return _listing(venue, coin, name, events, "linear", venue.quote, contract_size, size_decimals)


def _inverse(venue: Venue, coin: Coin, events: float) -> Listing:
    base = _kraken_name(coin.name) if venue.name == "kraken" else coin.name
    name = Spelling(INVERSE_SYMBOLS[venue.name].format(base), base, 1)
    of_bitcoin, of_others = INVERSE_USD.get(venue.name, (1.0, 1.0))
    size_usd = of_bitcoin if coin.name == "BTC" else of_others
    return _listing(venue, coin, name, events, "inverse", "USD", size_usd, INVERSE_DECIMALS)


def _listing(
    venue: Venue,
    coin: Coin,
    name: Spelling,
    events: float,
    margin: str,
    quote: str,
    contract_size: float,
    size_decimals: int,
) -> Listing:
    price = coin.price_usd * name.multiplier
    order_usd = coin.order_usd * venue.order_scale
    return Listing(
        venue=venue.name,
        symbol=name.symbol,
        coin=coin.name,
        multiplier=name.multiplier,
        base=name.base,
        quote=quote,
        margin=margin,
        contract_size=contract_size,
        price_decimals=_price_decimals(price),
        size_decimals=size_decimals,
        launched_ms=NEW_MS if coin.new else LAUNCHED_MS,
        funding_hours=_funding_hours(venue, coin),
        price=price,
        events=events,
        order_usd=order_usd,
        interest_usd=events * order_usd / LIQUIDATED_SHARE,
    )


def _funding_hours(venue: Venue, coin: Coin) -> int:
    young = coin.own_vol >= 0.56 and venue.funding_hours == 8
    return 4 if young else venue.funding_hours


def _price_decimals(price: float) -> int:
    """Six significant digits, and at least one decimal."""
    return max(1, 5 - math.floor(math.log10(price)))


def _sizes(venue: str, coin: Coin, price: float) -> tuple[float, int]:
    """Base units of a contract, and the decimals of an amount in base units."""
    if venue not in TARGET_CONTRACT_USD:
        return 1.0, min(3, max(0, math.floor(math.log10(price))))
    if venue == "okx" and coin.name in BITCOIN_AND_ETHER:
        power = -2 if coin.name == "BTC" else -1
    else:
        power = math.floor(math.log10(TARGET_CONTRACT_USD[venue] / price))
    return float(f"1e{power}"), max(0, -power)


def _spelled(venue: str, coin: Coin) -> Spelling:
    base = _thousand(venue, coin)
    many = 1000 if base else 1
    base = base or (_kraken_name(coin.name) if venue in ("kraken", "kucoin") else coin.name)
    return Spelling(SYMBOLS[venue].format(base), base, many)


def _thousand(venue: str, coin: Coin) -> str:
    """The name of a thousand coins, where the venue lists them by the thousand; else empty."""
    name = coin.name
    match venue:
        case "bybit" if coin.packed and name == "SHIB":
            return f"{name}1000"  # Bybit writes SHIB's thousand behind the name
        case "binance" | "bybit" if coin.packed:
            return f"1000{name}"
        case "bitget" if name == "BONK":
            return f"1000{name}"
        case "hyperliquid" if coin.packed:
            return f"k{name}"
    return ""


def _kraken_name(coin: str) -> str:
    return "XBT" if coin == "BTC" else coin
