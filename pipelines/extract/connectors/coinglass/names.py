"""Who is asked, since when, and of which venues."""

from datetime import date
from typing import Final

SOURCE: Final = "coinglass"
SINCE: Final = date(2020, 1, 1)
# The venues of its documentation of January 2026 without BitMEX, which closed on 2026-09-23.
EXCHANGE_LIST: Final = (
    "OKX,Binance,HTX,Bitfinex,Bybit,Deribit,Gate,Kraken,KuCoin,CME,Bitget,dYdX,CoinEx,BingX,"
    "Coinbase,Gemini,Crypto.com,Hyperliquid,Bitunix,MEXC,WhiteBIT,Aster,Lighter,EdgeX,Drift,"
    "Paradex,Extended,ApeX Omni"
)
# Those of them that this project reads itself, and so can hold single orders against.
ORDER_VENUES: Final = (
    "Binance",
    "Bybit",
    "OKX",
    "Gate",
    "HTX",
    "Bitget",
    "Kraken",
    "Hyperliquid",
    "Deribit",
    "Bitfinex",
    "KuCoin",
    "dYdX",
)
