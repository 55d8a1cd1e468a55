"""Gate's contracts, forced orders, candles and hourly statistics, as rows."""

from collections.abc import Mapping

import polars as pl

from replica.digits import fixed, plain
from replica.market import INTERVAL_MS, Asked, Market
from replica.rows import TIME, Field, constant, number, text

EXACT = pl.Decimal(38, 8)
ORDER: tuple[Field, ...] = (
    text("contract", "symbol"),
    constant("left", "0"),
    number("size", "held"),
    number("order_size", "ordered"),
    text("fill_price", "fill"),
    text("order_price", "order"),
    number("time", "time_s"),
)
PRICE_CANDLE: tuple[Field, ...] = (
    number("t", "time_s"),
    text("c", "close"),
    text("h", "high"),
    text("l", "low"),
    text("o", "open"),
)
CANDLE: tuple[Field, ...] = (*PRICE_CANDLE, number("v", "contracts"), text("sum", "quote"))
STATS: tuple[Field, ...] = (
    number("time", "time_s"),
    number("lsr_account", "lsr_account"),
    number("long_liq_size", "long_size"),
    number("long_liq_amount", "long_base"),
    number("long_liq_usd", "long_usd"),
    number("short_liq_size", "short_size"),
    number("short_liq_amount", "short_base"),
    number("short_liq_usd", "short_usd"),
    number("open_interest", "contracts"),
    number("open_interest_usd", "oi_usd"),
    number("top_lsr_account", "top_lsr_account"),
    number("top_lsr_size", "top_lsr_size"),
    number("mark_price", "mark_price"),
    number("long_liq_usd_new", "long_usd_new"),
    number("short_liq_usd_new", "short_usd_new"),
)
RATIOS = {
    "lsr_account": "ratio_global",
    "top_lsr_account": "ratio_top_accounts",
    "top_lsr_size": "ratio_top_positions",
}


def contract(row: Mapping[str, object]) -> dict[str, object]:
    inverse, hours = bool(row["inverse"]), row["funding_hours"]
    size = row["contract_size"]
    decimals = row["price_decimals"]
    return {
        "name": row["symbol"],
        "type": "inverse" if inverse else "direct",
        "quanto_multiplier": "0" if inverse or size is None else plain(str(size)),
        "funding_interval": None if hours is None else int(str(hours)) * 3600,
        "order_price_round": None if decimals is None else plain(f"1e-{decimals}"),
        "status": "trading",
        "launch_time": int(str(row["launched_ms"])) // 1000,
        "create_time": int(str(row["launched_ms"])) // 1000,
        "delisting_time": 0,
        "in_delisting": False,
        "enable_decimal": False,
    }


def signed(frame: pl.DataFrame) -> pl.DataFrame:
    """The size of the position, a long's above zero, and that of the order, which is opposite."""
    long = pl.col("position") == "long"
    return frame.with_columns(
        held=pl.when(long).then("size").otherwise(pl.lit("-") + pl.col("size")),
        ordered=pl.when(long).then(pl.lit("-") + pl.col("size")).otherwise("size"),
    )


def statistics(
    market: Market, symbol: str, interval: str, contract_size: float
) -> pl.DataFrame | None:
    """Buckets by their beginning; sums are exact, and an empty bucket says zero."""
    buckets = market.series(Asked("gate", "venue_open_interest", symbol, interval))
    orders = market.series(Asked("gate", "forced_all", symbol))
    if buckets is None or orders is None:
        return None
    sums = _sums(orders, INTERVAL_MS[interval])
    found = buckets.join(sums, on=TIME, how="left", maintain_order="left").with_columns(
        pl.col(sums.columns[1:]).fill_null("0")
    )
    for name, dataset in RATIOS.items():
        found = _beside(found, market, Asked("gate", dataset, symbol, interval), "ratio", name)
    found = _beside(found, market, Asked("gate", "mark", symbol, interval), "close", "mark_price")
    mark = pl.col("mark_price").cast(pl.Float64)
    worth = {
        f"{side}_usd_new": fixed(pl.col(f"{side}_size").cast(pl.Float64) * contract_size * mark, 4)
        for side in ("long", "short")
    }
    return found.with_columns(**worth)


def _sums(orders: pl.DataFrame, span_ms: int) -> pl.DataFrame:
    amounts = {"size": pl.Int64(), "base": EXACT, "usd": EXACT}
    return (
        orders.group_by((pl.col(TIME) // span_ms * span_ms).alias(TIME))
        .agg(
            pl.col(name)
            .filter(pl.col("position") == side)
            .cast(dtype)
            .sum()
            .alias(f"{side}_{name}")
            for side in ("long", "short")
            for name, dtype in amounts.items()
        )
        .with_columns(pl.exclude(TIME).cast(pl.String))
    )


def _beside(
    found: pl.DataFrame, market: Market, asked: Asked, column: str, name: str
) -> pl.DataFrame:
    series = market.series(asked)
    if series is None:
        return found.with_columns(pl.lit(None, pl.String).alias(name))
    named = series.select(TIME, pl.col(column).alias(name))
    return found.join(named, on=TIME, how="left", maintain_order="left")
