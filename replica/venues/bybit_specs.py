"""Bybit's instruments and tickers."""

from collections.abc import Mapping

import polars as pl

from replica.market import Asked, Market
from replica.rows import TIME
from replica.venues.binance_specs import step


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


def ticker(market: Market, symbol: str, now_ms: int) -> dict[str, object] | None:
    """The last known values; None for a symbol without candles."""
    price = _last(market, Asked("bybit", "price", symbol, "1h"), now_ms)
    if price is None:
        return None
    mark = _last(market, Asked("bybit", "mark", symbol, "1h"), now_ms) or {}
    index = _last(market, Asked("bybit", "index", symbol, "1h"), now_ms) or {}
    oi = _last(market, Asked("bybit", "venue_open_interest", symbol, "5min"), now_ms) or {}
    funding = _last(market, Asked("bybit", "settlement", symbol), now_ms) or {}
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


def _last(market: Market, asked: Asked, now_ms: int) -> dict[str, object] | None:
    frame = market.series(asked)
    frame = None if frame is None else frame.filter(pl.col(TIME) <= now_ms)
    return None if frame is None or frame.is_empty() else frame.row(-1, named=True)
