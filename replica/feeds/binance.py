"""Binance: one forced order a second and symbol; since the merge those of COIN-M among them.

The paths before the split of 2026-04 still shake hands and acknowledge, and deliver nothing.
"""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

ALL = "!forceOrder@arr"
ORDER = (
    '{"e":"forceOrder","E":<pushed>,"o":{"s":"<symbol>","S":"<side>","o":"LIMIT","f":"IOC",'
    '"q":"<size>","p":"<order>","ap":"<fill>","X":"FILLED","l":"<size>",'
    '"z":"<size>","T":<time_ms>},"st":<stream>}'
)
MARK = (
    '{{"e":"markPriceUpdate","E":{now},"s":"BTCUSDT","p":"104800.10000000","i":"104801.50000000",'
    '"P":"104800.00000000","r":"0.00010000","T":{next}}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    """Pushed at the end of the second."""
    pushed = pl.col(TIME) // 1000 * 1000 + 1000
    stream = pl.when(pl.col("margin") == "inverse").then(pl.lit("2")).otherwise(pl.lit("1"))
    frame = filled(ORDER, pushed=pushed, side=either("SELL", "BUY"), stream=stream)
    return orders.select(pushed_at(pushed), pl.lit(ALL).alias(KEY), frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
        streams = [str(one) for one in told["params"]]
    except (ValueError, LookupError, TypeError):
        return Heard(('{"error":{"code":2,"msg":"Invalid request"}}',))
    return Heard((f'{{"result":null,"id":{json.dumps(told.get("id"))}}}',), _keys(path, streams))


def opened(path: str) -> Heard:
    """Streams may stand in the path: alone, or several behind ``streams=``."""
    _, _, named = path.partition("?streams=")
    alone = path.partition("/ws/")[2]
    streams = named.split("/") if named else [alone] if alone else []
    return Heard((), _keys(path, streams))


def _keys(path: str, streams: list[str]) -> frozenset[str]:
    """Streams that are market data live below ``/market`` alone."""
    return frozenset(streams) if path.startswith("/market/") else frozenset()


def wrapped(path: str, key: str, text: str) -> str:
    """Several streams on one connection say which of them speaks."""
    return f'{{"stream":"{key}","data":{text}}}' if "/stream" in path else text


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    text = MARK.format(now=now_ms, next=(now_ms // 28_800_000 + 1) * 28_800_000)
    return [text for key in sorted(keys) if "@markPrice" in key]


FEEDS = (
    Feed(
        "binance",
        "binance/force_orders",
        "fstream.binance.com",
        ("/market/ws", "/market/stream", "/ws", "/stream"),
        frames,
        hears,
        lives,
        opened,
        wrapped=wrapped,
        silent_paths=("/ws", "/stream"),
    ),
)
