"""Every canonical table: columns, types, units, meaning and key, declared once."""

from pipelines.tables.context import (
    CLAIMS,
    EVENTS,
    REPORTED_ORDERS,
    ROLLING_TOTALS,
    SENTIMENT,
)
from pipelines.tables.evidence import ASKINGS, LISTENING, QUARANTINE
from pipelines.tables.facts import (
    CANDLES,
    FUNDING,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LONG_SHORT_RATIOS,
    OPEN_INTEREST,
    TAKER_VOLUMES,
    TICKERS,
)
from pipelines.tables.reconciled import COMPARISONS, RECONCILED, VERDICTS
from pipelines.tables.table import Column, PromiseBrokenError, Table
from pipelines.tables.vocabulary import INSTANT

TABLES = {
    table.name: table
    for table in (
        INSTRUMENTS,
        LIQUIDATIONS,
        LIQUIDATION_TOTALS,
        OPEN_INTEREST,
        FUNDING,
        CANDLES,
        LONG_SHORT_RATIOS,
        TAKER_VOLUMES,
        TICKERS,
        ROLLING_TOTALS,
        REPORTED_ORDERS,
        EVENTS,
        SENTIMENT,
        CLAIMS,
        ASKINGS,
        LISTENING,
        QUARANTINE,
        *RECONCILED,
    )
}

__all__ = [
    "ASKINGS",
    "CANDLES",
    "CLAIMS",
    "COMPARISONS",
    "EVENTS",
    "FUNDING",
    "INSTANT",
    "INSTRUMENTS",
    "LIQUIDATIONS",
    "LIQUIDATION_TOTALS",
    "LISTENING",
    "LONG_SHORT_RATIOS",
    "OPEN_INTEREST",
    "QUARANTINE",
    "RECONCILED",
    "REPORTED_ORDERS",
    "ROLLING_TOTALS",
    "SENTIMENT",
    "TABLES",
    "TAKER_VOLUMES",
    "TICKERS",
    "VERDICTS",
    "Column",
    "PromiseBrokenError",
    "Table",
]
