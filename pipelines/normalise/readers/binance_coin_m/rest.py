"""Binance COIN-M over REST. A contract is a fixed number of dollars; statistics speak of a pair."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_ms,
    objects,
    said,
    told,
    unknown,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed
from pipelines.normalise.readers.binance.rest import (
    CANDLE_AMOUNTS,
    CANDLE_FIELDS,
    FUNDING_FIELDS,
    HOUR,
    candles,
    of_market,
    ratios,
    read_funding,
    rows_of,
)
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST, Table
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact, usd_of_contracts

SINCE = date(2020, 8, 10)
LISTED = (
    "symbol",
    "baseAsset",
    "quoteAsset",
    "contractType",
    "contractStatus",
    "onboardDate",
    "contractSize",
)
INTEREST_FIELDS = ("pair", "contractType", "sumOpenInterest", "sumOpenInterestValue", "timestamp")
PLACES = 11  # the last one read is what takers bought, in coins
FIELDS = (*CANDLE_FIELDS, "taker_buy_base")
AMOUNTS = (*CANDLE_AMOUNTS, "taker_buy_base")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["symbols"], LISTED)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, size = said("symbol"), exact(said("contractSize"))
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="binance:" + symbol,
        venue=pl.lit("binance"),
        symbol=symbol,
        quote=said("quoteAsset"),
        margin=told(Margin.INVERSE),
        contract_size=size,
        is_perpetual=said("contractType").str.contains("PERPETUAL"),
        status=said("contractStatus"),
        listed_on=instant_ms(said("onboardDate")).dt.date(),
        **coin_terms(said("baseAsset")),
    ).with_columns(reason=first_reason((~(size > 0), "no dollars in a contract")))


def of_pair(rows: pl.DataFrame, known: Known, time: str) -> pl.DataFrame:
    """A figure about a pair stands for its perpetual."""
    named = rows.with_columns(said_symbol=said("pair") + "_PERP")
    return of_market(named, known, instant_ms(said(time)))


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Contracts, and the coins that they are worth, both as printed."""
    contracts, coins = exact(said("sumOpenInterest")), exact(said("sumOpenInterestValue"))
    perpetual = pl.when(said("contractType") == "PERPETUAL").then(said("contractType"))
    return of_pair(rows, known, "timestamp").with_columns(
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        open_interest_coins=coins_of(coins, pl.col("coins_per_base")),
        open_interest_usd=usd_of_contracts(contracts, pl.col("contract_size")),
        usd_basis=pl.when(contracts.is_not_null()).then(told(Basis.DOLLARS)),
        reason=pl.coalesce(
            unknown(said("contractType"), perpetual, "contract type"),
            "reason",
            first_reason((contracts.is_null(), "no exact open interest")),
        ),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_pair(rows, known, "timestamp").with_columns(
        who=said("who").cast(pl.Enum(Who)),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        long_short_ratio=exact(said("ratio")),
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    """The first volume counts contracts, the second one coins."""
    found = of_market(rows, known, instant_ms(said("open_time")))
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    priced = found.with_columns(
        **prices,
        kind=told(kind),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        reason=pl.coalesce(
            not_listed(), first_reason((prices["close"].is_null(), "no exact close"))
        ),
    )
    if kind is not CandleKind.LAST:
        return priced
    many = pl.col("coins_per_base")
    return priced.with_columns(
        volume_coins=coins_of(exact(said("quote_volume")), many),
        turnover_usd=usd_of_contracts(exact(said("volume")), pl.col("contract_size")),
        taker_buy_coins=coins_of(exact(said("taker_buy_base")), many),
    )


def sampled(
    dataset: str,
    table: Table,
    columns: tuple[str, ...],
    unpack: Unpack,
    read: Read,
    amounts: tuple[str, ...] = (),
) -> Reader:
    era = Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts)
    return Reader("binance_coin_m", dataset, table, (era,))


CANDLE = partial(candles, places=PLACES)
READERS = (
    sampled("instruments", INSTRUMENTS, LISTED, listing, read_listing),
    sampled(
        "funding", FUNDING, FUNDING_FIELDS, partial(rows_of, names=FUNDING_FIELDS), read_funding
    ),
    sampled(
        "open_interest",
        OPEN_INTEREST,
        INTEREST_FIELDS,
        partial(rows_of, names=INTEREST_FIELDS),
        read_open_interest,
        INTEREST_FIELDS[2:4],
    ),
    sampled(
        "long_short",
        LONG_SHORT_RATIOS,
        ("who", "pair", "ratio", "timestamp"),
        partial(ratios, subject="pair"),
        read_ratios,
    ),
    sampled(
        "candles", CANDLES, FIELDS, CANDLE, partial(read_candles, kind=CandleKind.LAST), AMOUNTS
    ),
    sampled(
        "mark_candles",
        CANDLES,
        FIELDS,
        CANDLE,
        partial(read_candles, kind=CandleKind.MARK),
        AMOUNTS,
    ),
)

STATEMENTS = (
    Statement(
        "`contractSize` is dollars in a contract: 100 for BTC.",
        "sample answers in ccxt 4.5.90",
        Grade.OBSERVED,
    ),
    Statement(
        "A contract of any other coin is 10 dollars; what the listing says is used.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`sumOpenInterest` counts contracts, `sumOpenInterestValue` base coins.",
        "a sample answer in ccxt 4.5.90 that only fits so",
        Grade.OBSERVED,
    ),
    Statement(
        "A candle's volume counts contracts, the second volume base coins.",
        "ccxt 4.5.90",
        Grade.OBSERVED,
    ),
    Statement(
        "What takers bought follows the same order: contracts, then base coins.",
        "by analogy with the volumes",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Ratios are of a pair, all its contracts together; they are filed under its perpetual.",
        "vendor's SDK for coin futures 14.1.0",
        Grade.VENDOR,
    ),
)
