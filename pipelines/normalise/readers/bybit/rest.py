"""Bybit v5. Subjects are `linear:BTCUSDT`, so that the category is never guessed.

`openInterest` adds both sides (the vendor's text since 2023-11-14); one side is its half.
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
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact, quotient

SINCE = date(2020, 3, 25)
HOUR = 3_600
MARGIN = {
    "LinearPerpetual": Margin.LINEAR,
    "LinearFutures": Margin.LINEAR,
    "InversePerpetual": Margin.INVERSE,
    "InverseFutures": Margin.INVERSE,
}
LISTED = ("symbol", "contractType", "baseCoin", "quoteCoin", "status", "launchTime")


def result_of(page: Page) -> tuple[FIELD, object]:
    """The subject that was asked for, and the list that came."""
    subject = f"{page.params.get('category')}:{page.params.get('symbol')}"
    return subject, body_of(page)["result"]["list"]


def rows_of(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    subject, rows = result_of(page)
    for row in objects(rows, names):
        yield row if isinstance(row, Refused) else (subject, *row)


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    category = page.params.get("category")
    for row in objects(body_of(page)["result"]["list"], LISTED):
        yield row if isinstance(row, Refused) else (category, *row)


def candles(page: Page, places: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    subject, rows = result_of(page)
    for row in arrays(rows, places):
        yield row if isinstance(row, Refused) else (subject, *row)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, margin = said("symbol"), word(said("contractType"), MARGIN, Margin)
    return listed(
        rows,
        source_symbol=said("category") + ":" + symbol,
        instrument_id="bybit:" + symbol,
        venue=pl.lit("bybit"),
        symbol=symbol,
        quote=said("quoteCoin"),
        margin=margin,
        is_perpetual=said("contractType").str.ends_with("Perpetual"),
        status=said("status"),
        listed_on=instant_ms(said("launchTime")).dt.date(),
        **coin_terms(said("baseCoin")),
    ).with_columns(reason=unknown(said("contractType"), margin, "contract type"))


def of_market(rows: pl.DataFrame, known: Known, time: str) -> pl.DataFrame:
    return with_market(rows, known, said("subject")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said(time)),
        reason=not_listed(),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, "timestamp")
    inverse = pl.col("margin") == Margin.INVERSE.value
    single = exact(said("singleOpenInterest"))
    one_side = pl.coalesce(single, quotient(exact(said("openInterest")), 2))
    return found.with_columns(
        open_interest_coins=pl.when(~inverse).then(coins_of(one_side, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(one_side),
        usd_basis=pl.when(inverse).then(told(Basis.DOLLARS)),
        reason=pl.coalesce("reason", first_reason((one_side.is_null(), "no exact open interest"))),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "fundingRateTimestamp").with_columns(
        funding_rate=exact(said("fundingRate")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Longs over shorts from the two shares: a quotient, rounded to 18 places."""
    buy, sell = exact(said("buyRatio")), exact(said("sellRatio"))
    return of_market(rows, known, "timestamp").with_columns(
        who=told(Who.ALL_ACCOUNTS),
        long_short_ratio=pl.when(sell > 0).then(quotient(buy, sell)),
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    """Volume is base and turnover quote for linear markets; for inverse it is the other way."""
    found = of_market(rows, known, "start")
    inverse = pl.col("margin") == Margin.INVERSE.value
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    found = found.with_columns(**prices, kind=told(kind))
    if kind is not CandleKind.LAST:
        return found
    volume, turnover = exact(said("volume")), exact(said("turnover"))
    dollars = pl.when(inverse).then(volume).when(usd_basis().is_not_null()).then(turnover)
    base = pl.when(inverse).then(turnover).otherwise(volume)
    return found.with_columns(
        volume_coins=coins_of(base, pl.col("coins_per_base")), turnover_usd=dollars
    )


INTEREST = ("openInterest", "singleOpenInterest", "timestamp")
RATES = ("fundingRate", "fundingRateTimestamp")
RATIOS = ("buyRatio", "sellRatio", "timestamp")
OHLC = ("subject", "start", "open", "high", "low", "close")


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


def asked(names: tuple[str, ...], read: Read) -> tuple[Era, ...]:
    return sampled(("subject", *names), partial(rows_of, names=names), read)


READERS = (
    Reader(
        "bybit",
        "instruments",
        INSTRUMENTS,
        sampled(("category", *LISTED), listing, read_listing),
    ),
    Reader("bybit", "open_interest", OPEN_INTEREST, asked(INTEREST, read_open_interest)),
    Reader("bybit", "funding", FUNDING, asked(RATES, read_funding)),
    Reader("bybit", "long_short", LONG_SHORT_RATIOS, asked(RATIOS, read_ratios)),
    Reader(
        "bybit",
        "candles",
        CANDLES,
        sampled(
            (*OHLC, "volume", "turnover"),
            partial(candles, places=7),
            partial(read_candles, kind=CandleKind.LAST),
            (*OHLC[2:], "volume", "turnover"),
        ),
    ),
    Reader(
        "bybit",
        "mark_candles",
        CANDLES,
        sampled(
            OHLC, partial(candles, places=5), partial(read_candles, kind=CandleKind.MARK), OHLC[2:]
        ),
    ),
)

STATEMENTS = (
    Statement(
        "`openInterest` adds both sides, `singleOpenInterest` (since 2026-06-11) is one of them; "
        "base coins if linear, dollars if inverse.",
        "vendor's document of open interest; its changelog of 2026-06-11",
        Grade.VENDOR,
    ),
    Statement(
        "Before 2023-11-14 no document said whether both sides are added: the half is taken.",
        "the dates of the vendor's text",
        Grade.DERIVED,
    ),
    Statement(
        "A candle's volume is base and its turnover quote if linear, the other way if inverse.",
        "vendor's document of kline",
        Grade.VENDOR,
    ),
    Statement(
        "Shares of the account ratio count holders, from 2020-07-20 on.",
        "vendor's document of account-ratio",
        Grade.VENDOR,
    ),
)
