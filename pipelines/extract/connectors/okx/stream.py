"""OKX's socket: liquidations by kind of contract, and a channel beside them that is never quiet."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import captures
from pipelines.extract.streams import Stream

SOURCE: Final = "okx"
SINCE: Final = date(2021, 12, 22)  # the oldest frames of v5 that were seen

DATASETS: Final = (
    captures.dataset(
        SOURCE,
        "liquidation_orders",
        "Liquidations of swaps and dated contracts as the socket gave them: not all of them.",
        SINCE,
    ),
)


def _subscribe(subjects: Sequence[str]) -> Sequence[str]:
    """One channel for each kind of contract, and beside them one that is never quiet for long."""
    forced = [{"channel": "liquidation-orders", "instType": kind} for kind in ("SWAP", "FUTURES")]
    busy = {"channel": "open-interest", "instId": "BTC-USDT-SWAP"}
    return [json.dumps({"op": "subscribe", "args": [*forced, busy]}, separators=(",", ":"))]


STREAMS: Final = (
    Stream(
        SOURCE,
        "liquidation_orders",
        "ws.okx.com",
        "/ws/v5/public",
        _subscribe,
        events=(b'"liquidation-orders"',),
        lives=(b'"open-interest"',),
        ping="ping",
        port=8443,
    ),
)
