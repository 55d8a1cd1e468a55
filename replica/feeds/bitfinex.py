"""Bitfinex: arrays; a positive amount is a long; the channel has a number of its own."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

LIQUIDATIONS = 101
STATUS = 102
PUSH = (
    f"[{LIQUIDATIONS},[["
    '"pos",<nth>,<time_ms>,null,"<symbol>",<sign><size>,<bankruptcy>,null,0,1,null,<fill>]]]'
)
DERIV = (
    "[{channel},[{now},null,104800.1,104801.5,null,1000000.5,null,{next},0.00001,4,null,0.0001,"
    "null,null,104800.2,null,null,4200.5,null,null,null,0.0005,0.0025]]"
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    """The initial trigger of each position, as the one row that counts."""
    frame = filled(PUSH, nth=170_000_000 + pl.int_range(pl.len()), sign=either("", "-"))
    key = pl.lit("liq:global").alias(KEY)
    return orders.select(pushed_at(pl.col(TIME)), key, frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
        key = str(told["key"])
    except (ValueError, LookupError, TypeError):
        return Heard(('{"event":"error","msg":"unknown event","code":10000}',))
    if told.get("event") == "ping":
        return Heard(('{"event":"pong"}',))
    channel = LIQUIDATIONS if key == "liq:global" else STATUS
    said = {"event": "subscribed", "channel": "status", "chanId": channel, "key": key}
    return Heard((json.dumps(said),), frozenset({key}))


def opened(path: str) -> Heard:
    return Heard(('{"event":"info","version":2,"platform":{"status":1}}',))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    next_ms = (now_ms // 28_800_000 + 1) * 28_800_000
    beats = [f'[{LIQUIDATIONS},"hb"]'] if now_ms // 1000 % 15 == 0 else []
    return beats + [
        DERIV.format(channel=STATUS, now=now_ms, next=next_ms)
        for key in sorted(keys)
        if key.startswith("deriv:")
    ]


FEEDS = (
    Feed(
        "bitfinex",
        "bitfinex/liq_global",
        "api-pub.bitfinex.com",
        ("/ws/2",),
        frames,
        hears,
        lives,
        opened,
    ),
)
