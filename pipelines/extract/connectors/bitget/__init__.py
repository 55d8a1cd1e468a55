"""Bitget. A subject is spelled ``USDT-FUTURES:BTCUSDT``: every question needs the product type.

Liquidations come two ways: over REST three days back, all symbols of a product type by a cursor;
and over the socket, the largest of each side and second.
"""

from pipelines.extract.connectors.bitget.evidence import STATEMENTS
from pipelines.extract.connectors.bitget.rest import (
    DATASETS,
    MANNERS,
    SINCE,
    SOURCE,
    STREAMS,
    classify,
    listed,
)

__all__ = (
    "DATASETS",
    "MANNERS",
    "SINCE",
    "SOURCE",
    "STATEMENTS",
    "STREAMS",
    "classify",
    "listed",
)
