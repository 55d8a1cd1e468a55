"""Kraken's hourly analytics, candles and funding rates.

An analytics answer is a column of stamps beside a column of figures. A figure may be the four
prices of a bucket; then its close is taken.
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_iso,
    instant_ms,
    instant_s,
    objects,
    plain,
    said,
    shown,
    told,
)
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.kraken.rest import SINCE
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, LONG_SHORT_RATIOS, OPEN_INTEREST, Table
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact

HOUR = 3_600
OHLC = ("time", "open", "high", "low", "close", "volume")
BUCKET = ("symbol", "timestamp", "figure")


def symbol_of(page: Page) -> str:
    """The place before the last one of the address."""
    return page.address.rstrip("/").split("/")[-2]


def buckets(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    result, symbol = body_of(page)["result"], symbol_of(page)
    stamps, figures = result["timestamp"], result["data"]
    if not (isinstance(stamps, list) and isinstance(figures, list)):
        yield Refused("no two columns where they were expected", shown(result))
        return
    if len(stamps) != len(figures):
        yield Refused(f"{len(figures)} figures for {len(stamps)} stamps", shown(result))
        return
    for stamp, figure in zip(stamps, figures, strict=True):
        if isinstance(figure, list) and len(figure) != 4:
            yield Refused("a bucket that is neither one figure nor four", shown(figure))
        else:
            yield plain((symbol, stamp, figure[3] if isinstance(figure, list) else figure))


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page)["candles"], OHLC):
        yield row if isinstance(row, Refused) else (symbol_of(page), *row)


def rates(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page)["rates"], ("timestamp", "relativeFundingRate")):
        yield row if isinstance(row, Refused) else (page.params.get("symbol"), *row)


def of_market(rows: pl.DataFrame, known: Known, time: pl.Expr) -> pl.DataFrame:
    return with_market(rows, known, said("symbol")).with_columns(
        scope=pl.col("instrument_id"),
        time=time,
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        reason=not_listed(),
    )


def is_inverse() -> pl.Expr:
    return pl.col("margin") == Margin.INVERSE.value


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    amount = exact(said("figure"))
    return of_market(rows, known, instant_s(said("timestamp"))).with_columns(
        open_interest_coins=pl.when(~is_inverse()).then(coins_of(amount, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(is_inverse()).then(amount),
        usd_basis=pl.when(is_inverse()).then(told(Basis.DOLLARS)),
        reason=pl.coalesce("reason", first_reason((amount.is_null(), "no exact open interest"))),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_s(said("timestamp"))).with_columns(
        who=told(Who.ALL_ACCOUNTS), long_short_ratio=exact(said("figure"))
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The relative rate; the other one is an amount for each contract."""
    return of_market(rows, known, instant_iso(said("timestamp"))).with_columns(
        funding_rate=exact(said("rate"))
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    """Volume counts base coins if linear, dollars if inverse."""
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    found = of_market(rows, known, instant_ms(said("time"))).with_columns(**prices, kind=told(kind))
    if kind is not CandleKind.LAST:
        return found
    volume = exact(said("volume"))
    return found.with_columns(
        volume_coins=pl.when(~is_inverse()).then(coins_of(volume, pl.col("coins_per_base"))),
        turnover_usd=pl.when(is_inverse()).then(volume),
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
    return Reader("kraken", dataset, table, (era,))


def of_candles(dataset: str, kind: CandleKind) -> Reader:
    read = partial(read_candles, kind=kind)
    amounts = OHLC[1:] if kind is CandleKind.LAST else OHLC[1:5]
    return sampled(dataset, CANDLES, ("symbol", *OHLC), candles, read, amounts)


READERS = (
    sampled("open_interest_history", OPEN_INTEREST, BUCKET, buckets, read_open_interest),
    sampled("long_short", LONG_SHORT_RATIOS, BUCKET, buckets, read_ratios),
    sampled("funding", FUNDING, ("symbol", "timestamp", "rate"), rates, read_funding),
    of_candles("candles", CandleKind.LAST),
    of_candles("mark_candles", CandleKind.MARK),
)

STATEMENTS = (
    Statement(
        "`relativeFundingRate` is a fraction for one hour, fixed at the hour's start.",
        "ccxt 4.5.90, krakenfutures; another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Open interest of analytics counts what that of tickers counts.",
        "by analogy",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Figures of analytics may be buckets of four; the last is then the close.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`long-short-ratio` is longs over shorts, of accounts.",
        "its name alone",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A candle's volume counts base coins if linear, dollars if inverse.",
        "by analogy with the sizes of trades",
        Grade.UNVERIFIED,
    ),
)
