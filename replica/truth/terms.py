"""Venues, coins and markets of the weeks: what a unit of each is, and with how many digits it prints."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Coin:
    """`own_vol` is a fraction per year; `unit_power` is the usual step of sizes, a power of ten."""

    name: str
    price_usd: float
    beta: float
    own_vol: float
    weight: float
    price_places: int
    unit_power: int
    okx_power: int  # coins in a contract of OKX, a power of ten
    gate_power: int


COINS: Final = (
    Coin("BTC", 96_000.0, 1.00, 0.05, 0.42, 1, -3, -2, -4),
    Coin("ETH", 3_400.0, 1.25, 0.20, 0.30, 2, -3, -1, -2),
    Coin("SOL", 170.0, 1.45, 0.32, 0.14, 2, -2, 0, 0),
    Coin("XRP", 2.4, 1.35, 0.36, 0.09, 4, -1, 2, 1),
    Coin("DOGE", 0.19, 1.55, 0.40, 0.07, 5, 0, 3, 1),
    Coin("LINK", 17.0, 1.50, 0.38, 0.05, 3, -2, 0, 0),
    Coin("AVAX", 21.0, 1.50, 0.40, 0.04, 3, -2, 0, 0),
)
# Those whose live feed our collector hears, and those that are asked over REST.
HEARD: Final = ("binance", "okx", "bitget", "bybit")
ASKED: Final = ("gate", "kraken")
VENUES: Final = (*HEARD, *ASKED)
# Kraken is small; the weights of the others stand beside one another as in recent years.
USUAL_WEIGHT: Final = {"okx": 1.0, "bitget": 0.8, "bybit": 1.3, "gate": 0.6, "kraken": 0.12}
# Dollars in a contract of an inverse market.
INVERSE: Final = {("bybit", "BTC"): 1, ("okx", "BTC"): 100}
OKX_LOT: Final = -2  # a hundredth of a contract
XBT: Final = {"BTC": "XBT"}


@dataclass(frozen=True, slots=True)
class Market:
    """One perpetual contract.

    Sizes are whole units: of ``10 ** unit_power`` coins if linear, of ``unit_usd`` dollars if
    inverse. ``contract_power`` is the coins of a contract (linear), a power of ten.
    """

    venue: str
    coin: str
    symbol: str
    subject: str  # as the venue is asked for it
    is_inverse: bool
    price_places: int
    unit_power: int
    contract_power: int
    unit_usd: int

    @property
    def contract_places(self) -> int:
        """Digits behind the point of a size in contracts."""
        return 0 if self.is_inverse else self.contract_power - self.unit_power


def markets_of(coins: tuple[Coin, ...]) -> tuple[Market, ...]:
    """Every market of those coins: a linear one on each venue, and the inverse ones."""
    linear = [_linear(venue, coin) for venue in VENUES for coin in coins]
    inverse = [
        _inverse(venue, coin, INVERSE[venue, coin.name])
        for venue in VENUES
        for coin in coins
        if (venue, coin.name) in INVERSE
    ]
    return (*linear, *inverse)


def _linear(venue: str, coin: Coin) -> Market:
    name, unit, contract = coin.name, coin.unit_power, 0
    match venue:
        case "okx":
            symbol = subject = f"{name}-USDT-SWAP"
            contract = coin.okx_power
            unit = min(0, contract + OKX_LOT)
        case "gate":
            symbol = f"{name}_USDT"
            subject = f"usdt:{symbol}"
            unit = contract = coin.gate_power
        case "kraken":
            symbol = subject = f"PF_{XBT.get(name, name)}USD"
        case "bybit":
            symbol = f"{name}USDT"
            subject = f"linear:{symbol}"
        case "bitget":
            symbol = f"{name}USDT"
            subject = f"USDT-FUTURES:{symbol}"
        case _:
            symbol = subject = f"{name}USDT"
    return Market(venue, name, symbol, subject, False, coin.price_places, unit, contract, 0)


def _inverse(venue: str, coin: Coin, unit_usd: int) -> Market:
    symbol = f"{coin.name}USD" if venue == "bybit" else f"{coin.name}-USD-SWAP"
    subject = f"inverse:{symbol}" if venue == "bybit" else symbol
    return Market(venue, coin.name, symbol, subject, True, coin.price_places, 0, 0, unit_usd)
