"""Deribit's instruments, book summaries and trades."""

from collections.abc import Mapping

import polars as pl

from replica.market import Asked
from replica.rows import TIME
from replica.template import filled
from replica.venues.desk import Desk

NEVER_MS = 32_503_708_800_000
TRADE = (
    '{"trade_seq":<seq>,"trade_id":"<id>","timestamp":<time_ms>,"tick_direction":1,'
    '"price":<price>,"mark_price":<mark>,"index_price":<mark>,"instrument_name":"<name>",'
    '"direction":"<direction>","amount":<amount>,"contracts":<contracts><flag>}'
)


def instrument(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "instrument_name": row["symbol"],
        "kind": "future",
        "base_currency": row["base"],
        "quote_currency": row["quote"],
        "counter_currency": row["quote"],
        "settlement_currency": row["base"] if row["inverse"] else row["quote"],
        "contract_size": row["contract_size"],
        "tick_size": 10.0 ** -int(str(row["price_decimals"])),
        "settlement_period": "perpetual",
        "creation_timestamp": row["launched_ms"],
        "expiration_timestamp": NEVER_MS,
        "is_active": True,
    }


def summary(desk: Desk, row: Mapping[str, object]) -> dict[str, object] | None:
    """The last known values; None for a future without open interest."""
    name = str(row["symbol"])
    held = desk.latest(Asked("deribit", "venue_open_interest", name, "5m"))
    mark = desk.latest(Asked("deribit", "mark", name, "1h"))
    if not held or not mark:
        return None
    return {
        "instrument_name": name,
        "base_currency": row["base"],
        "quote_currency": row["quote"],
        "open_interest": float(held["oi"]),
        "mark_price": float(mark["close"]),
        "creation_timestamp": desk.clock.now_ms(),
    }


def with_eight_hours(rates: pl.DataFrame) -> pl.DataFrame:
    """Hourly rates, each with what was paid in the eight hours that end with it."""
    paid = pl.col("rate").cast(pl.Float64).rolling_sum(8, min_samples=1).round(10)
    return rates.with_columns(eight=paid.cast(pl.Decimal(20, 10)).cast(pl.String))


def flagged_trades(tape: pl.DataFrame, row: Mapping[str, object]) -> pl.DataFrame:
    """Columns: time_ms, trade. Amounts are dollars if inverse, coins if linear; the flag stands
    only in trades by which somebody was liquidated: the taker, or the maker beside him.
    """
    name = pl.lit(str(row["symbol"]))
    taker_was = (pl.col("position") == "long") == pl.col("sells")
    whose = pl.when(taker_was).then(pl.lit("T")).otherwise(pl.lit("M"))
    flag = pl.when("is_forced").then(pl.lit(',"liquidation":"') + whose + pl.lit('"'))
    trade = filled(
        TRADE,
        seq=pl.col("nth") + 1,
        id=pl.lit(f"{row['base']}-") + pl.col("nth").cast(pl.String) + pl.lit("-") + name,
        name=name,
        direction=pl.when("sells").then(pl.lit("sell")).otherwise(pl.lit("buy")),
        amount=pl.col("usd" if row["inverse"] else "base"),
        contracts=pl.col("size"),
        flag=flag.otherwise(pl.lit("")),
    )
    return tape.select(TIME, trade.alias("trade"))
