"""Kraken spot: hourly candles of stable coins in dollars, by which other quotes become dollars."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import arrays, body_of, instant_s, objects, said, told
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, INSTRUMENTS
from pipelines.tables.words import CandleKind, Coverage
from pipelines.units import coins_of, exact

SINCE = date(2019, 9, 1)
HOUR_S = 3_600
LISTED = ("altname", "wsname", "status")
OHLC = ("time", "open", "high", "low", "close", "vwap", "volume")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Base and quote stand in ``wsname``, parted by a slash; the other names have prefixes."""
    for pair in _result_of(page).values():
        for row in objects([pair], LISTED):
            if isinstance(row, Refused):
                yield row
                continue
            base, _, quote = (row[1] or "").partition("/")
            yield (*row, base or None, quote or None)


def _result_of(page: Page) -> dict[str, Any]:
    """The object that the answer holds. Raises TypeError for anything else."""
    result = body_of(page)["result"]
    if not isinstance(result, dict):
        raise TypeError("its result is no object")
    return result


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol = said("altname")
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="kraken_spot:" + symbol,
        venue=pl.lit("kraken_spot"),
        symbol=symbol,
        quote=said("quote"),
        is_perpetual=pl.lit(value=False),
        status=said("status"),
        **coin_terms(said("base")),
    )


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """With the hour in which it was asked: that one was not over. The list of rows stands under a
    name of its own.
    """
    running_s = str(int(page.asked_at.timestamp()) // HOUR_S * HOUR_S)
    for name, rows in _result_of(page).items():
        for row in arrays(rows, len(OHLC)) if name != "last" else ():
            asked = (page.params.get("pair"), running_s)
            yield row if isinstance(row, Refused) else (*asked, *row)


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    time = instant_s(said("time"))
    running = time >= instant_s(said("running"))
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    return with_market(rows, known, said("pair")).with_columns(
        **prices,
        kind=told(CandleKind.LAST),
        time=time,
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
        volume_coins=coins_of(exact(said("volume")), pl.col("coins_per_base")),
        reason=pl.coalesce(
            not_listed(),
            pl.when(running).then(pl.lit("an hour that was not over when it was asked for")),
        ),
    )


READERS = (
    Reader(
        "kraken_spot",
        "instruments",
        INSTRUMENTS,
        (Era(SINCE, Coverage.SAMPLED, (*LISTED, "base", "quote"), listing, read_listing),),
    ),
    Reader(
        "kraken_spot",
        "stable_candles",
        CANDLES,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                ("pair", "running", *OHLC),
                candles,
                read_candles,
                amounts=("open", "high", "low", "close", "volume"),
            ),
        ),
    ),
)

STATEMENTS = (
    Statement(
        "A row is time (s), open, high, low, close, vwap, volume, count; prices are text.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The listing names base and quote in `wsname`, as USDT/USD.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
)
