"""Deribit v2: listing, open interest, funding and candles.

A future that is settled in its own base coin counts dollars, one that is settled in its quote counts
coins. Rates and volumes are floats printed with all their digits; they are kept to 18 places.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_ms,
    objects,
    plain,
    said,
    shown,
    told,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, OPEN_INTEREST
from pipelines.tables.words import Basis, CandleKind, Coverage
from pipelines.units import Margin, coins_of, exact, inverse_coins, nearest

SINCE = date(2019, 9, 1)
HOUR = 3_600
LISTED = (
    "instrument_name",
    "base_currency",
    "counter_currency",
    "settlement_currency",
    "contract_size",
    "settlement_period",
    "is_active",
    "creation_timestamp",
)
SUMMARY = ("instrument_name", "open_interest", "mark_price", "creation_timestamp")
PRICES = ("open", "high", "low", "close")
BAR = ("ticks", *PRICES, "volume", "cost")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["result"], LISTED)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    name, paid_in = said("instrument_name"), said("settlement_currency")
    margin = (
        pl.when(paid_in == said("base_currency"))
        .then(told(Margin.INVERSE))
        .when(paid_in == said("counter_currency"))
        .then(told(Margin.LINEAR))
    )
    return listed(
        rows,
        source_symbol=name,
        instrument_id="deribit:" + name,
        venue=pl.lit("deribit"),
        symbol=name,
        quote=said("counter_currency"),
        margin=margin,
        contract_size=exact(said("contract_size")),
        is_perpetual=said("settlement_period") == "perpetual",
        status=pl.concat_str(pl.lit("is_active="), said("is_active")),
        listed_on=instant_ms(said("creation_timestamp")).dt.date(),
        **coin_terms(said("base_currency")),
    ).with_columns(
        reason=first_reason(
            (margin.is_null(), "it is settled neither in its base nor in its quote"),
            (said("counter_currency").is_null(), "no quote"),
        )
    )


def summaries(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["result"], SUMMARY)


def read_summaries(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """One moment of every future. Dollars if inverse, and coins by the mark price beside them."""
    inverse = pl.col("margin") == Margin.INVERSE.value
    amount, mark = exact(said("open_interest")), exact(said("mark_price"))
    found = with_market(rows, known, said("instrument_name"))
    return found.with_columns(
        subject=pl.lit("*"),
        scope=pl.col("instrument_id"),
        time=instant_ms(said("creation_timestamp")),
        interval_s=pl.lit(0, dtype=pl.Int32),
        open_interest_coins=pl.when(inverse)
        .then(inverse_coins(amount, mark))
        .otherwise(coins_of(amount, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(amount),
        usd_basis=pl.when(inverse).then(told(Basis.DOLLARS)),
        reason=pl.coalesce(
            not_listed(said("instrument_name")),
            first_reason((amount.is_null(), "no exact open interest")),
        ),
    )


def rates(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    name = page.params.get("instrument_name")
    for row in objects(body_of(page)["result"], ("timestamp", "interest_1h")):
        yield row if isinstance(row, Refused) else (name, *row)


def read_rates(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return with_market(rows, known, said("name")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said("timestamp")),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        funding_rate=nearest(said("interest_1h")),
        reason=not_listed(),
    )


def bars(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """One list a field, side by side; where they are not of one length nothing can be told."""
    name, result = page.params.get("instrument_name"), body_of(page)["result"]
    if result["status"] == "no_data":
        return
    lists = [result[field] for field in BAR]
    if not all(isinstance(one, list) and len(one) == len(lists[0]) for one in lists):
        yield Refused("lists of different lengths", shown(result))
        return
    for row in zip(*lists, strict=True):
        yield plain((name, *row))


def read_bars(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    volume, cost = nearest(said("volume")), nearest(said("cost"))
    return with_market(rows, known, said("name")).with_columns(
        **{name: exact(said(name)) for name in PRICES},
        kind=told(CandleKind.LAST),
        time=instant_ms(said("ticks")),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        volume_coins=coins_of(volume, pl.col("coins_per_base")),
        turnover_usd=pl.when(usd_basis().is_not_null()).then(cost),
        reason=pl.coalesce(
            not_listed(),
            *(
                pl.when(read.is_null()).then(inexact(said(n), n))
                for n, read in (("volume", volume), ("cost", cost))
            ),
        ),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


READERS = (
    Reader("deribit", "instruments", INSTRUMENTS, sampled(LISTED, listing, read_listing)),
    Reader("deribit", "open_interest", OPEN_INTEREST, sampled(SUMMARY, summaries, read_summaries)),
    Reader(
        "deribit",
        "funding",
        FUNDING,
        sampled(("name", "timestamp", "interest_1h"), rates, read_rates),
    ),
    Reader("deribit", "candles", CANDLES, sampled(("name", *BAR), bars, read_bars, PRICES)),
)

STATEMENTS = (
    Statement(
        "Open interest counts dollars if inverse, coins if linear.",
        "ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`interest_1h` is what was paid in an hour, `interest_8h` the rate of the eight before.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Whether the stamp of an hour of funding is its beginning or its end.",
        "open point: nothing that was read says it",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Rates and volumes may have more than 18 places, being floats; the rest is rounded.",
        "from memory of answers",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`volume` of a bar counts base coins and `cost` the quote, and `ticks` are beginnings.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "A future is inverse where it is settled in its base coin.",
        "follows from the three currencies that the listing names",
        Grade.DERIVED,
    ),
    Statement(
        "Days begin at 00:00 UTC in daily bars, though funding and futures are settled at 08:00; "
        "only hours are asked.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
