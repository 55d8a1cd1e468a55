"""OKX: liquidations of a type of instrument, one push a contract, each with its details."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

PUSH = (
    '{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0",'
    '"bkPx":"<bankruptcy>","ccy":"","posSide":"<position>","side":"<side>","sz":"<size>",'
    '"ts":"<time_ms>"}],"instFamily":"<family>","instId":"<symbol>","instType":"SWAP",'
    '"uly":"<family>"}]}'
)
INTEREST = (
    '{{"arg":{arg},"data":[{{"instId":"BTC-USDT-SWAP","instType":"SWAP","oi":"2500000.1",'
    '"oiCcy":"25000.001","oiUsd":"2620000104.8","ts":"{now}"}}]}}'
)
MARK = (
    '{{"arg":{arg},"data":[{{"instId":"BTC-USDT-SWAP","instType":"SWAP","markPx":"104800.1",'
    '"ts":"{now}"}}]}}'
)
LIFE = {"open-interest": INTEREST, "mark-price": MARK}


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    family = pl.col("symbol").str.strip_suffix("-SWAP")
    frame = filled(PUSH, side=either("sell", "buy"), family=family)
    key = pl.lit("liquidation-orders SWAP").alias(KEY)
    return orders.select(pushed_at(pl.col(TIME)), key, frame.alias("frame"))


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
    return Heard(('{"event":"error","code":"60012","msg":"Invalid request"}',))


def _key(arg: dict[str, str]) -> str:
    if arg.get("channel") == "liquidation-orders":
        return f"liquidation-orders {arg.get('instType')}"
    return json.dumps(arg)


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    said = []
    for key in sorted(key for key in keys if key.startswith("{")):
        text = LIFE.get(json.loads(key).get("channel", ""), MARK)
        said.append(text.format(arg=key, now=now_ms))
    return said


FEEDS = (
    Feed(
        "okx",
        "okx/liquidation_orders",
        "ws.okx.com",
        ("/ws/v5/public",),
        frames,
        hears,
        lives,
    ),
)
