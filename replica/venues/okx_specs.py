"""OKX's instruments, and its words for a liquidation."""

from collections.abc import Mapping

import polars as pl


def family_of(symbol: str) -> str:
    """The pair of a swap: BTC-USDT of BTC-USDT-SWAP."""
    return symbol.removesuffix("-SWAP")


def instrument(row: Mapping[str, object]) -> dict[str, object]:
    inverse, family = bool(row["inverse"]), family_of(str(row["symbol"]))
    size = float(str(row["contract_size"]))
    return {
        "instId": row["symbol"],
        "instType": "SWAP",
        "instFamily": family,
        "uly": family,
        "baseCcy": "",
        "quoteCcy": "",
        "settleCcy": row["base"] if inverse else row["quote"],
        "ctType": "inverse" if inverse else "linear",
        "ctVal": f"{size:.12f}".rstrip("0").rstrip("."),
        "ctValCcy": "USD" if inverse else row["base"],
        "ctMult": "1",
        "lotSz": "1",
        "listTime": str(row["launched_ms"]),
        "expTime": "",
        "state": "live",
    }


def liquidated(orders: pl.DataFrame) -> pl.DataFrame:
    """With the side of the position, which is `net` for one account in four, and of the order."""
    sold = pl.when(pl.col("position") == "long").then(pl.lit("sell")).otherwise(pl.lit("buy"))
    netted = pl.col("nth") % 4 == 3
    held = pl.when(netted).then(pl.lit("net")).otherwise(pl.col("position"))
    return orders.with_columns(ordered=sold, held=held)
