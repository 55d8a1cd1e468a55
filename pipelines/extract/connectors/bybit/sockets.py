"""Bybit's two sockets, linear and inverse: each has its own liquidations, symbol by symbol.

There is no topic for all symbols. The listing also names closed contracts, whose topics are
refused; a refusal takes the whole message with it, so that each topic is a message of its own.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import captures
from pipelines.extract.connectors.bybit.rest import SOURCE
from pipelines.extract.streams import Stream, Subscribe

_A_CONNECTION: Final = 200
_PING: Final = json.dumps({"op": "ping"})
_ALL_SINCE: Final = date(2025, 2, 20)


def _subscribes(busy: str) -> Subscribe:
    """A topic for each symbol, and the ticker of a busy one as the sign of life."""

    def messages(subjects: Sequence[str]) -> list[str]:
        symbols = [subject.partition(":")[2] for subject in subjects]
        topics = [f"tickers.{busy}", *(f"allLiquidation.{symbol}" for symbol in symbols)]
        return [json.dumps({"op": "subscribe", "args": [topic]}) for topic in topics]

    return messages


def _socket(category: str, name: str, busy: str) -> Stream:
    return Stream(
        SOURCE,
        name,
        "stream.bybit.com",
        f"/v5/public/{category}",
        _subscribes(busy),
        events=(b"allliquidation",),
        lives=(b"tickers.",),
        subjects_a_connection=_A_CONNECTION,
        ping=_PING,
        ping_s=20.0,
        wants=lambda subject: subject.startswith(f"{category}:"),
    )


# Two files a day, since a name stands for one socket; frames of either kind are read in both.
STREAMS: Final = (
    _socket("linear", "all_liquidation", "BTCUSDT"),
    _socket("inverse", "all_liquidation_inverse", "BTCUSD"),
)
CAPTURED: Final = (
    captures.dataset(
        SOURCE,
        "all_liquidation",
        "Every liquidation, as the linear socket gave it and a collector wrote it down.",
        _ALL_SINCE,
    ),
    captures.dataset(
        SOURCE,
        "all_liquidation_inverse",
        "Every liquidation of inverse contracts, from the socket that is theirs alone.",
        _ALL_SINCE,
    ),
)
