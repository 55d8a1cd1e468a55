"""What each venue's public feed leaves of its forced orders."""

from typing import Final

import polars as pl

SECOND: Final = pl.col("time_ms") // 1000
PLACE: Final = "place"
LARGEST: Final = (pl.col("base").neg(), pl.col(PLACE))
LATEST: Final = (pl.col(PLACE).neg(),)


def published(venue: str, orders: pl.DataFrame) -> pl.DataFrame:
    """The orders, which are in order of time, as far as the venue's feed publishes them."""
    match venue:
        case "binance":
            return _one_a_second(orders, ("symbol",), LARGEST)
        case "bitget":
            return _one_a_second(orders, ("symbol", "position"), LARGEST)
        case "okx":
            return _one_a_second(orders, ("symbol",), LATEST)
        case "kucoin":  # it publishes none
            return orders.clear()
        case _:
            return orders


def _one_a_second(
    orders: pl.DataFrame, within: tuple[str, ...], best_first: tuple[pl.Expr, ...]
) -> pl.DataFrame:
    kept = (
        orders.lazy()
        .select(SECOND.alias("second"), "base", *within)
        .with_row_index(PLACE)
        .with_columns(pl.col(PLACE).cast(pl.Int64))
        .sort("second", *within, *best_first)
        .unique(["second", *within], keep="first", maintain_order=True)
        .select(pl.col(PLACE).sort())
        .collect()
        .to_series()
    )
    return orders[kept]
