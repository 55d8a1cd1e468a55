"""HTX's public sockets of liquidations: gzip in every frame, and pings that want an answer."""

import json
from typing import Final

from pipelines import strict_json
from pipelines.extract.inflate import frame_undone
from pipelines.extract.streams import Stream, Subscribe

HOST: Final = "api.hbdm.com"
LINEAR, COIN = "liquidation_orders", "liquidation_orders_coin"


def _says(*topics: dict[str, str]) -> Subscribe:
    said = [json.dumps({"op": "sub", "cid": "1"} | topic) for topic in topics]
    return lambda subjects: said


def pong(frame: bytes) -> str | None:
    """A ping's own time, given back."""
    try:
        told = strict_json.read(frame_undone(frame))
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("op") != "ping":
        return None
    stamp = str(told.get("ts"))
    is_whole = stamp.isascii() and stamp.isdigit()
    return json.dumps({"op": "pong", "ts": int(stamp)}) if is_whole else None


def _stream(name: str, path: str, *topics: dict[str, str]) -> Stream:
    return Stream(
        "htx",
        name,
        HOST,
        path,
        _says(*topics),
        events=(b".liquidation_orders",),
        # Funding rates are told about once a minute; the pings between them come every few seconds.
        lives=(b".funding_rate", b'"op":"ping"'),
        undone=frame_undone,
        answers=pong,
    )


STREAMS: Final = (
    _stream(
        LINEAR,
        "/linear-swap-notification",
        {"topic": "public.*.liquidation_orders", "business_type": "swap"},
        {"topic": "public.BTC-USDT.funding_rate"},
    ),
    _stream(
        COIN,
        "/swap-notification",
        {"topic": "public.*.liquidation_orders"},
        {"topic": "public.BTC-USD.funding_rate"},
    ),
)
