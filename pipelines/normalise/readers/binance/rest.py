"""Binance USD-M over REST: listing, funding, open interest, ratios and candles.

Shapes: the vendor's own SDK documentation. Sizes are in units of the base asset.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    arrays,
    body_of,
    first_reason,
    instant_ms,
    objects,
    said,
    told,
)
from pipelines.normalise.markets import (
    coin_terms,
    listed,
    not_listed,
    usd_basis,
    with_market,
)
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact

SINCE = date(2019, 9, 8)
HOUR = 3_600
DEFAULT_FUNDING_HOURS = "8"  # fundingInfo lists only the symbols that differ
WHO = {
    "globalLongShortAccountRatio": Who.ALL_ACCOUNTS,
    "topLongShortAccountRatio": Who.TOP_ACCOUNTS,
    "topLongShortPositionRatio": Who.TOP_POSITIONS,
}
LISTED = ("symbol", "baseAsset", "quoteAsset", "contractType", "status", "onboardDate")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    if page.address.endswith("/fundingInfo"):
        return
    yield from objects(body_of(page)["symbols"], LISTED)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol = said("symbol")
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="binance:" + symbol,
        venue=pl.lit("binance"),
        symbol=symbol,
        quote=said("quoteAsset"),
        margin=told(Margin.LINEAR),
        is_perpetual=said("contractType").str.contains("PERPETUAL"),
        status=said("status"),
        listed_on=instant_ms(said("onboardDate")).dt.date(),
        **coin_terms(said("baseAsset")),
    )


def rows_of(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page), names)


def candles(page: Page, places: int = 10) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Open time, four prices, volume, close time, quote volume, trades, taker buys; symbol first."""
    symbol = page.params.get("symbol")
    for row in arrays(body_of(page), places):
        yield row if isinstance(row, Refused) else (symbol, *row)


def ratios(page: Page, subject: str = "symbol") -> Iterator[tuple[FIELD, ...] | Refused]:
    """Whose ratio it is stands in the address; ``subject`` names the field with the market."""
    who = WHO.get(page.address.rpartition("/")[2])
    if who is None:
        yield Refused("unknown ratio", page.address)
        return
    for row in rows_of(page, (subject, "longShortRatio", "timestamp")):
        yield row if isinstance(row, Refused) else (who.value, *row)


def of_market(rows: pl.DataFrame, known: Known, time: pl.Expr) -> pl.DataFrame:
    return with_market(rows, known, said("symbol")).with_columns(
        scope=pl.col("instrument_id"), time=time, reason=not_listed()
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_ms(said("fundingTime"))).with_columns(
        # a settlement can be stamped a few milliseconds after its hour
        time=pl.col("time").dt.truncate("1m") if rows.height else pl.col("time"),
        interval_s=pl.lit(None, dtype=pl.Int32),
        funding_rate=exact(said("fundingRate")),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("sumOpenInterestValue"))
    return of_market(rows, known, instant_ms(said("timestamp"))).with_columns(
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        open_interest_coins=coins_of(exact(said("sumOpenInterest")), pl.col("coins_per_base")),
        open_interest_usd=usd,
        usd_basis=pl.when(usd.is_not_null()).then(told(Basis.PUBLISHED)),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_ms(said("timestamp"))).with_columns(
        who=said("who").cast(pl.Enum(Who)),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        long_short_ratio=exact(said("ratio")),
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    found = of_market(rows, known, instant_ms(said("open_time")))
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    none = exact(pl.lit(None, dtype=pl.String))
    traded = kind is CandleKind.LAST
    at_dollars = usd_basis().is_not_null()
    return found.with_columns(
        **prices,
        kind=told(kind),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        volume_coins=coins_of(exact(said("volume")), pl.col("coins_per_base")) if traded else none,
        turnover_usd=pl.when(at_dollars).then(exact(said("quote_volume"))) if traded else none,
        taker_buy_coins=coins_of(exact(said("taker_buy")), pl.col("coins_per_base"))
        if traded
        else none,
        reason=pl.coalesce(
            "reason",
            first_reason((prices["close"].is_null(), "no exact close")),
        ),
    )


CANDLE_AMOUNTS = ("open", "high", "low", "volume", "quote_volume", "taker_buy")
CANDLE_FIELDS = (
    "symbol",
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "trades",
    "taker_buy",
)
FUNDING_FIELDS = ("symbol", "fundingRate", "fundingTime")
INTEREST_FIELDS = ("symbol", "sumOpenInterest", "sumOpenInterestValue", "timestamp")


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


READERS = (
    Reader("binance", "instruments", INSTRUMENTS, sampled(LISTED, listing, read_listing)),
    Reader(
        "binance",
        "funding",
        FUNDING,
        sampled(FUNDING_FIELDS, partial(rows_of, names=FUNDING_FIELDS), read_funding),
    ),
    Reader(
        "binance",
        "open_interest",
        OPEN_INTEREST,
        sampled(
            INTEREST_FIELDS,
            partial(rows_of, names=INTEREST_FIELDS),
            read_open_interest,
            INTEREST_FIELDS[1:3],
        ),
    ),
    Reader(
        "binance",
        "long_short",
        LONG_SHORT_RATIOS,
        sampled(("who", "symbol", "ratio", "timestamp"), ratios, read_ratios),
    ),
    Reader(
        "binance",
        "candles",
        CANDLES,
        sampled(
            CANDLE_FIELDS, candles, partial(read_candles, kind=CandleKind.LAST), CANDLE_AMOUNTS
        ),
    ),
    Reader(
        "binance",
        "mark_candles",
        CANDLES,
        sampled(
            CANDLE_FIELDS, candles, partial(read_candles, kind=CandleKind.MARK), CANDLE_AMOUNTS
        ),
    ),
)

STATEMENTS = (
    Statement(
        "Open interest is in base coins, its value in dollars; the ratio is longs over shorts.",
        "sample answers in ccxt 4.5.90",
        Grade.OBSERVED,
    ),
    Statement(
        "The stamp of open interest and ratios is the end of its period.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A funding rate is a fraction for one interval, stamped in milliseconds.",
        "vendor's SDK 18.1.0",
        Grade.VENDOR,
    ),
    Statement(
        "Candles are of UTC buckets; those of mark prices have zeros where a volume would be.",
        "ccxt 4.5.90, parse_ohlcv",
        Grade.OBSERVED,
    ),
)
