"""dYdX v4: trades of each market subscribed to; what was just traded comes with the answer."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

DATA = (
    '{"type":"channel_data","connection_id":"c","message_id":<nth>,"id":"<symbol>",'
    '"channel":"v4_trades","version":"2.1.0","contents":{"trades":[{"id":"<trade>",'
    '"size":"<size>","price":"<fill>","side":"<side>","createdAt":"<at>",'
    '"createdAtHeight":"<height>","type":"LIQUIDATED"}]}}'
)
TRADE = (
    '{{"type":"channel_data","connection_id":"c","message_id":{seq},"id":"{market}",'
    '"channel":"v4_trades","version":"2.1.0","contents":{{"trades":[{{"id":"{seq:024x}",'
    '"size":"0.01","price":"104800","side":"BUY","createdAt":"{at}",'
    '"createdAtHeight":"{seq}","type":"LIMIT"}}]}}}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    nth = pl.int_range(pl.len())
    at = pl.from_epoch(TIME, time_unit="ms").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    trade = pl.lit("liq") + nth.cast(pl.String).str.zfill(21)
    frame = filled(
        DATA, nth=nth, trade=trade, side=either("SELL", "BUY"), at=at, height=40_000_000 + nth
    )
    key = (pl.lit("v4_trades ") + pl.col("symbol")).alias(KEY)
    return orders.select(pushed_at(pl.col(TIME)), key, frame.alias("frame"))


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    match told:
        case {"type": "subscribe", "channel": str(channel), "id": str(market)}:
            said = {
                "type": "subscribed",
                "connection_id": "c",
                "message_id": 1,
                "channel": channel,
                "id": market,
                "contents": {"trades": []},
            }
            return Heard((json.dumps(said),), frozenset({f"{channel} {market}"}))
    return Heard(('{"type":"error","message":"Invalid message"}',))


def opened(path: str) -> Heard:
    return Heard(('{"type":"connected","connection_id":"c","message_id":0}',))


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    """Somebody always trades bitcoin."""
    if "v4_trades BTC-USD" not in keys:
        return []
    from replica.clock import iso_millis

    return [TRADE.format(seq=now_ms // 1000, market="BTC-USD", at=iso_millis(now_ms))]


FEEDS = (
    Feed(
        "dydx",
        "dydx/v4_trades",
        "indexer.dydx.trade",
        ("/v4/ws",),
        frames,
        hears,
        lives,
        opened,
    ),
)
