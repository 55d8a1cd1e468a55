"""KuCoin futures: listing, open interest, funding and candles. There are no liquidations.

Sizes count lots. A lot is `multiplier` units of the base; of an inverse contract, which a minus
in front tells as well, it is that many dollars.
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
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, OPEN_INTEREST
from pipelines.tables.words import Basis, CandleKind, Coverage
from pipelines.units import Margin, base_of_contracts, coins_of, exact, usd_of_contracts

SINCE = date(2020, 1, 1)
HOUR_S = 3_600
LISTED = (
    "symbol",
    "baseCurrency",
    "quoteCurrency",
    "multiplier",
    "isInverse",
    "status",
    "firstOpenDate",
    "expireDate",
)
INTEREST = ("symbol", "openInterest", "ts")
RATES = ("symbol", "fundingRate", "timepoint")
PRICES = ("open", "high", "low", "close")
CANDLE = ("time", *PRICES, "volume", "turnover")


def rows_of(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["data"], names)


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    symbol = page.params.get("symbol")
    for row in arrays(body_of(page)["data"], len(CANDLE)):
        yield row if isinstance(row, Refused) else (symbol, *row)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, multiplier, flag = said("symbol"), exact(said("multiplier")), said("isInverse")
    margin = (
        pl.when((flag == "true") | (multiplier < 0))
        .then(told(Margin.INVERSE))
        .when(flag == "false")
        .then(told(Margin.LINEAR))
    )
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="kucoin:" + symbol,
        venue=pl.lit("kucoin"),
        symbol=symbol,
        quote=said("quoteCurrency"),
        margin=margin,
        contract_size=multiplier.abs(),
        is_perpetual=said("expireDate").is_null(),
        status=said("status"),
        listed_on=instant_ms(said("firstOpenDate")).dt.date(),
        **coin_terms(said("baseCurrency")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(flag, margin, "isInverse"),
            first_reason((~(multiplier.abs() > 0), "no contract size")),
        )
    )


def of_market(rows: pl.DataFrame, known: Known, time: str) -> pl.DataFrame:
    return with_market(rows, known, said("symbol")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said(time)),
        reason=not_listed(),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
    )


def read_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, "ts")
    inverse = pl.col("margin") == Margin.INVERSE.value
    lots, size = exact(said("openInterest")), pl.col("contract_size")
    base = base_of_contracts(lots, size)
    return found.with_columns(
        open_interest_coins=pl.when(~inverse).then(coins_of(base, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(usd_of_contracts(lots, size)),
        usd_basis=pl.when(inverse).then(told(Basis.DOLLARS)),
        reason=pl.coalesce("reason", first_reason((lots.is_null(), "no exact open interest"))),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "timepoint").with_columns(
        funding_rate=exact(said("fundingRate")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Volume counts lots; the turnover of an inverse market is not used: its unit is not said."""
    found = of_market(rows, known, "time")
    inverse = pl.col("margin") == Margin.INVERSE.value
    lots, size = exact(said("volume")), pl.col("contract_size")
    base = base_of_contracts(lots, size)
    return found.with_columns(
        **{name: exact(said(name)) for name in PRICES},
        kind=told(CandleKind.LAST),
        volume_coins=pl.when(~inverse).then(coins_of(base, pl.col("coins_per_base"))),
        turnover_usd=pl.when(inverse)
        .then(usd_of_contracts(lots, size))
        .when(usd_basis().is_not_null())
        .then(exact(said("turnover"))),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


def asked(names: tuple[str, ...], read: Read) -> tuple[Era, ...]:
    return sampled(names, partial(rows_of, names=names), read)


READERS = (
    Reader("kucoin", "instruments", INSTRUMENTS, asked(LISTED, read_listing)),
    Reader("kucoin", "open_interest", OPEN_INTEREST, asked(INTEREST, read_interest)),
    Reader("kucoin", "funding", FUNDING, asked(RATES, read_funding)),
    Reader(
        "kucoin",
        "candles",
        CANDLES,
        sampled(("symbol", *CANDLE), candles, read_candles, CANDLE[1:]),
    ),
)

STATEMENTS = (
    Statement(
        "A lot is `multiplier` units of the base; of an inverse contract, whose multiplier is "
        "below zero, as many dollars.",
        "ccxt 4.5.90; that they are dollars follows from the contract's being inverse",
        Grade.DERIVED,
    ),
    Statement(
        "Open interest counts lots, and one side of them; its `ts` is the beginning of the hour.",
        "ccxt 4.5.90 for the lots; the rest is assumed: the one example is of no whole hour",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A candle is time (ms), open, high, low, close, lots, turnover; the turnover of a linear "
        "market is its quote.",
        "vendor's SDK 1.3.2 for the places; the unit of the turnover is assumed",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Funding rates are fractions, and may be written with an exponent; `timepoint` is when one "
        "was settled.",
        "answers quoted in ccxt 4.5.90",
        Grade.OBSERVED,
    ),
)
