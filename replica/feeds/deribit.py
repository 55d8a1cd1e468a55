"""Deribit: trades of all futures of a currency; a flag says which side was liquidated."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

TRADE = (
    '{"trade_seq":<nth>,"trade_id":"<nth>","timestamp":<time_ms>,"tick_direction":0,'
    '"price":<fill>,"mark_price":<fill>,"instrument_name":"<symbol>","index_price":<fill>,'
    '"direction":"<side>","amount":<amount>,"contracts":<size>,"liquidation":"T"}'
)
PUSH = '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"<channel>","data":[<trade>]}}'
TICKER = (
    '{{"jsonrpc":"2.0","method":"subscription","params":{{"channel":"{channel}","data":{{'
    '"timestamp":{now},"instrument_name":"BTC-PERPETUAL","last_price":104800.5,'
    '"mark_price":104800.1,"index_price":104801.5,"open_interest":820000000,'
    '"current_funding":0.00001,"funding_8h":0.00002}}}}}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    """Amounts are dollars for inverse contracts and base units for linear ones."""
    nth = 50_000_000 + pl.int_range(pl.len())
    inverse = pl.col("margin") == "inverse"
    amount = pl.when(inverse).then(pl.col("usd").str.replace(r"\.0+$", ".0")).otherwise("base")
    settled = pl.col("symbol").str.split("-").list.first().str.split("_").list.last()
    channel = pl.lit("trades.future.") + settled + pl.lit(".100ms")
    trade = filled(TRADE, nth=nth, side=either("sell", "buy"), amount=amount)
    told = orders.select(TIME, channel.alias("channel"), trade.alias("trade"))
    return told.select(
        pushed_at(pl.col(TIME)), pl.col("channel").alias(KEY), filled(PUSH).alias("frame")
    )


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    match told:
        case {"method": "public/subscribe", "params": {"channels": list(channels)}}:
            said = {"jsonrpc": "2.0", "id": told.get("id"), "result": channels}
            return Heard((json.dumps(said),), frozenset(map(str, channels)))
        case {"method": "public/test" | "public/set_heartbeat"}:
            return Heard((json.dumps({"jsonrpc": "2.0", "id": told.get("id"), "result": "ok"}),))
    error = {"code": -32601, "message": "Method not found"}
    return Heard((json.dumps({"jsonrpc": "2.0", "error": error}),))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    busy = sorted(key for key in keys if not key.startswith("trades."))
    return [TICKER.format(channel=key, now=now_ms) for key in busy]


FEEDS = (
    Feed(
        "deribit",
        "deribit/trades",
        "www.deribit.com",
        ("/ws/api/v2",),
        frames,
        hears,
        lives,
    ),
)
