"""Gate: liquidations of all contracts in arrays; the sign of a size is that of the order."""

import json

import polars as pl

from replica.feeds.feed import KEY, Feed, Heard, either, pushed_at
from replica.rows import TIME
from replica.template import filled

CHANNEL = "futures.public_liquidates"
ROW = '{"price":"<order>","size":"<sign><size>","time":<time_ms>,"contract":"<symbol>"}'
PUSH = (
    '{"channel":"futures.public_liquidates","event":"update","time":<pushed_s>,'
    '"time_ms":<pushed>,"result":[<rows>]}'
)
TICKER = (
    '{{"time":{seconds},"time_ms":{now},"channel":"{channel}","event":"update","result":[{{'
    '"contract":"BTC_USDT","last":"104800.1","mark_price":"104800.2","index_price":"104801.5",'
    '"funding_rate":"0.0001","total_size":"520000000"}}]}}'
)


def frames(orders: pl.DataFrame) -> pl.DataFrame:
    """All liquidations of a contract within a second come together."""
    pushed = (pl.col(TIME) // 1000 * 1000 + 1000).alias("pushed")
    row = filled(ROW, sign=either("-", ""))
    batches = (
        orders.select(pushed, TIME, "symbol", row.alias("rows"))
        .group_by("pushed", "symbol", maintain_order=True)
        .agg(pl.col("rows").str.join(","), pl.col(TIME).last())
    )
    frame = filled(PUSH, pushed_s=pl.col("pushed") // 1000)
    return batches.select(
        pushed_at(pl.col("pushed")), pl.lit(f"{CHANNEL} !all").alias(KEY), frame.alias("frame")
    )


def hears(path: str, text: str) -> Heard:
    try:
        told = json.loads(text)
        channel, event = str(told["channel"]), told.get("event", "")
    except (ValueError, LookupError, TypeError):
        return Heard(('{"error":{"code":1,"message":"invalid argument"}}',))
    if channel == "futures.ping":
        return Heard(('{"channel":"futures.pong","event":"","result":null}',))
    said = {"channel": channel, "event": event, "result": {"status": "success"}}
    keys = [f"{channel} {one}" for one in told.get("payload", [])]
    return Heard((json.dumps(said),), frozenset(keys) if event == "subscribe" else frozenset())


def lives(keys: frozenset[str], now_ms: int) -> list[str]:
    busy = sorted({key.partition(" ")[0] for key in keys if not key.startswith(CHANNEL)})
    return [TICKER.format(seconds=now_ms // 1000, now=now_ms, channel=one) for one in busy]


FEEDS = (
    Feed(
        "gate",
        "gate/public_liquidates",
        "fx-ws.gateio.ws",
        ("/v4/ws/usdt",),
        frames,
        hears,
        lives,
        margins=("linear",),
    ),
    # The market has no contracts that are settled in bitcoin: this socket lives, and tells nothing.
    Feed(
        "gate",
        "gate/public_liquidates_btc",
        "fx-ws.gateio.ws",
        ("/v4/ws/btc",),
        frames,
        hears,
        lives,
        margins=("inverse",),
    ),
)
