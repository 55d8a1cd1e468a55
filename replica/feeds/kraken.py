"""Kraken Futures: trades of the products subscribed to; a liquidation is one of their types."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

TRADE = (
    '{"feed":"trade","product_id":"<symbol>","uid":"<uid>","side":"<side>","type":"liquidation",'
    '"seq":<nth>,"time":<time_ms>,"qty":<size>,"price":<fill>}'
)
FILL = (
    '{{"feed":"trade","product_id":"{product}","uid":"{uid}","side":"buy","type":"fill",'
    '"seq":{seq},"time":{now},"qty":0.01,"price":104800.1}}'
)
TICKER = (
    '{{"time":{now},"feed":"{feed}","product_id":"{product}","last":104800.1,"markPrice":104800.2,'
    '"index":104801.5,"openInterest":1200.5,"funding_rate":1.05,"relative_funding_rate":0.00001}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    nth = pl.int_range(pl.len())
    uid = pl.lit("00000000-0000-4000-a000-") + nth.cast(pl.String).str.zfill(12)
    frame = filled(TRADE, side=either("sell", "buy"), nth=nth, uid=uid)
    key = (pl.lit("trade ") + pl.col("symbol")).alias(KEY)
    return orders.select(pushed_at(pl.col(TIME)), key, frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
        feed, products = str(told["feed"]), [str(one) for one in told["product_ids"]]
    except (ValueError, LookupError, TypeError):
        return Heard(('{"event":"alert","message":"Bad websocket message"}',))
    said = {"event": "subscribed", "feed": feed, "product_ids": products}
    return Heard((json.dumps(said),), frozenset(f"{feed} {one}" for one in products))


def opened(path: str) -> Heard:
    return Heard(('{"event":"info","version":1}',))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    """An ordinary trade of the busiest product, and its ticker for whoever asked."""
    said = []
    for key in sorted(keys):
        feed, _, product = key.partition(" ")
        if feed == "trade" and product == "PF_XBTUSD":
            uid = f"11111111-0000-4000-a000-{now_ms % 10**12:012d}"
            said.append(FILL.format(product=product, uid=uid, seq=now_ms // 1000, now=now_ms))
        elif feed.startswith("ticker") and product in ("PF_XBTUSD", "PI_XBTUSD"):
            said.append(TICKER.format(feed=feed, product=product, now=now_ms))
    return said


FEEDS = (
    Feed(
        "kraken",
        "kraken/trade",
        "futures.kraken.com",
        ("/ws/v1",),
        frames,
        hears,
        lives,
        opened,
    ),
)
