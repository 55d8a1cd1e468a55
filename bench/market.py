"""A whole market's week as canonical Parquet: made up, but of the right size, shape and digits.

Twelve sources list 250 coins each. The decimals go to ``<data>/lake`` through ``Lake.write``, so
that manifests exist; the same rows with doubles go to ``<data>/floats``.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.columns import amounts, lineage
from bench.feeds import COVERAGE, FEEDS
from pipelines.files import write_bytes_whole
from pipelines.lake import Lake, days_between
from pipelines.tables import (
    CANDLES,
    INSTRUMENTS,
    LIQUIDATIONS,
    LISTENING,
    OPEN_INTEREST,
    Table,
)
from pipelines.tables.words import Basis, CandleKind, Coverage, Position, PriceKind, Unit
from pipelines.units import AMOUNT, Margin, coins_of, notional

VENUES = tuple(FEEDS)
COINS = 250  # of each venue
LIQUIDATIONS_A_WEEK = 3_000_000
FIRST = date(2026, 11, 9)  # a Monday
DAYS = 7
MINUTE, FIVE_MINUTES, DAY_S = 60, 300, 86_400
SEED = 20_261_109
Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Market:
    """A made-up market; ``scale`` 1 is the whole one."""

    folder: Path
    scale: float = 1.0

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    @property
    def floats(self) -> Path:
        return self.folder / "floats"

    @property
    def days(self) -> list[date]:
        return days_between(FIRST, FIRST + timedelta(days=DAYS - 1))

    @property
    def coins(self) -> int:
        return max(1, round(COINS * self.scale))

    def markets(self) -> pl.DataFrame:
        """Every market with what its rows repeat, sorted as the tables are."""
        coins = [f"COIN{n:03}" for n in range(self.coins)]
        places = np.random.default_rng(SEED).integers(0, 8, len(coins)).tolist()
        named = pl.DataFrame({"coin": coins, "places": places})
        venues = pl.DataFrame({"source": VENUES})
        symbol = pl.col("coin") + "USDT"
        return venues.join(named, how="cross").with_columns(
            venue="source", symbol=symbol, instrument_id=pl.col("source") + ":" + symbol
        )


def make(market: Market) -> None:
    """Write what is not there yet; a marker says that a market is whole."""
    marker = market.folder / f"whole-{market.scale:g}"
    if marker.exists():
        return
    markets = market.markets()
    for number, day in enumerate(market.days):
        rng = np.random.default_rng(SEED + 1 + number)
        _write(market, INSTRUMENTS, day, _listing(markets, day))
        for table, rows in _facts(market, markets, day, rng):
            _write(market, table, day, rows)
        _write(market, LISTENING, day, _listening(day))
    write_bytes_whole(marker, b"")


def _facts(
    market: Market, markets: pl.DataFrame, day: date, rng: np.random.Generator
) -> Iterator[tuple[Table, pl.DataFrame]]:
    yield CANDLES, _candles(markets, day, rng)
    yield OPEN_INTEREST, _open_interest(markets, day, rng)
    yield LIQUIDATIONS, _liquidations(markets, day, rng, _events_of(market, day))


def _events_of(market: Market, day: date) -> int:
    """Half of the week's events fall on its fourth day, a cascade."""
    week = round(LIQUIDATIONS_A_WEEK * market.scale)
    return week // 2 if day == market.days[3] else week // 2 // (DAYS - 1)


def _write(market: Market, table: Table, day: date, rows: pl.DataFrame) -> None:
    made = rows.select(
        pl.col(c.name).cast(c.dtype)
        if c.name in rows.columns
        else pl.lit(None, c.dtype).alias(c.name)
        for c in table.columns
    )
    market.lake.write(table, day, made, as_of=f"{day + timedelta(days=1)}T06:00:00Z")
    place = market.floats / table.name / f"day={day}" / "rows.parquet"
    place.parent.mkdir(parents=True, exist_ok=True)
    doubles = market.lake.read(table, day, day).with_columns(pl.col(AMOUNT).cast(pl.Float64))
    doubles.write_parquet(place, compression="zstd", compression_level=3)


def _listing(markets: pl.DataFrame, day: date) -> pl.DataFrame:
    return markets.with_columns(
        source_symbol="symbol",
        coins_per_base=pl.lit(1).cast(AMOUNT),
        quote=pl.lit("USDT"),
        margin=pl.lit(Margin.LINEAR.value),
        contract_size=pl.lit(1).cast(AMOUNT),
        is_perpetual=True,
        status=pl.lit("TRADING"),
        listed_on=pl.lit(date(2022, 1, 3)),
        time=_midnight(day),
        **lineage("instruments", Coverage.SAMPLED, day),
        answer=pl.lit(_digest(f"listing {day}")),
    )


def _listening(day: date) -> pl.DataFrame:
    """Every minute of the day heard, on every feed."""
    hours = pl.datetime_range(
        _midnight(day), _midnight(day) + timedelta(hours=23), "1h", eager=True
    )
    feeds = pl.DataFrame(
        {
            "source": list(FEEDS),
            "dataset": [feed.partition("/")[2].partition("@")[0] for feed in FEEDS.values()],
        }
    )
    return feeds.join(hours.alias("time").to_frame(), how="cross").with_columns(
        venue="source",
        minutes_heard=60,
        minutes_mask=pl.lit((1 << 60) - 1, dtype=pl.Int64),
        frames=100,
        **lineage("listening", Coverage.SAMPLED, day),
        answer=pl.lit(_digest(f"listening {day}")),
    )


def _candles(markets: pl.DataFrame, day: date, rng: np.random.Generator) -> pl.DataFrame:
    buckets = DAY_S // MINUTE
    shape = (markets.height, buckets)
    close = _walk(rng, shape)
    before = np.concatenate([close[:, :1], close[:, :-1]], axis=1)
    wick = rng.integers(0, 30, shape)
    volume = rng.lognormal(9, 1.5, shape).astype(np.int64) + 1
    rows = _grid(markets, "candles_1m", day, MINUTE).with_columns(
        kind=pl.lit(CandleKind.LAST.value),
        **_ticks("open", before),
        **_ticks("high", np.maximum(before, close) + wick),
        **_ticks("low", np.minimum(before, close) - wick),
        **_ticks("close", close),
        **_ticks("volume", volume),
        **_ticks("taker", volume * rng.integers(20, 80, shape) // 100),
    )
    return _priced(rows, ("open", "high", "low", "close")).with_columns(
        volume_coins=amounts("volume", 3),
        taker_buy_coins=amounts("taker", 3),
        turnover_usd=notional(amounts("volume", 3), pl.col("close")),
    )


def _open_interest(markets: pl.DataFrame, day: date, rng: np.random.Generator) -> pl.DataFrame:
    shape = (markets.height, DAY_S // FIVE_MINUTES)
    rows = _grid(markets, "open_interest_5m", day, FIVE_MINUTES).with_columns(
        **_ticks("held", _walk(rng, shape) * 1000), **_ticks("close", _walk(rng, shape))
    )
    return _priced(rows, ("close",)).with_columns(
        scope="instrument_id",
        open_interest_coins=amounts("held", 3),
        open_interest_usd=notional(amounts("held", 3), pl.col("close")),
        usd_basis=pl.lit(Basis.PUBLISHED.value),
    )


def _liquidations(
    markets: pl.DataFrame, day: date, rng: np.random.Generator, events: int
) -> pl.DataFrame:
    """A few markets have most of the events."""
    which = (rng.power(0.35, events) * markets.height).astype(np.int64)
    picked = (
        markets[pl.Series(which)]
        .with_columns(
            **_ticks("ms", rng.integers(0, 86_400_000, events)),
            position=pl.Series(rng.choice([p.value for p in Position], events)),
            **_ticks("size", rng.lognormal(6, 2, events).astype(np.int64) + 1),
            **_ticks("price", rng.integers(10_000, 900_000, events)),
            **lineage("liquidations", Coverage.ALL, day),
        )
        .with_columns(
            feed=pl.col("source").replace_strict(FEEDS),
            coverage=pl.col("source").replace_strict(COVERAGE),
        )
    )
    value = notional(amounts("size", 3), pl.col("price"))
    return (
        _priced(picked, ("price",))
        .with_columns(time=_midnight(day) + pl.duration(milliseconds="ms"))
        .with_columns(
            nth=pl.int_range(pl.len()).over("instrument_id", "time"),
            size_coins=amounts("size", 3),
            size_unit=pl.lit(Unit.COINS.value),
            price_kind=pl.lit(PriceKind.BANKRUPTCY.value),
            notional_quote=value,
            notional_usd=value,
            usd_basis=pl.lit(Basis.PAR.value),
            answer=_answers(pl.col("instrument_id"), day, "liquidations"),
        )
        .with_columns(size="size_coins")
    )


def _grid(markets: pl.DataFrame, dataset: str, day: date, interval_s: int) -> pl.DataFrame:
    """Every bucket of the day of every market, with what its rows repeat."""
    marked = markets.with_columns(
        answer=_answers(pl.col("instrument_id"), day, dataset),
        interval_s=pl.lit(interval_s),
        **lineage(dataset, Coverage.SAMPLED, day),
    )
    begins = pl.datetime_range(
        _midnight(day),
        _midnight(day) + timedelta(days=1),
        timedelta(seconds=interval_s),
        closed="left",
        eager=True,
    )
    return marked.join(begins.alias("time").to_frame(), how="cross", maintain_order="left_right")


def _walk(rng: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """Prices in ticks: five or six digits, moving by a few each bucket."""
    start = rng.integers(20_000, 900_000, (shape[0], 1))
    steps = np.cumsum(rng.normal(0, 0.0008, shape), axis=1)
    return (start * np.exp(steps)).astype(np.int64) + 100


def _ticks(name: str, numbers: Numbers) -> dict[str, pl.Series]:
    return {name: pl.Series(name, numbers.reshape(-1))}


def _priced(rows: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Ticks as prices, with the places that the coin's price has."""
    tick = pl.col("places").replace_strict(
        {n: f"{10**-n:.{n}f}" for n in range(8)}, return_dtype=pl.String
    )
    return rows.with_columns(tick=tick.cast(AMOUNT)).with_columns(
        coins_of(pl.col(name).cast(AMOUNT), pl.col("tick")).alias(name) for name in names
    )


def _answers(instrument: pl.Expr, day: date, dataset: str) -> pl.Expr:
    """One answer for each market and day, by its digest."""
    return instrument.map_batches(
        lambda names: names.replace_strict(
            {name: _digest(f"{dataset} {name} {day}") for name in names.unique().to_list()}
        ),
        return_dtype=pl.String,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def make_in(folder: str, scale: float) -> None:
    """``make`` in a process of its own."""
    make(Market(Path(folder), scale))
