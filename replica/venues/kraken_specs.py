"""Kraken's instruments and tickers, and the shape of one execution."""

from collections.abc import Mapping

from replica.clock import iso_millis
from replica.market import Asked
from replica.rows import Field, number, text
from replica.venues.desk import Desk

# The row's inner objects are rendered as whole columns, because they nest.
EXECUTION: tuple[Field, ...] = (
    text("uid", "element_uid"),
    number("timestamp", "time_ms"),
    number("event", "event"),
)


def instrument(row: Mapping[str, object]) -> dict[str, object]:
    inverse = bool(row["inverse"])
    return {
        "symbol": row["symbol"],
        "type": "futures_inverse" if inverse else "flexible_futures",
        "underlying": "" if not inverse else f"rr_{str(row['base']).lower()}usd",
        "base": row["base"],
        "quote": row["quote"],
        "pair": f"{row['base']}:{row['quote']}",
        "tickSize": 10.0 ** -int(str(row["price_decimals"])),
        "contractSize": 1,
        "contractValueTradePrecision": 0 if inverse else row["size_decimals"],
        "tradeable": True,
        "impactMidSize": 1,
        "maxPositionSize": 1_000_000,
        "openingDate": iso_millis(int(str(row["launched_ms"]))),
        "fundingRateCoefficient": 8,
        "maxRelativeFundingRate": 0.005,
        "marginLevels": [{"contracts": 0, "initialMargin": 0.02, "maintenanceMargin": 0.01}],
        "tradfi": False,
    }


def ticker(desk: Desk, row: Mapping[str, object]) -> dict[str, object] | None:
    """The last known values as numbers; None for a symbol without candles."""
    symbol = str(row["symbol"])
    price = desk.latest(Asked("kraken", "price", symbol, "1h"))
    if not price:
        return None
    mark = desk.latest(Asked("kraken", "mark", symbol, "1h"))
    oi = desk.latest(Asked("kraken", "venue_open_interest", symbol, "5min"))
    return {
        "tag": "perpetual",
        "pair": f"{row['base']}:{row['quote']}",
        "symbol": symbol,
        "markPrice": float(mark["close"]) if mark else None,
        "last": float(price["close"]),
        "lastTime": iso_millis(desk.clock.now_ms()),
        "openInterest": float(oi["oi"]) if oi else None,
        "suspended": False,
        "postOnly": False,
    }
