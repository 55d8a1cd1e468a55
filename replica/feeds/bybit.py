"""Bybit: every liquidation, each half second and symbol a batch; a socket for each category."""

import json
from functools import partial

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

EVENT = '{"T":<time_ms>,"s":"<symbol>","S":"<side>","v":"<size>","p":"<bankruptcy>"}'
BATCH = '{"topic":"allLiquidation.<symbol>","type":"snapshot","ts":<pushed>,"data":[<event>]}'
TICKER = (
    '{{"topic":"{topic}","type":"delta","data":{{"symbol":"{symbol}","markPrice":"104800.10",'
    '"indexPrice":"104801.50","openInterest":"53000.123"}},"cs":{now},"ts":{now}}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    pushed = (pl.col(TIME) // 500 * 500 + 500).alias("pushed")
    event = filled(EVENT, side=either("Buy", "Sell"))
    batches = (
        orders.select(pushed, TIME, "symbol", event.alias("event"))
        .group_by("pushed", "symbol", maintain_order=True)
        .agg(pl.col("event").str.join(","), pl.col(TIME).last())
    )
    key = pl.lit("allLiquidation.") + pl.col("symbol")
    return batches.select(pushed_at(pl.col("pushed")), key.alias(KEY), filled(BATCH).alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    match told:
        case {"op": "ping"}:
            return Heard(('{"success":true,"ret_msg":"pong","conn_id":"1","op":"ping"}',))
        case {"op": "subscribe", "args": list(topics)} if topics:
            said = '{"success":true,"ret_msg":"","conn_id":"1","op":"subscribe"}'
            return Heard((said,), frozenset(map(str, topics)))
    return Heard(('{"success":false,"ret_msg":"error:handler not found","op":""}',))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    return [
        TICKER.format(topic=key, symbol=key.partition(".")[2], now=now_ms)
        for key in sorted(keys)
        if key.startswith("tickers.")
    ]


_feed = partial(Feed, "bybit", host="stream.bybit.com", frames=frames, hears=hears, lives=lives)
FEEDS = (
    _feed("bybit/all_liquidation", paths=("/v5/public/linear",), margins=("linear",)),
    _feed("bybit/all_liquidation_inverse", paths=("/v5/public/inverse",), margins=("inverse",)),
)
