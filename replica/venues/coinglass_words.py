"""CoinGlass's words: its names of venues, and the sides of an order as its REST document has them."""

BUYS, SELLS = "1", "2"
VENUE_NAMES = {
    "binance": "Binance",
    "bybit": "Bybit",
    "okx": "OKX",
    "gate": "Gate",
    "htx": "HTX",
    "bitget": "Bitget",
    "kraken": "Kraken",
    "hyperliquid": "Hyperliquid",
    "deribit": "Deribit",
    "bitfinex": "Bitfinex",
    "kucoin": "KuCoin",
    "dydx": "dYdX",
}
