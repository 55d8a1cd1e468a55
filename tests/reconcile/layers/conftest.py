"""Frames of a small venue by hand, and weeks whose truth is known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.told import Told
from pipelines.tables import (
    ASKINGS,
    CANDLES,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
    OPEN_INTEREST,
)

DAY = date(2025, 6, 2)
MIDNIGHT = datetime(2025, 6, 2, tzinfo=UTC)
ALL_MINUTES = (1 << 60) - 1
LINEAGE = {"asked_at": MIDNIGHT, "answer": "a" * 64}
FEEDS = {
    "binance": ("force_orders@2021-04-27", "one_of_second"),
    "bybit": ("all_liquidation@2025-02-20", "all"),
}


class Ground:
    """One day of BTC on Binance (one order a second is shown) and Bybit (all are), by hand."""

    def __init__(self) -> None:
        self.events, self.totals, self.listening = [], [], []
        self.candles, self.interest = [], []

    def order(self, venue, at, coins, *, position="long", nth=0, price="100000"):
        feed, coverage = FEEDS[venue]
        size, price = Decimal(coins), Decimal(price)
        self.events.append(
            LINEAGE
            | {
                "source": venue, "venue": venue, "coin": "BTC", "instrument_id": f"{venue}:BTCUSDT",
                "time": MIDNIGHT + at, "nth": nth, "position": position, "size": size,
                "size_unit": "coins", "size_coins": size, "price": price, "price_kind": "order",
                "notional_quote": size * price, "notional_usd": size * price, "usd_basis": "par",
                "feed": f"{venue}/{feed}", "coverage": coverage,
            }
        )  # fmt: skip

    def tracker(self, venue, hour, coins, *, position="long", interval_s=3_600):
        self.totals.append(
            LINEAGE
            | {
                "source": "coinalyze", "venue": venue, "coin": "BTC",
                "instrument_id": f"{venue}:BTCUSDT", "scope": f"{venue}:BTCUSDT",
                "time": MIDNIGHT + timedelta(hours=hour), "interval_s": interval_s,
                "position": position, "size_coins": Decimal(coins), "price": Decimal(100_000),
                "notional_usd": Decimal(coins) * 100_000, "usd_basis": "par", "origin": "published",
                "feed": "coinalyze/liquidations@2020-01-01", "coverage": "collected",
            }
        )  # fmt: skip

    def heard(self, venue, hour, mask=ALL_MINUTES):
        feed = FEEDS[venue][0].partition("@")[0]
        self.listening.append(
            LINEAGE
            | {
                "source": venue, "venue": venue, "dataset": feed,
                "time": MIDNIGHT + timedelta(hours=hour), "minutes_heard": mask.bit_count(),
                "minutes_mask": mask, "frames": 1, "feed": f"{venue}/{feed}", "coverage": "sampled",
            }
        )  # fmt: skip

    def traded(self, venue, at, coins, bought, *, interval_s=3_600):
        self.candles.append(
            LINEAGE
            | {
                "source": venue, "venue": venue, "coin": "BTC", "instrument_id": f"{venue}:BTCUSDT",
                "kind": "last", "time": MIDNIGHT + at, "interval_s": interval_s,
                "open": Decimal(100_000), "high": Decimal(101_000), "low": Decimal(99_000),
                "close": Decimal(100_000), "volume_coins": Decimal(coins),
                "turnover_usd": Decimal(coins) * 100_000, "taker_buy_coins": Decimal(bought),
                "feed": f"{venue}/candles@2019-09-08", "coverage": "sampled",
            }
        )  # fmt: skip

    def open(self, venue, hour, coins):
        self.interest.append(
            LINEAGE
            | {
                "source": venue, "venue": venue, "coin": "BTC", "instrument_id": f"{venue}:BTCUSDT",
                "scope": f"{venue}:BTCUSDT", "time": MIDNIGHT + timedelta(hours=hour),
                "interval_s": 3_600, "open_interest_coins": Decimal(coins),
                "open_interest_usd": None, "usd_basis": None,
                "feed": f"{venue}/open_interest@2019-09-08", "coverage": "sampled",
            }
        )  # fmt: skip

    def seen(self) -> Seen:
        told = Told(
            frame(LIQUIDATIONS, self.events).lazy(),
            frame(LIQUIDATION_TOTALS, self.totals),
            ASKINGS.empty(),
            frame(LISTENING, self.listening),
            frame(INSTRUMENTS, [self._listing(venue) for venue in FEEDS]),
        )
        return Seen(
            told,
            frame(CANDLES, self.candles).lazy(),
            frame(OPEN_INTEREST, self.interest).lazy(),
            DAY,
            DAY,
        )

    def _listing(self, venue):
        return LINEAGE | {
            "source": venue, "source_symbol": "BTCUSDT", "instrument_id": f"{venue}:BTCUSDT",
            "venue": venue, "symbol": "BTCUSDT", "coin": "BTC", "coins_per_base": Decimal(1),
            "quote": "USDT", "margin": "linear", "contract_size": Decimal(1), "is_perpetual": True,
            "status": "TRADING", "listed_on": None, "time": MIDNIGHT,
            "feed": f"{venue}/instruments@2019-09-08", "coverage": "sampled",
        }  # fmt: skip


def frame(table, rows):
    return pl.DataFrame(rows, schema=table.schema, orient="row")


@pytest.fixture
def ground():
    return Ground()
