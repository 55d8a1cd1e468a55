"""Kraken Futures publishes its whole tape without a key: liquidations are in it, one by one."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines import strict_json
from pipelines.extract import captures
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.connectors.kraken.charts import analytics, ask_funding, candles
from pipelines.extract.connectors.kraken.evidence import STATEMENTS
from pipelines.extract.connectors.kraken.manners import MANNERS, classify, judge
from pipelines.extract.connectors.kraken.tape import ask_executions
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.extract.streams import Stream
from pipelines.extract.turning import at_once

SOURCE: Final = "kraken"
SINCE: Final = date(2022, 3, 23)
_BUSY: Final = "PF_XBTUSD"
_PRODUCTS_A_MESSAGE: Final = 50


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every futures contract, tradable or not; indices are listed too and are left out."""
    symbols: set[str] = set()
    for body in bodies:
        for row in strict_json.read(body).get("instruments", ()):
            if isinstance(row, dict) and "futures" in str(row.get("type", "")):
                symbols.add(str(row.get("symbol", "")))
    return tuple(sorted(symbols - {""}))


def _never_expires(symbol: str) -> bool:
    return symbol.startswith(("PF_", "PI_"))


def _subscribe(products: Sequence[str]) -> list[str]:
    """All trades of these contracts, and the ticker of a busy one as a further sign of life."""
    groups = [
        ("trade", list(products[at : at + _PRODUCTS_A_MESSAGE]))
        for at in range(0, len(products), _PRODUCTS_A_MESSAGE)
    ]
    return [
        json.dumps({"event": "subscribe", "feed": feed, "product_ids": names})
        for feed, names in [("ticker", [_BUSY]), *groups]
    ]


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every contract with its size, type and dates.",
        SINCE,
        at_once("/derivatives/api/v3/instruments"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest and mark price of every contract at the moment of asking.",
        SINCE,
        at_once("/derivatives/api/v3/tickers"),
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "open_interest_history",
        "Open interest by hour: base coins if linear, dollars if inverse.",
        SINCE,
        analytics("open-interest"),
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "executions",
        "The whole tape of a contract; its liquidations are told by the taker's order type.",
        SINCE,
        ask_executions,
    ),
    Dataset(
        SOURCE,
        "liquidation_volume",
        "Liquidations added up by hour, both sides together, in a unit that is not documented.",
        SINCE,
        analytics("liquidation-volume"),
        routine=False,
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each hour's funding rate of the perpetuals.",
        SINCE,
        ask_funding,
        wants=_never_expires,
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Longs over shorts by hour.",
        SINCE,
        analytics("long-short-ratio"),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of trades.",
        SINCE,
        candles("trade"),
        weighs=True,  # open interest is in coins
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        candles("mark"),
    ),
    captures.dataset(
        SOURCE,
        "trade",
        "Liquidations among the trades of the socket, as a collector wrote them down.",
        SINCE,
    ),
)

STREAMS: Final = (
    Stream(
        SOURCE,
        "trade",
        "futures.kraken.com",
        "/ws/v1",
        _subscribe,
        events=(b'"liquidation"',),
        lives=(b'"fill"', b'"ticker"'),
        subjects_a_connection=500,
    ),
)

__all__ = [
    "DATASETS",
    "MANNERS",
    "SINCE",
    "SOURCE",
    "STATEMENTS",
    "STREAMS",
    "classify",
    "judge",
    "listed",
]
