"""Deribit's socket: all trades of futures, liquidations among them, beside the ticker of bitcoin."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import captures
from pipelines.extract.streams import Stream

SOURCE: Final = "deribit"
SINCE: Final = date(2019, 9, 1)
CURRENCIES: Final = ("BTC", "ETH", "USDC")

DATASETS: Final = (
    captures.dataset(
        SOURCE,
        "trades",
        "Every trade of a future by which somebody was liquidated, as the socket gave it.",
        SINCE,
    ),
)


def _subscribe(subjects: Sequence[str]) -> Sequence[str]:
    """The trades of all futures of each currency, and one ticker that is never quiet for long."""
    trades = [f"trades.future.{currency}.100ms" for currency in CURRENCIES]
    asked = {"channels": [*trades, "ticker.BTC-PERPETUAL.100ms"]}
    told = {"jsonrpc": "2.0", "id": 1, "method": "public/subscribe", "params": asked}
    return [json.dumps(told, separators=(",", ":"))]


STREAMS: Final = (
    Stream(
        SOURCE,
        "trades",
        "www.deribit.com",
        "/ws/api/v2",
        _subscribe,
        events=(b'"liquidation"',),
        lives=(b'"ticker.btc-perpetual',),
    ),
)
