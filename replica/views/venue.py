"""What a venue itself answers: its candles, open interest, funding and ratios."""

import polars as pl

from replica.digits import fixed, trimmed
from replica.market import Asked
from replica.rows import TIME
from replica.simulated.world import World
from replica.views.buckets import HOUR_MS, merged, span_of
from replica.views.instruments import Instrument

SHARE = 4
USD = 4


def prices(decimals: int) -> list[pl.Expr]:
    return [fixed(pl.col(name), decimals).alias(name) for name in ("open", "high", "low", "close")]


def venue_series(world: World, one: Instrument, asked: Asked) -> pl.DataFrame | None:
    match asked.dataset:
        case "price":
            return candles(world, one, asked.interval)
        case "mark" | "index":
            return price_candles(world, one, asked.interval, f"{asked.dataset}_")
        case "settlement":
            return settlements(world, one)
        case "venue_open_interest":
            return open_interest(world, one, asked.interval)
        case "ratio_global" | "ratio_top_accounts" | "ratio_top_positions":
            return ratios(world, one, asked.dataset, asked.interval)
        case "metrics":
            return metrics(world, one)
    return None


def candles(world: World, one: Instrument, interval: str) -> pl.DataFrame | None:
    """An inverse contract's volume is in USD and its turnover in coins."""
    span = span_of(interval)
    if span is None or span < HOUR_MS:
        return None
    bars = merged(world.candles(one.venue, one.symbol), span)
    coins = {"volume": "volume_base", "buy_volume": "taker_buy_base"}
    money = {"turnover": "turnover_quote", "buy_turnover": "taker_buy_quote"}
    if one.inverse:
        coins, money = (
            {"turnover": "volume_base", "buy_turnover": "taker_buy_base"},
            {"volume": "turnover_quote", "buy_volume": "taker_buy_quote"},
        )
    sold = pl.col("volume_base") - pl.col("taker_buy_base")
    return bars.select(
        TIME,
        *prices(one.price_decimals),
        *[fixed(pl.col(of), one.size_decimals).alias(name) for name, of in coins.items()],
        *[fixed(pl.col(of), USD).alias(name) for name, of in money.items()],
        pl.col("trades").cast(pl.Int64).cast(pl.String),
        contracts=fixed(in_contracts(one, "volume_base", "turnover_quote"), 0),
        buy_contracts=fixed(in_contracts(one, "taker_buy_base", "taker_buy_quote"), 0),
        base=fixed(pl.col("volume_base"), one.size_decimals),
        quote=fixed(pl.col("turnover_quote"), USD),
        sell_base=fixed(sold, one.size_decimals),
    )


def in_contracts(one: Instrument, base: str, usd: str) -> pl.Expr:
    """Whole contracts: of base units if linear, of dollars if inverse."""
    return (pl.col(usd if one.inverse else base) / one.contract_size).round()


def price_candles(world: World, one: Instrument, interval: str, prefix: str) -> pl.DataFrame | None:
    span = span_of(interval)
    if span is None or span < HOUR_MS:
        return None
    bars = merged(world.candles(one.venue, one.symbol), span, prefix)
    return bars.select(TIME, *prices(one.price_decimals))


def settlements(world: World, one: Instrument) -> pl.DataFrame:
    rate = fixed(pl.col("rate"), 10 if one.funding_hours == 1 else 8)
    return world.funding(one.venue, one.symbol).select(
        TIME,
        rate.alias("rate"),
        fixed(pl.col("mark_price"), one.price_decimals).alias("mark"),
        pl.lit(str(one.funding_hours)).alias("funding_hours"),
    )


def open_interest(world: World, one: Instrument, interval: str) -> pl.DataFrame | None:
    """Linear contracts in base units, inverse ones in USD; Bybit counts both sides."""
    span = span_of(interval)
    if span is None:
        return None
    frame = world.open_interest(one.venue, one.symbol).filter(pl.col(TIME) % span == 0)
    held = pl.col("oi_contracts") * one.contract_size if one.inverse else pl.col("oi_base")
    decimals = 0 if one.inverse else one.size_decimals
    sides = 2 if one.venue == "bybit" else 1
    return frame.select(
        TIME,
        fixed(held * sides, decimals).alias("oi"),
        fixed(held, decimals).alias("oi_single"),
        fixed(pl.col("oi_usd") * sides, USD).alias("oi_usd"),
        contracts=fixed(pl.col("oi_contracts"), 0 if one.counts_contracts else one.size_decimals),
        base=fixed(pl.col("oi_base"), one.size_decimals),
    )


RATIO = {
    "ratio_global": "accounts_ratio",
    "ratio_top_accounts": "top_accounts_ratio",
    "ratio_top_positions": "top_positions_ratio",
}


def leanings(world: World, one: Instrument, dataset: str, span: int) -> pl.DataFrame:
    """Ratio and shares of longs and shorts, as they stood at the start of each bucket."""
    ratio = pl.col(RATIO[dataset])
    share = pl.col("long_share") if dataset == "ratio_global" else ratio / (1 + ratio)
    share = share.round(SHARE)
    frame = world.long_short(one.venue, one.symbol).filter(pl.col(TIME) % span == 0)
    return frame.select(TIME, ratio.alias("ratio"), share.alias("long"), short=1 - share)


def ratios(world: World, one: Instrument, dataset: str, interval: str) -> pl.DataFrame | None:
    span = span_of(interval)
    if span is None:
        return None
    frame = leanings(world, one, dataset, span)
    return frame.select(
        TIME, *[fixed(pl.col(name), SHARE).alias(name) for name in ("ratio", "long", "short")]
    )


def metrics(world: World, one: Instrument) -> pl.DataFrame:
    """The columns of Binance's daily file, every five minutes."""
    held = world.open_interest(one.venue, one.symbol)
    frame = held.join(world.long_short(one.venue, one.symbol), on=TIME)
    return frame.select(
        TIME,
        fixed(pl.col("oi_base"), one.size_decimals).alias("oi"),
        fixed(pl.col("oi_usd"), USD).alias("oi_usd"),
        fixed(pl.col("oi_contracts"), 0).alias("contracts"),
        fixed(pl.col("oi_base"), one.size_decimals).alias("base"),
        trimmed(pl.col("top_accounts_ratio"), SHARE).alias("top_accounts"),
        trimmed(pl.col("top_positions_ratio"), SHARE).alias("top_positions"),
        trimmed(pl.col("accounts_ratio"), SHARE).alias("accounts"),
        trimmed(pl.col("taker_ratio"), SHARE).alias("taker"),
    )
