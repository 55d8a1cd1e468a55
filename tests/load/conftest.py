"""Small lakes of rows of our own, and the warehouses built from them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.lake import Lake
from pipelines.load.connection import connect
from pipelines.load.models import Model, read_all
from pipelines.load.warehouse import Built, build
from pipelines.tables import (
    AGREEMENTS,
    ASKINGS,
    CANDLES,
    CLAIMS,
    COMPARISONS,
    DAY_BOUNDARIES,
    EVENTS,
    FUNDING,
    GAPS,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
    LONG_SHORT_RATIOS,
    MATCHES,
    OPEN_INTEREST,
    QUARANTINE,
    RELEASES,
    REPORTED_ORDERS,
    REVISIONS,
    ROLLING_TOTALS,
    SENTIMENT,
    TABLES,
    TAKER_VOLUMES,
    TICKERS,
    UNMATCHED,
    VERDICTS,
    Table,
)
from pipelines.weeks import Week

SQL = Path(__file__).parents[2] / "sql"
WEEK = Week.parse("2022-W24")
MONDAY = WEEK.monday
LATER = datetime(2022, 6, 27, tzinfo=UTC)

LINEAGE = {"coverage": "all", "asked_at": LATER, "answer": "0" * 64}
MARKET = {
    "source": "binance",
    "venue": "binance",
    "coin": "BTC",
    "instrument_id": "binance:BTCUSDT",
    "scope": "binance:BTCUSDT",
} | LINEAGE
PAIR = {
    "coin": "BTC",
    "position": "long",
    "source_a": "coinglass",
    "venue_a": "several",
    "scope_a": "OKX,Binance",
    "source_b": "coinalyze",
    "venue_b": "binance",
    "scope_b": "binance:BTCUSDT",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    INSTRUMENTS.name: MARKET
    | {
        "source_symbol": "BTCUSDT",
        "symbol": "BTCUSDT",
        "coins_per_base": 1,
        "quote": "USDT",
        "feed": "binance/instruments@2019-09-08",
    },
    LIQUIDATIONS.name: MARKET
    | {
        "nth": 0,
        "position": "long",
        "size": 1,
        "size_unit": "coins",
        "size_coins": 1,
        "notional_usd": 100,
        "usd_basis": "par",
        "feed": "binance/force_orders@2021-04-27",
    },
    LIQUIDATION_TOTALS.name: MARKET
    | {
        "source": "coinglass",
        "venue": "several",
        "instrument_id": None,
        "scope": "OKX,Binance",
        "interval_s": 86_400,
        "position": "long",
        "notional_usd": 100,
        "usd_basis": "published",
        "origin": "published",
        "feed": "coinglass/liquidations_daily@2020-12-23",
    },
    OPEN_INTEREST.name: MARKET | {"interval_s": 3_600, "feed": "binance/open_interest@2019-09-08"},
    FUNDING.name: MARKET | {"funding_rate": "0.0001", "feed": "binance/funding@2019-09-08"},
    CANDLES.name: MARKET
    | {
        "kind": "last",
        "interval_s": 3_600,
        "open": 10,
        "high": 12,
        "low": 9,
        "close": 11,
        "volume_coins": 5,
        "feed": "binance/candles@2019-09-08",
    },
    LONG_SHORT_RATIOS.name: MARKET
    | {
        "who": "all_accounts",
        "interval_s": 3_600,
        "long_short_ratio": 1,
        "feed": "binance/long_short@2019-09-08",
    },
    TAKER_VOLUMES.name: MARKET
    | {
        "interval_s": 3_600,
        "taker_buy_usd": 1,
        "taker_sell_usd": 1,
        "feed": "coinglass/taker_volume@2020-01-01",
    },
    TICKERS.name: MARKET | {"nth": 0, "mark_price": 10, "feed": "binance/force_orders@2019-09-08"},
    ROLLING_TOTALS.name: MARKET
    | {
        "source": "coinglass",
        "window_s": 86_400,
        "position": "long",
        "notional_usd": 100,
        "usd_basis": "published",
        "feed": "coinglass/exchange_list@2020-01-01",
    },
    REPORTED_ORDERS.name: MARKET
    | {
        "source": "coinglass",
        "symbol": "BTCUSDT",
        "nth": 0,
        "side_raw": "1",
        "notional_usd": 100,
        "feed": "coinglass/orders@2020-01-01",
    },
    EVENTS.name: {
        "source": "ledger",
        "event_id": "E001",
        "event_kind": "exchange",
        "is_time_exact": False,
        "title": "A venue closed.",
        "feed": "ledger/events@2019-09-01",
    }
    | LINEAGE,
    SENTIMENT.name: {
        "source": "fear_greed",
        "interval_s": 86_400,
        "sentiment_index": 40,
        "feed": "fear_greed/fear_greed@2019-09-01",
    }
    | LINEAGE,
    CLAIMS.name: {
        "first_day": date(2022, 6, 12),
        "source": "ledger",
        "claim_id": "H001",
        "last_day": date(2022, 6, 19),
        "window_stated": "7d",
        "side": "long",
        "scope": "market",
        "value_usd": 100,
        "address": "https://nowhere.test/",
        "graded": "press",
        "feed": "ledger/claims@2019-09-01",
    }
    | LINEAGE,
    ASKINGS.name: {
        "source": "coinglass",
        "dataset": "liquidations_daily",
        "subject": "BTC",
        "is_complete": True,
        "outcome": "answered",
        "answers": 1,
        "bytes": 1,
        "asked_at": LATER,
    },
    LISTENING.name: MARKET
    | {
        "dataset": "force_orders",
        "minutes_heard": 60,
        "minutes_mask": 2**60 - 1,
        "frames": 1,
        "feed": "binance/force_orders",
    },
    QUARANTINE.name: {
        "canonical": "liquidations",
        "source": "binance",
        "dataset": "force_orders",
        "nth": 0,
        "reason": "unknown side 'HOLD'",
        "row": "S=HOLD",
        "answer": "0" * 64,
    },
    MATCHES.name: {
        **{name: MARKET[name] for name in ("venue", "coin", "instrument_id")},
        "source": "kraken",
        "day": MONDAY,
        "dataset_a": "executions",
        "dataset_b": "trade",
        "coverage_a": "all",
        "coverage_b": "all",
        "matched_exactly": 100,
        **dict.fromkeys(("matched_scored", "only_a", "only_b", "unheard_a", "unheard_b"), 0),
    },
    UNMATCHED.name: {
        **{name: MARKET[name] for name in ("venue", "coin", "instrument_id", "answer")},
        "source": "kraken",
        "happened_at": LATER,
        "nth": 0,
        "position": "long",
        "told_by": "executions",
        "not_told_by": "trade",
        "was_listening": True,
        "feed": "kraken/executions@2022-03-23",
    },
    RELEASES.name: {
        **{name: MARKET[name] for name in ("venue", "coin", "scope", "answer")},
        "source": "coinglass",
        "interval_s": 86_400,
        "position": "long",
        "asking": LATER,
        "is_told": True,
        "notional_usd": 100,
        "asked_at": LATER,
        "feed": "coinglass/liquidations_daily@2020-12-23",
    },
    REVISIONS.name: {
        "bucket": LATER,
        **{name: MARKET[name] for name in ("coin", "venue", "instrument_id", "scope")},
        "source": "coinglass",
        "interval_s": 86_400,
        "position": "long",
        "askings": 2,
        "first_asked_at": LATER,
        "latest_asked_at": LATER + timedelta(days=30),
        "change": "restated",
        "feed": "coinglass/liquidations_daily@2020-12-23",
    },
    COMPARISONS.name: PAIR | {"days_compared": 0, "days_only_a": 0, "days_only_b": 0},
    AGREEMENTS.name: PAIR
    | {"first_day": MONDAY - timedelta(days=83), "last_day": MONDAY + timedelta(days=6)}
    | {"days_both": 90, "days_only_a": 0, "days_only_b": 0, "days_zero": 0, "days_compared": 90},
    DAY_BOUNDARIES.name: {
        "source": "coinglass",
        "instrument_id": "binance:BTCUSDT",
        "coin": "BTC",
        "hourly_source": "binance",
        "first_day": date(2022, 5, 1),
        "last_day": date(2022, 5, 30),
        "days": 30,
        "days_best": 29,
        "misfit": 0.01,
        "misfit_next": 0.6,
        "is_asserted": True,
    },
    GAPS.name: {
        "coin": "BTC",
        "sides": "both",
        "source_a": "coinglass",
        "venue_a": "several",
        "source_b": "coinalyze",
        "venue_b": "binance",
        "cause": "unexplained",
        "part_usd": 0,
        "is_estimated": False,
        "evidence": "nothing is known that would part them further",
        "a_usd": 0,
        "b_usd": 0,
        "gap_usd": 0,
    },
    VERDICTS.name: {
        "claim_id": "H045",
        "verdict": "not checkable",
        "reason": "Nothing is held of it.",
        "first_day": date(2025, 10, 25),
        "last_day": date(2025, 11, 30),
        "window_stated": "7d",
        "side": "long",
        "scope": "market",
        "value_usd": 2300000000,
        "low_usd": 2250000000,
        "high_usd": 2350000000,
    },
}


@dataclass
class Ground:
    """A lake that rows are put into, and the warehouse that is built from it."""

    folder: Path
    models: list[Model]
    rows: dict[tuple[str, date, str], list[dict[str, Any]]] = field(default_factory=dict)

    @staticmethod
    def at(day: int = 0, hour: int = 0, minute: int = 0) -> datetime:
        """An instant of the week 2022-W24, counted from its Monday."""
        midnight = datetime.combine(MONDAY, datetime.min.time(), UTC)
        return midnight + timedelta(days=day, hours=hour, minutes=minute)

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    @property
    def place(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def put(
        self,
        table: Table,
        time: datetime,
        *,
        part: str = "rows",
        filed: date | None = None,
        **values: Any,
    ) -> "Ground":
        """Add a row, filed under its day; what is not given is as usual for that table."""
        row = DEFAULTS[table.name] | {"time": time} | values
        made = {c.name: _value(c.dtype, row.get(c.name)) for c in table.columns}
        self.rows.setdefault((table.name, filed or time.date(), part), []).append(made)
        return self

    def write(self) -> "Ground":
        for (name, day, part), rows in self.rows.items():
            frame = pl.DataFrame(rows, schema=TABLES[name].schema)
            self.lake.write(TABLES[name], day, frame, as_of="2022-06-27T00:00:00Z", part=part)
        return self

    def build(self, **settings: Any) -> Built:
        self.write()
        return build(self.place, self.lake, settings.pop("models", self.models), **settings)

    def made(self, *tables: str) -> Built:
        """Build these tables, those they read, and nothing else."""
        by_table = {model.table: model for model in self.models}
        wanted, open_ = set(), set(tables or ("mart.daily_liquidations", "mart.weekly_totals"))
        while open_:
            table = open_.pop()
            wanted.add(table)
            open_ |= (by_table[table].reads & by_table.keys()) - wanted
        return self.build(models=[m for m in self.models if m.table in wanted], publish_broken=True)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.place, read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()


def _value(dtype: pl.DataType, value: Any) -> Any:
    return Decimal(str(value)) if isinstance(dtype, pl.Decimal) and value is not None else value


@pytest.fixture(scope="session")
def models() -> list[Model]:
    return read_all(SQL)


@pytest.fixture
def ground(tmp_path: Path, models: list[Model]) -> Ground:
    return Ground(tmp_path, models)


@pytest.fixture(scope="session")
def ground_in(models: list[Model]) -> Callable[[Path], Ground]:
    return lambda folder: Ground(folder, models)
