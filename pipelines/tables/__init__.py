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
from pipelines.tables.reconciled import (
    AGREEMENTS,
    COMPARISONS,
    DAY_BOUNDARIES,
    ESTIMATES,
    GAPS,
    LAYERS,
    MATCHES,
    RECONCILED,
    REFUSALS,
    REVISIONS,
    SHARE_BREAKS,
    UNMATCHED,
    VERDICTS,
    VOLUME_CHECKS,
)
from pipelines.tables.releases import RELEASES
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
        RELEASES,
        ASKINGS,
        LISTENING,
        QUARANTINE,
        *RECONCILED,
    )
}

__all__ = [
    "AGREEMENTS",
    "ASKINGS",
    "CANDLES",
    "CLAIMS",
    "COMPARISONS",
    "DAY_BOUNDARIES",
    "ESTIMATES",
    "EVENTS",
    "FUNDING",
    "GAPS",
    "INSTANT",
    "INSTRUMENTS",
    "LAYERS",
    "LIQUIDATIONS",
    "LIQUIDATION_TOTALS",
    "LISTENING",
    "LONG_SHORT_RATIOS",
    "MATCHES",
    "OPEN_INTEREST",
    "QUARANTINE",
    "RECONCILED",
    "REFUSALS",
    "RELEASES",
    "REPORTED_ORDERS",
    "REVISIONS",
    "ROLLING_TOTALS",
    "SENTIMENT",
    "SHARE_BREAKS",
    "TABLES",
    "TAKER_VOLUMES",
    "TICKERS",
    "UNMATCHED",
    "VERDICTS",
    "VOLUME_CHECKS",
    "Column",
    "PromiseBrokenError",
    "Table",
]
