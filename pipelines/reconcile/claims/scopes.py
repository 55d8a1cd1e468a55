"""What a claim adds up, from its words: the market, a venue, a coin, or both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.normalise.venues import NAMES

# Venues that trackers add up and that are not asked themselves.
_OTHERS: Final = (
    "aster", "bingx", "bitstamp", "bitunix", "coinbase", "coinex", "crypto.com", "drift", "ftx",
    "gemini", "lbank", "lighter", "mexc", "okcoin", "paradex", "phemex", "poloniex", "whitebit",
)  # fmt: skip
VENUES: Final = {name: name for name in _OTHERS} | dict(NAMES)
_COINS: Final = {
    "bitcoin": "BTC", "btc": "BTC", "xbt": "BTC", "eth": "ETH", "ether": "ETH", "ethereum": "ETH",
    "sol": "SOL", "xrp": "XRP", "doge": "DOGE", "bnb": "BNB",
    "solana": "SOL", "ripple": "XRP", "dogecoin": "DOGE", "cardano": "ADA", "litecoin": "LTC",
    "chainlink": "LINK", "avalanche": "AVAX", "polkadot": "DOT", "hype": "HYPE", "sui": "SUI",
    "zcash": "ZEC", "pepe": "PEPE", "tron": "TRX",
}  # fmt: skip
_TICKERS_TOLD: Final = (
    "AAVE ADA ALGO APT ARB ASTER ATOM AVAX BCH BNB BONK BSV BTC DASH DOGE DOT DYDX EOS ETC ETH FIL "
    "FLOKI HBAR HYPE ICP INJ LINK LTC LUNA LUNC NEAR OP ORDI PAXG PEPE PUMP SEI SHIB SOL SUI TAO "
    "TIA TON TRUMP TRX UNI VET WIF WLD WLFI XLM XMR XPL XRP XTZ ZEC ENA FARTCOIN CRV LDO MATIC POL"
)
_TICKERS: Final = frozenset(_TICKERS_TOLD.split())
_QUOTED: Final = re.compile(r"^([A-Z]{2,10}?)[-_/]?(?:USDT|USDC|USD|PERP)(?:[-_]?(?:SWAP|PERP))?$")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]|[A-Za-z]")
_GROUP: Final = re.compile(r"(?:top[\s-]*)?(\d+)\s+(?:\w+\s+)?(?:venues|exchanges)", re.IGNORECASE)
EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """``venue`` and ``coin`` are None where all are meant; ``is_choice`` where only some are, and
    it is not told which. ``venues`` is how many venues it says that it adds up.
    """

    words: str
    venue: str | None = None
    coin: str | None = None
    is_choice: bool = False
    venues: int | None = None

    @property
    def is_market(self) -> bool:
        return self.venue is None and self.coin is None

    @property
    def cell(self) -> tuple[str | None, str | None]:
        return self.venue, self.coin


MARKET: Final = Scope("market")


def read_scope(text: str) -> Scope:
    """``market``, ``Binance``, ``BTC``, ``Binance BTC``, ``top-7 venues``; others are a choice."""
    words = text.strip()
    venue, coin = venue_in(words), coin_in(words)
    group = _GROUP.search(words)
    plain = re.sub(r"\(.*?\)", "", words).lower()
    told = bool(venue or coin) or not plain.strip() or bool(re.search(r"market|all|crypto", plain))
    limited = "(" in words or group is not None or not told
    return Scope(words or "market", venue, coin, limited, int(group[1]) if group else None)


def venue_in(text: str) -> str | None:
    """Our id of the first venue that ``text`` names."""
    return next((VENUES[w] for w in _words(text) if w in VENUES), None)


def coin_in(text: str) -> str | None:
    """The first coin that ``text`` names, by ticker in capitals or by name."""
    return next(filter(None, map(coin_of_word, _WORD.findall(text))), None)


def coin_of_word(word: str) -> str | None:
    if word.lower() in _COINS:
        return _COINS[word.lower()]
    quoted = _QUOTED.match(word)
    base = quoted[1] if quoted else word
    return base if base in _TICKERS else None


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield word.lower()
