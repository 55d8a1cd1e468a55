"""HTX's contracts, and how its orders and candles are printed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import polars as pl

from replica.digits import plain
from replica.rows import TIME, Field, number, text
from replica.venues.binance_specs import step

FIRST_ID = 452_001
BOTH = 2
PERIODS: Mapping[str, str] = {
    "1min": "1m",
    "5min": "5m",
    "15min": "15m",
    "30min": "30m",
    "60min": "1h",
    "4hour": "4h",
    "12hour": "12h",
    "1day": "1d",
}
PRICES = tuple(number(name, name) for name in ("open", "close", "low", "high"))
QUOTED = tuple(text(name, name) for name in ("open", "close", "low", "high"))
NOTHING = tuple(Field(name, "", missing='"0"') for name in ("amount", "vol", "trade_turnover"))
TRADED = (number("amount", "base"), number("vol", "contracts"), number("count", "trades"))

ORDERS_V3 = (
    number("query_id", "id"),
    text("contract_code", "symbol"),
    text("symbol", "coin"),
    text("direction", "direction"),
    Field("offset", "", missing='"close"'),
    number("volume", "size"),
    number("price", "bankruptcy"),
    number("created_at", TIME),
    number("amount", "base"),
    number("trade_turnover", "turnover"),
    Field("business_type", "", missing='"swap"'),
    text("pair", "symbol"),
)
ORDERS_V5 = (
    text("id", "id"),
    text("contract_code", "symbol"),
    text("liquidation_time", TIME),
    text("side", "direction"),
    text("position_side", "position"),
    text("volume", "size"),
    text("amount", "size"),  # as in the one sample there is: contracts again
    text("bankrupt_price", "bankruptcy"),
    text("trade_turnover", "turnover"),
)


def refusal(path: str, code: int, words: str, now_ms: int) -> dict[str, object]:
    """v3 and v5 tell of a code alone; the older forms of a status as well, candles with hyphens."""
    if "/v3/" in path or "/v5/" in path:
        return {"code": code, "msg": words, "ts": now_ms}
    named = ("err-code", "err-msg") if "/market/history/" in path else ("err_code", "err_msg")
    return {"status": "error", named[0]: code, named[1]: words, "ts": now_ms}


def contract(row: Mapping[str, object]) -> dict[str, object]:
    code, launched = str(row["symbol"]), int(str(row["launched_ms"])) // 1000
    size = plain(str(row["contract_size"]))
    terms: dict[str, object] = {
        "symbol": row["base"],
        "contract_code": code,
        "contract_size": int(float(size)) if float(size) >= 1 else float(size),
        "price_tick": float(step(row["price_decimals"]) or 0),
        "delivery_time": "",
        "create_date": f"{datetime.fromtimestamp(launched, UTC):%Y%m%d}",
        "contract_status": 1,
    }
    if row["inverse"]:
        return terms
    return terms | {
        "support_margin_mode": "all",
        "business_type": "swap",
        "pair": code,
        "contract_type": "swap",
        "trade_partition": row["quote"],
    }


def printed_orders(
    orders: pl.DataFrame,
    terms: Mapping[str, object],
    window_ms: tuple[int, int],
    positions: tuple[str, ...],
) -> pl.DataFrame:
    """Orders within the window, both bounds included, with the words and sums of the venue."""
    start_ms, end_ms = window_ms
    held = orders.filter(
        pl.col(TIME).is_between(start_ms, end_ms), pl.col("position").is_in(positions)
    )
    worth = [_turnover(row, terms) for row in held.iter_rows(named=True)]
    sells = pl.col("position") == "long"
    return held.with_columns(
        id=pl.col("nth").cast(pl.Int64) + FIRST_ID,
        direction=pl.when(sells).then(pl.lit("sell")).otherwise(pl.lit("buy")),
        coin=pl.lit(str(terms["base"])),
        turnover=pl.Series(worth, dtype=pl.String),
    )


def _turnover(order: Mapping[str, object], terms: Mapping[str, object]) -> str:
    """In the quote at the price that is printed; a coin-margined order's is in the coin."""
    if terms["inverse"]:
        return str(order["base"])
    return format(Decimal(str(order["base"])) * Decimal(str(order["bankruptcy"])), "f")


def doubled(candles: pl.DataFrame) -> pl.DataFrame:
    """Volumes as the venue counts them: the buyer's and the seller's."""
    return candles.with_columns(
        pl.Series(name, [_twice(text) for text in candles[name]], dtype=pl.String)
        for name in ("contracts", "base", "quote")
    )


def _twice(text: str | None) -> str | None:
    return None if text is None else format(Decimal(text) * BOTH, "f")
