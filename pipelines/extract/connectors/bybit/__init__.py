"""Bybit v5: everything but liquidations over REST; those only from its two sockets."""

from typing import Final

from pipelines.extract.connectors.bybit.evidence import STATEMENTS
from pipelines.extract.connectors.bybit.rest import (
    ASKED,
    MANNERS,
    SINCE,
    SOURCE,
    classify,
    judge,
    listed,
)
from pipelines.extract.connectors.bybit.sockets import CAPTURED, STREAMS

DATASETS: Final = (*ASKED, *CAPTURED)

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
