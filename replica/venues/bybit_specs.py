"""Bybit's instruments and tickers."""

from collections.abc import Mapping

from replica.market import Asked
from replica.venues.binance_specs import step
from replica.venues.desk import Desk


def instrument(row: Mapping[str, object]) -> dict[str, object]:
    inverse, hours = bool(row["inverse"]), row["funding_hours"]
    return {
        "symbol": row["symbol"],
        "contractType": "InversePerpetual" if inverse else "LinearPerpetual",
        "status": "Trading",
        "baseCoin": row["base"],
        "quoteCoin": row["quote"],
        "launchTime": str(row["launched_ms"]),
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": None if row["price_decimals"] is None else str(row["price_decimals"]),
        "priceFilter": {"tickSize": step(row["price_decimals"])},
        "lotSizeFilter": {"qtyStep": step(0 if inverse else row["size_decimals"])},
        "unifiedMarginTrade": True,
        "fundingInterval": None if hours is None else int(str(hours)) * 60,
        "settleCoin": row["base"] if inverse else row["quote"],
        "copyTrading": "none",
        "isPreListing": False,
    }


def ticker(desk: Desk, symbol: str) -> dict[str, object] | None:
    """The last known values; None for a symbol without candles."""
    price = desk.latest(Asked("bybit", "price", symbol, "1h"))
    if not price:
        return None
    mark = desk.latest(Asked("bybit", "mark", symbol, "1h"))
    index = desk.latest(Asked("bybit", "index", symbol, "1h"))
    oi = desk.latest(Asked("bybit", "venue_open_interest", symbol, "5min"))
    funding = desk.latest(Asked("bybit", "settlement", symbol))
    return {
        "symbol": symbol,
        "lastPrice": price["close"],
        "markPrice": mark.get("close"),
        "indexPrice": index.get("close"),
        "openInterest": oi.get("oi"),
        "openInterestValue": oi.get("oi_usd"),
        "singleOpenInterest": oi.get("oi_single"),
        "fundingRate": funding.get("rate"),
        "nextFundingTime": "",
    }
