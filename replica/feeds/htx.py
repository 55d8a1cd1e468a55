"""HTX: packed frames, and a ping inside them that must be answered or the socket ends."""

import gzip
import json
from functools import partial

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

LINEAR = (
    '{"op":"notify","topic":"public.<symbol>.liquidation_orders","ts":<pushed>,"data":[{'
    '"contract_code":"<symbol>","symbol":"<base_name>","direction":"<side>","offset":"close",'
    '"volume":<size>,"amount":<base>,"price":<bankruptcy>,"created_at":<time_ms>,'
    '"trade_turnover":<usd>,"business_type":"swap","pair":"<symbol>","contract_type":"swap"}]}'
)
COIN = (
    '{"op":"notify","topic":"public.<symbol>.liquidation_orders","ts":<pushed>,"data":[{'
    '"contract_code":"<symbol>","symbol":"<base_name>","direction":"<side>","offset":"close",'
    '"volume":<size>,"amount":<base>,"price":<bankruptcy>,"created_at":<time_ms>}]}'
)


def frames(orders: pl.DataFrame, push: str) -> pl.DataFrame:
    base = pl.col("symbol").str.split("-").list.first()
    frame = filled(push, pushed=pl.col(TIME), side=either("sell", "buy"), base_name=base)
    key = pl.lit("public.*.liquidation_orders").alias(KEY)
    return orders.select(pushed_at(pl.col(TIME)), key, frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    match told:
        case {"op": "sub", "topic": str(topic)}:
            said = {"op": "sub", "cid": told.get("cid", ""), "topic": topic, "err-code": 0}
            return Heard((json.dumps(said),), frozenset({topic}))
        case {"op": "pong"}:
            return Heard()
    return Heard(('{"op":"error","err-code":2011,"err-msg":"invalid request"}',))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    """A ping, which is to be answered, and what else was subscribed to."""
    said = [f'{{"op":"ping","ts":"{now_ms}"}}'] if now_ms // 1000 % 5 == 0 else []
    for key in sorted(key for key in keys if not key.endswith("liquidation_orders")):
        said.append(f'{{"op":"notify","topic":"{key}","ts":{now_ms},"data":[]}}')
    return said


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


_feed = partial(Feed, "htx", host="api.hbdm.com", hears=hears, lives=lives, packed=_packed)
FEEDS = (
    _feed(
        "htx/liquidation_orders",
        paths=("/linear-swap-notification",),
        frames=partial(frames, push=LINEAR),
        margins=("linear",),
    ),
    _feed(
        "htx/liquidation_orders_coin",
        paths=("/swap-notification",),
        frames=partial(frames, push=COIN),
        margins=("inverse",),
    ),
)
