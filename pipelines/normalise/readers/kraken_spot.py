"""Kraken spot: hourly candles of stable coins in dollars, by which other quotes become dollars."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import arrays, body_of, instant_s, objects, said, shown, told
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
    for row in objects(list(body_of(page)["result"].values()), LISTED):
        if isinstance(row, Refused):
            yield row
            continue
        base, _, quote = (row[1] or "").partition("/")
        yield (*row, base or None, quote or None)


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
    """Every hour that was over when it was asked for; the list stands under a name of its own."""
    pair = page.params.get("pair")
    result = body_of(page)["result"]
    over_s = int(page.asked_at.timestamp()) // HOUR_S * HOUR_S
    for name, rows in result.items():
        for row in arrays(rows, len(OHLC)) if name != "last" else ():
            if (
                not isinstance(row, Refused)
                and row[0]
                and row[0].isdigit()
                and int(row[0]) >= over_s
            ):
                yield Refused("an hour that was not over when it was asked for", shown(row))
            else:
                yield row if isinstance(row, Refused) else (pair, *row)


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    return with_market(rows, known, said("pair")).with_columns(
        **prices,
        kind=told(CandleKind.LAST),
        time=instant_s(said("time")),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
        volume_coins=coins_of(exact(said("volume")), pl.col("coins_per_base")),
        reason=not_listed(),
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
                ("pair", *OHLC),
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
