"""Binance's lists of symbols and of funding intervals."""

from collections.abc import Mapping

import polars as pl

NO_DELIVERY_MS = 4_133_404_800_000
USUAL_FUNDING_HOURS = 8


def step(decimals: object) -> str | None:
    """The smallest step of a number with so many decimals: 0.001 for 3."""
    if decimals is None:
        return None
    places = int(str(decimals))
    return "1" if places == 0 else f"0.{'0' * (places - 1)}1"


def exchange_info(listing: pl.DataFrame, now_ms: int) -> dict[str, object]:
    return {
        "timezone": "UTC",
        "serverTime": now_ms,
        "futuresType": "U_MARGINED",
        "rateLimits": [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": 2400,
            }
        ],
        "exchangeFilters": [],
        "assets": [],
        "symbols": [_symbol(row) for row in listing.iter_rows(named=True)],
    }


def coin_margined_info(listing: pl.DataFrame, now_ms: int) -> dict[str, object]:
    """Contracts are so many dollars each, and say in another field whether they trade."""
    symbols = []
    for row in listing.iter_rows(named=True):
        one = _symbol(row)
        one["contractStatus"] = one.pop("status")
        own = {
            "pair": f"{row['base']}{row['quote']}",
            "contractSize": int(row["contract_size"]),
            "marginAsset": row["base"],
        }
        symbols.append(one | own)
    told = exchange_info(listing, now_ms)
    return told | {"futuresType": "COIN_MARGINED", "symbols": symbols}


def _symbol(row: Mapping[str, object]) -> dict[str, object]:
    tick, lot = step(row["price_decimals"]), step(row["size_decimals"])
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": tick},
        {"filterType": "LOT_SIZE", "stepSize": lot},
    ]
    return {
        "symbol": row["symbol"],
        "pair": row["symbol"],
        "contractType": "PERPETUAL",
        "deliveryDate": NO_DELIVERY_MS,
        "onboardDate": row["launched_ms"],
        "status": "TRADING",
        "baseAsset": row["base"],
        "quoteAsset": row["quote"],
        "marginAsset": row["quote"],
        "pricePrecision": row["price_decimals"],
        "quantityPrecision": row["size_decimals"],
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "filters": filters if tick else [],
        "orderTypes": ["LIMIT", "MARKET", "STOP", "STOP_MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }


def funding_info(listing: pl.DataFrame) -> list[dict[str, object]]:
    """Only symbols whose cap, floor or interval is not the usual one are listed."""
    return [
        {
            "symbol": row["symbol"],
            "adjustedFundingRateCap": "0.02500000",
            "adjustedFundingRateFloor": "-0.02500000",
            "fundingIntervalHours": row["funding_hours"],
            "disclaimer": False,
        }
        for row in listing.iter_rows(named=True)
        if row["funding_hours"] not in (None, USUAL_FUNDING_HOURS)
    ]
