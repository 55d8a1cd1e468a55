"""dYdX v4: the listing, open interest, funding and candles, as its indexer answers."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from urllib.parse import unquote

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_iso,
    instant_ms,
    objects,
    said,
    told,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, OPEN_INTEREST
from pipelines.tables.words import CandleKind, Coverage
from pipelines.units import Margin, coins_of, exact

SINCE = date(2023, 10, 26)
HOUR_S = 3_600
QUOTE = "USDC"
BASE = r"^([^,]+)(?:,.*)?-USD$"  # behind a comma stands where a coin is traded elsewhere
LISTED = ("ticker", "status")
INTEREST = ("ticker", "openInterest")
RATES = ("ticker", "rate", "effectiveAt")
OHLC = ("open", "high", "low", "close")
CANDLE = ("startedAt", *OHLC, "baseTokenVolume", "usdVolume", "startingOpenInterest")


def ticker_of(page: Page) -> str:
    """The market that was asked about: the last step of the address."""
    return unquote(page.address.rpartition("/")[2])


def markets(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    asked_ms = str(int(page.asked_at.timestamp() * 1000))
    for row in objects(list(body_of(page)["markets"].values()), names):
        yield row if isinstance(row, Refused) else (*row, asked_ms)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, base = said("ticker"), said("ticker").str.extract(BASE)
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="dydx:" + symbol,
        venue=pl.lit("dydx"),
        symbol=symbol,
        quote=pl.lit(QUOTE),
        margin=told(Margin.LINEAR),
        is_perpetual=pl.lit(value=True),
        status=said("status"),
        **coin_terms(base),
    ).with_columns(reason=first_reason((base.is_null(), "a ticker of another pattern")))


def of_market(rows: pl.DataFrame, known: Known, time: pl.Expr) -> pl.DataFrame:
    return with_market(rows, known, said("ticker")).with_columns(
        scope=pl.col("instrument_id"),
        time=time,
        reason=not_listed(),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
    )


def with_interest(found: pl.DataFrame, text: pl.Expr) -> pl.DataFrame:
    """A reading of an instant, also of one at which an hour begins: no bucket, hence 0 seconds.

    With 3600 it would be taken for the state at the end of that hour.
    """
    held = exact(text)
    return found.with_columns(
        interval_s=pl.lit(0, dtype=pl.Int32),
        open_interest_coins=coins_of(held, pl.col("coins_per_base")),
        reason=pl.coalesce("reason", first_reason((held.is_null(), "no exact open interest"))),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, instant_ms(said("asked_ms")))
    return with_interest(found, said("openInterest")).with_columns(subject=pl.lit("*"))


def read_starting_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, instant_iso(said("startedAt")))
    return with_interest(found, said("startingOpenInterest"))


def rates(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["historicalFunding"], RATES)


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_iso(said("effectiveAt"))).with_columns(
        funding_rate=exact(said("rate"))
    )


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    ticker = ticker_of(page)
    for row in objects(body_of(page)["candles"], CANDLE):
        yield row if isinstance(row, Refused) else (ticker, *row)


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, instant_iso(said("startedAt")))
    return found.with_columns(
        **{name: exact(said(name)) for name in OHLC},
        kind=told(CandleKind.LAST),
        volume_coins=coins_of(exact(said("baseTokenVolume")), pl.col("coins_per_base")),
        turnover_usd=pl.when(usd_basis().is_not_null()).then(exact(said("usdVolume"))),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


PRICED = (*OHLC, "baseTokenVolume", "usdVolume")
_of = partial(Reader, "dydx")
READERS = (
    _of(
        "instruments",
        INSTRUMENTS,
        sampled((*LISTED, "asked_ms"), partial(markets, names=LISTED), read_listing),
    ),
    _of(
        "open_interest",
        OPEN_INTEREST,
        sampled((*INTEREST, "asked_ms"), partial(markets, names=INTEREST), read_open_interest),
    ),
    _of("funding", FUNDING, sampled(RATES, rates, read_funding)),
    _of("candles", CANDLES, sampled(("ticker", *CANDLE), candles, read_candles, PRICED)),
    _of("candles", OPEN_INTEREST, sampled(("ticker", *CANDLE), candles, read_starting_interest)),
)

STATEMENTS = (
    Statement(
        "`openInterest` counts coins; `startingOpenInterest` is that of the candle's beginning.",
        "a row shown in the code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement("Open interest counts one side.", "by analogy", Grade.UNVERIFIED),
    Statement(
        "A ticker with commas names the coin first, then where it is traded elsewhere.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
