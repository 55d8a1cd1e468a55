"""Bitget: the largest liquidation of each side, symbol and second; amounts in the quote coin."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

PUSH = (
    '{"action":"update","arg":{"instType":"usdt-futures","topic":"liquidation"},"data":[{'
    '"symbol":"<symbol>","side":"<side>","price":"<bankruptcy>","amount":"<usd>",'
    '"ts":"<time_ms>"}],"ts":<pushed>}'
)
TICKER = (
    '{{"action":"snapshot","arg":{arg},"data":[{{"symbol":"BTCUSDT","lastPrice":"104800.1",'
    '"markPrice":"104800.2","indexPrice":"104801.5","openInterest":"30000.5",'
    '"fundingRate":"0.0001","ts":"{now}"}}],"ts":{now}}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    pushed = pl.col(TIME) // 1000 * 1000 + 1000
    frame = filled(PUSH, pushed=pushed, side=either("buy", "sell"))
    key = pl.lit("liquidation usdt-futures").alias(KEY)
    return orders.select(pushed_at(pushed), key, frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    if text == "ping":
        return Heard(("pong",))
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    match told:
        case {"op": "subscribe", "args": list(args)} if all(isinstance(one, dict) for one in args):
            replies = [json.dumps({"event": "subscribe", "arg": one}) for one in args]
            return Heard(tuple(replies), frozenset(map(_key, args)))
    return Heard(('{"event":"error","code":"30001","msg":"Invalid request"}',))


def _key(arg: dict[str, str]) -> str:
    if arg.get("topic") == "liquidation":
        return f"liquidation {str(arg.get('instType')).lower()}"
    return json.dumps(arg)


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    return [TICKER.format(arg=key, now=now_ms) for key in sorted(keys) if key.startswith("{")]


FEEDS = (
    Feed(
        "bitget",
        "bitget/liquidation",
        "ws.bitget.com",
        ("/v3/ws/public",),
        frames,
        hears,
        lives,
        margins=("linear",),
    ),
)
