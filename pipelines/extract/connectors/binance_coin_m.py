"""Binance COIN-M: contracts of dollars, margined in the coin. Limits are shared with USD-M.

Statistics are asked by pair. Liquidations: an archive of 2023 and 2024, frames of its own socket
until both markets were merged on 2026-06-30, and since then those of ``binance/force_orders``.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from pipelines.extract import bulk_files, captures
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.connectors.binance import evidence
from pipelines.extract.connectors.binance.manners import WINDOWS, classify, hears, judge
from pipelines.extract.connectors.binance.series import (
    RATIOS,
    STATISTICS_DAYS,
    candles,
    funding,
    listing,
    statistics,
    symbols_of,
)
from pipelines.extract.manners import Manners
from pipelines.extract.ranges import ALL_AT_ONCE, within_days
from pipelines.extract.turning import Params
from pipelines.statements import Grade, Statement

SOURCE: Final = "binance_coin_m"
SINCE: Final = date(2020, 8, 10)
SNAPSHOTS_FROM, SNAPSHOTS_TO = date(2023, 6, 25), date(2024, 10, 14)
MANNERS: Final = Manners(WINDOWS, judge, hears, shared_with="binance")
_PERPETUAL: Final = "_PERP"


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    return symbols_of(bodies, "contractStatus")


def _pair(subject: str) -> Params:
    return {"pair": subject.removesuffix(_PERPETUAL)}


def _perpetual(subject: str) -> Params:
    return {**_pair(subject), "contractType": "PERPETUAL"}


def _never_expires(subject: str) -> bool:
    """Of a pair only its perpetual can be named: which contract "this quarter" was, changes."""
    return subject.endswith(_PERPETUAL)


def _snapshots_are_out(day: date, now: datetime) -> bool:
    return day <= SNAPSHOTS_TO and bulk_files.a_day_is_out(day, now)


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every symbol, with the dollars in one contract.",
        SINCE,
        listing(("/dapi/v1/exchangeInfo", {"weight": 1})),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each settled funding rate; dated contracts have none.",
        SINCE,
        funding("/dapi/v1/fundingRate"),
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest of perpetuals by hour, in contracts and base coins; kept for a month.",
        SINCE,
        statistics(_perpetual, "openInterestHist"),
        wants=_never_expires,
        weighs=True,
        serves=lambda day, now: within_days(STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Long/short ratios of each pair by hour: all, top accounts, top positions; for a month.",
        SINCE,
        statistics(_pair, *RATIOS),
        wants=_never_expires,
        serves=lambda day, now: within_days(STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        candles("/dapi/v1/klines"),
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        candles("/dapi/v1/markPriceKlines"),
    ),
    Dataset(
        SOURCE,
        "bulk_metrics",
        "Open interest and long/short ratios every five minutes, one file a day.",
        date(2020, 9, 1),
        bulk_files.daily("metrics", "cm"),
        serves=bulk_files.a_day_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_funding",
        "Settled funding rates, one file a month.",
        SINCE,
        bulk_files.monthly("fundingRate", "cm"),
        routine=False,
        serves=bulk_files.a_month_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_klines",
        "Hourly candles of the last price, one file a day or a month.",
        SINCE,
        bulk_files.monthly_where_whole("klines/1h", "cm"),
        routine=False,
        serves=bulk_files.a_day_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_liquidations",
        "At most one liquidation a second and symbol, one file a day, 2023-06-25 to 2024-10-14.",
        SNAPSHOTS_FROM,
        bulk_files.daily("liquidationSnapshot", "cm"),
        serves=_snapshots_are_out,
    ),
    captures.dataset(
        SOURCE,
        "force_orders",
        "At most one liquidation a second and symbol, from its own socket until 2026-06-29.",
        SINCE,
        until=date(2026, 6, 29),
    ),
)

STATEMENTS: Final = (
    *evidence.SHARED,
    Statement(
        "`openInterestHist` is asked by pair and contract type, the ratios by pair.",
        "vendor's SDK for coin futures 14.1.0; ccxt 4.5.90",
        Grade.VENDOR,
    ),
    Statement(
        "Candles span 200 days at most, and the newest rows before the end come first served.",
        "vendor's SDK for coin futures 14.1.0",
        Grade.VENDOR,
    ),
    Statement(
        "Files of liquidations exist for 2023-06-25 to 2024-10-14; of BTCUSD_PERP six days lack.",
        "issues at the vendor's public data; another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Its metrics begin in 2020-09 like those of USD-M.",
        "by analogy",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether dstream still sends forced orders after the merge is not settled: they are taken "
        "from fstream.",
        "open point of the reference",
        Grade.UNVERIFIED,
    ),
)

__all__ = ["DATASETS", "MANNERS", "SINCE", "SOURCE", "STATEMENTS", "classify", "judge", "listed"]
