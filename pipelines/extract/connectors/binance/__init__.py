"""Binance USD-M: REST for what it still serves, its archive for what it no longer does.

It publishes no history of liquidations; what there is of them are frames of its socket, one a
second and symbol. Since 2026-06-30 those of COIN-M come in the same frames.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import bulk_files, captures
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.connectors.binance.evidence import STATEMENTS
from pipelines.extract.connectors.binance.manners import MANNERS, classify, judge
from pipelines.extract.connectors.binance.series import (
    RATIOS,
    STATISTICS_DAYS,
    by_symbol,
    candles,
    funding,
    listing,
    statistics,
    symbols_of,
)
from pipelines.extract.ranges import ALL_AT_ONCE, within_days
from pipelines.extract.streams import Stream

SOURCE: Final = "binance"
SINCE: Final = date(2019, 9, 8)
_METRICS_SINCE: Final = date(2020, 9, 1)
_ARCHIVE_SINCE: Final = date(2020, 1, 1)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    return symbols_of(bodies, "status")


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every symbol, and those whose funding interval or bounds differ from the usual.",
        SINCE,
        listing(
            ("/fapi/v1/exchangeInfo", {"weight": 1}),
            ("/fapi/v1/fundingInfo", {"weight": 1, "funding": 1}),
        ),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE, "funding", "Each settled funding rate.", SINCE, funding("/fapi/v1/fundingRate")
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest by hour, in base coins and in dollars; kept for a month.",
        _METRICS_SINCE,
        statistics(by_symbol, "openInterestHist"),
        weighs=True,
        serves=lambda day, now: within_days(STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Long/short ratios by hour: all, top accounts, top positions; kept for a month.",
        _METRICS_SINCE,
        statistics(by_symbol, *RATIOS),
        serves=lambda day, now: within_days(STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        candles("/fapi/v1/klines"),
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        candles("/fapi/v1/markPriceKlines"),
    ),
    Dataset(
        SOURCE,
        "bulk_metrics",
        "Open interest and long/short ratios every five minutes, one file a day.",
        _METRICS_SINCE,
        bulk_files.daily("metrics"),
        serves=bulk_files.a_day_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_funding",
        "Settled funding rates, one file a month.",
        _ARCHIVE_SINCE,
        bulk_files.monthly("fundingRate"),
        routine=False,
        serves=bulk_files.a_month_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_klines",
        "Hourly candles of the last price, one file a day or a month.",
        _ARCHIVE_SINCE,
        bulk_files.monthly_where_whole("klines/1h"),
        routine=False,
        serves=bulk_files.a_day_is_out,
    ),
    captures.dataset(
        SOURCE,
        "force_orders",
        "At most one liquidation a second and symbol, as the socket gave it.",
        SINCE,
    ),
)

STREAMS: Final = (
    Stream(
        SOURCE,
        "force_orders",
        "fstream.binance.com",
        "/market/stream?streams=!forceOrder@arr/btcusdt@markPrice@1s",
        subscribe=lambda subjects: (),  # the address says it all
        events=(b"forceorder",),
        lives=(b"markpriceupdate",),
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
