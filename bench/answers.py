"""Raw answers in the shapes of three sources: hourly rows of many markets over several weeks."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from pipelines.lake import days_between
from pipelines.normalise.eras import Known, Reader
from pipelines.normalise.registry import READERS
from pipelines.raw import Page
from pipelines.tables import INSTRUMENTS
from pipelines.tables.words import Coverage
from pipelines.units import AMOUNT, Margin

FIRST = date(2026, 9, 28)
HOUR_MS = 3_600_000
ASKED = datetime(2026, 11, 10, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shape:
    """A dataset, the answer about one market over some hours, and how it was asked for."""

    source: str
    dataset: str
    address: str
    params: Callable[[str], dict[str, str]]
    body: Callable[[random.Random, str, range], object]
    subject: str = "{coin}USDT"

    @property
    def reader(self) -> Reader:
        return next(r for r in READERS if (r.source, r.dataset) == (self.source, self.dataset))


@dataclass(frozen=True, slots=True)
class Answers:
    """What the engine is given: pages, what they were chosen to tell, and the listing."""

    shape: Shape
    pages: list[Page]
    chosen: pl.DataFrame
    known: Known
    days: tuple[date, date]
    rows: int
    bytes: int = field(default=0)


def answers(shape: Shape, markets: int, days: int) -> Answers:
    """One answer for each market, of every hour of so many days."""
    chance = random.Random(shape.source)
    start = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp() * 1000)
    hours = range(start, start + days * 24 * HOUR_MS, HOUR_MS)
    coins = [f"COIN{n:03}" for n in range(markets)]
    subjects = [shape.subject.format(coin=coin) for coin in coins]
    last = FIRST + timedelta(days=days - 1)
    pages = [
        _page(number, subject, last, shape, json.dumps(shape.body(chance, coin, hours)).encode())
        for number, (coin, subject) in enumerate(zip(coins, subjects, strict=True))
    ]
    listing = _listing(shape.source, coins, subjects)
    rows, size = markets * len(hours), sum(len(page.body) for page in pages)
    return Answers(shape, pages, _chosen(pages, last), Known(listing), (FIRST, last), rows, size)


def _page(number: int, subject: str, last: date, shape: Shape, body: bytes) -> Page:
    return Page(
        number=number,
        subject=subject,
        subjects=(subject,),
        first_day=FIRST,
        last_day=last,
        address=shape.address,
        params=shape.params(subject),
        status=200,
        asked_at=ASKED,
        sha256=f"{number:064x}",
        body=body,
    )


def _chosen(pages: list[Page], last: date) -> pl.DataFrame:
    told = pl.DataFrame(
        {
            "subject": [page.subject for page in pages],
            "number": pl.Series([page.number for page in pages], dtype=pl.Int32),
            "file": "bodies",
            "index_file": "index",
        }
    )
    return told.join(pl.DataFrame({"day": days_between(FIRST, last)}), how="cross")


def _listing(source: str, coins: list[str], subjects: list[str]) -> pl.DataFrame:
    named = pl.DataFrame({"source_symbol": subjects, "coin": coins}).with_columns(
        source=pl.lit(source),
        venue=pl.lit(source),
        symbol="source_symbol",
        instrument_id=pl.lit(f"{source}:") + pl.col("source_symbol"),
        coins_per_base=pl.lit(1).cast(AMOUNT),
        contract_size=pl.lit(1).cast(AMOUNT),
        quote=pl.lit("USDT"),
        margin=pl.lit(Margin.LINEAR.value),
        is_perpetual=True,
        status=pl.lit("TRADING"),
        listed_on=pl.lit(FIRST),
        time=pl.lit(ASKED),
        feed=pl.lit("listing"),
        coverage=pl.lit(Coverage.SAMPLED.value),
        asked_at=pl.lit(ASKED),
        answer=pl.lit(""),
    )
    return named.select(pl.col(c.name).cast(c.dtype) for c in INSTRUMENTS.columns)


def _klines(chance: random.Random, coin: str, hours: range) -> object:
    def row(at: int) -> list[object]:
        prices = [f"{chance.randrange(10_000_000, 99_999_999) / 100:.2f}" for _ in range(4)]
        volume, taker = chance.randrange(10**7), chance.randrange(10**6)
        return [
            *(at, *prices, f"{volume / 1000:.3f}", at + HOUR_MS - 1, f"{volume * 3.3017:.5f}"),
            *(chance.randrange(90_000), f"{taker / 1000:.3f}", f"{taker * 3.3017:.5f}", "0"),
        ]

    return [row(at) for at in hours]


def _sides(chance: random.Random, coin: str, hours: range) -> object:
    def row(at: int) -> dict[str, object]:
        return {
            "time": at,
            "aggregated_long_liquidation_usd": chance.randrange(10**10) / 10_000,
            "aggregated_short_liquidation_usd": chance.randrange(10**10) / 10_000,
        }

    return {"code": "0", "msg": "success", "data": [row(at) for at in hours]}


def _interest(chance: random.Random, coin: str, hours: range) -> object:
    def row(at: int) -> dict[str, object]:
        both = chance.randrange(10**11)
        return {
            "openInterest": f"{both / 1000:.8f}",
            "singleOpenInterest": f"{both / 2000:.8f}",
            "timestamp": str(at),
        }

    listed = [row(at) for at in reversed(hours)]
    result = {"symbol": f"{coin}USDT", "category": "linear", "list": listed, "nextPageCursor": ""}
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": hours[-1]}


BINANCE = Shape(
    "binance",
    "candles",
    "https://fapi.binance.com/fapi/v1/klines",
    lambda subject: {"symbol": subject, "interval": "1h"},
    _klines,
)
COINGLASS = Shape(
    "coinglass",
    "liquidations_hourly",
    "https://open-api-v4.coinglass.com/api/futures/liquidation/aggregated-history",
    lambda subject: {"symbol": subject, "interval": "1h", "exchange_list": "Binance,Bybit"},
    _sides,
    "{coin}",
)
BYBIT = Shape(
    "bybit",
    "open_interest",
    "https://api.bybit.com/v5/market/open-interest",
    lambda subject: {"category": "linear", "symbol": subject.partition(":")[2]},
    _interest,
    "linear:{coin}USDT",
)
SHAPES = {shape.source: shape for shape in (BINANCE, COINGLASS, BYBIT)}
