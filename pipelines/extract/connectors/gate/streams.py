"""Gate's live feed of liquidations: one socket for each coin that contracts settle in."""

import json
from collections.abc import Sequence
from typing import Final

from pipelines.extract import captures
from pipelines.extract.connectors.gate.manners import SINCE, SOURCE
from pipelines.extract.streams import Stream, Subscribe

CHANNEL: Final = "futures.public_liquidates"
LIFE: Final = "futures.tickers"
# Settling coin, the dataset that its socket makes, and a busy contract beside the liquidations.
_SOCKETS: Final = (
    ("usdt", "public_liquidates", "BTC_USDT"),
    ("btc", "public_liquidates_btc", "BTC_USD"),
)


def _asked(channel: str, event: str = "", *payload: str) -> str:
    """A message of ours. ``time`` has to be there; nothing but a login is known to check it."""
    told: dict[str, object] = {"time": 0, "channel": channel}
    return json.dumps(told | ({"event": event, "payload": list(payload)} if event else {}))


def _subscribe(busy: str) -> Subscribe:
    def messages(subjects: Sequence[str]) -> Sequence[str]:
        return _asked(CHANNEL, "subscribe", "!all"), _asked(LIFE, "subscribe", busy)

    return messages


STREAMS: Final = tuple(
    Stream(
        SOURCE,
        name,
        "fx-ws.gateio.ws",
        f"/v4/ws/{settle}",
        _subscribe(busy),
        events=(CHANNEL.encode(),),
        lives=(LIFE.encode(),),
        ping=_asked("futures.ping"),
    )
    for settle, name, busy in _SOCKETS
)
DATASETS: Final = tuple(
    captures.dataset(
        SOURCE,
        name,
        f"Forced orders of contracts that settle in {settle.upper()}, as the socket gave them.",
        SINCE,
    )
    for settle, name, _ in _SOCKETS
)
