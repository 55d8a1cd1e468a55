"""Binance COIN-M bulk files. Liquidations are in them for 2023-06-25 to 2024-10-14, each twice.

Equal neighbouring lines are halved: two are one order, four are two. Of an odd number the last
lost its twin and counts as an order: three are two, one is one. Lines that are equal but stand
apart are left alone.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.fields import first_reason, instant_text, said, told
from pipelines.normalise.readers.binance.bulk import (
    KLINES,
    METRICS,
    METRICS_SINCE,
    of_five_minutes,
    ratios,
    read_funding,
    read_ratios,
    symbol_of,
    table,
    with_symbol,
)
from pipelines.normalise.readers.binance.frames import COLUMNS, read_orders
from pipelines.normalise.readers.binance.rest import of_market
from pipelines.normalise.readers.binance_coin_m.rest import AMOUNTS, PLACES, SINCE, read_candles
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, LIQUIDATIONS, LONG_SHORT_RATIOS, OPEN_INTEREST, Table
from pipelines.tables.words import Adl, Basis, CandleKind, Coverage, PriceKind, SideNames, Unit
from pipelines.units import coins_of, exact, usd_of_contracts

SNAPSHOT = (
    "T",
    "S",
    "order_type",
    "time_in_force",
    "q",
    "p",
    "ap",
    "X",
    "last_fill_quantity",
    "z",
)
SNAPSHOTS_FROM, SNAPSHOTS_TO = date(2023, 6, 25), date(2024, 10, 14)


def snapshots(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Orders in the columns of a frame, which has no `st` here."""
    symbol = symbol_of(page)
    for row, same in groupby(table(page, len(SNAPSHOT), width=len(SNAPSHOT))):
        count = len(list(same))
        if isinstance(row, Refused):
            yield from [row] * count
            continue
        line = {"st": None, "s": symbol} | dict(zip(SNAPSHOT, row, strict=True))
        yield from [tuple(line[name] for name in COLUMNS)] * ((count + 1) // 2)


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    contracts = exact(said("sum_open_interest"))
    coins = exact(said("sum_open_interest_value"))
    return of_market(rows, known, instant_text(said("create_time"))).with_columns(
        of_five_minutes(),
        open_interest_coins=coins_of(coins, pl.col("coins_per_base")),
        open_interest_usd=usd_of_contracts(contracts, pl.col("contract_size")),
        usd_basis=pl.when(contracts.is_not_null()).then(told(Basis.DOLLARS)),
        reason=pl.coalesce("reason", first_reason((contracts.is_null(), "no exact open interest"))),
    )


def reader(dataset: str, to: Table, era: Era, until: date | None = None) -> Reader:
    return Reader("binance_coin_m", dataset, to, (era,), until=until)


READERS = (
    reader(
        "bulk_metrics",
        OPEN_INTEREST,
        Era(
            METRICS_SINCE,
            Coverage.SAMPLED,
            METRICS,
            partial(table, places=len(METRICS)),
            read_open_interest,
        ),
    ),
    reader(
        "bulk_metrics",
        LONG_SHORT_RATIOS,
        Era(
            METRICS_SINCE,
            Coverage.SAMPLED,
            ("symbol", "create_time", "who", "ratio"),
            ratios,
            read_ratios,
        ),
    ),
    reader(
        "bulk_funding",
        FUNDING,
        Era(
            SINCE,
            Coverage.SAMPLED,
            ("symbol", "calc_time", "hours", "rate"),
            partial(with_symbol, places=3),
            read_funding,
        ),
    ),
    reader(
        "bulk_klines",
        CANDLES,
        Era(
            SINCE,
            Coverage.SAMPLED,
            (*KLINES, "taker_buy_base"),
            partial(with_symbol, places=PLACES),
            partial(read_candles, kind=CandleKind.LAST),
            amounts=AMOUNTS,
        ),
    ),
    reader(
        "bulk_liquidations",
        LIQUIDATIONS,
        Era(
            SNAPSHOTS_FROM,
            Coverage.ONE_OF_SECOND,
            COLUMNS,
            snapshots,
            read_orders,
            evidence="The same fields and the same density as the frames of the socket.",
            shown=Shown(
                (PriceKind.AVERAGE_FILL, PriceKind.ORDER),
                (Unit.CONTRACTS,),
                SideNames.ORDER,
                Adl.UNKNOWN,
            ),
            grade=Grade.DERIVED,
        ),
        until=SNAPSHOTS_TO,
    ),
)

STATEMENTS = (
    Statement(
        "Every order stands twice in a file of liquidations, one line under the other.",
        "two issues at the vendor's public data; a sample in another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Metrics give contracts and base coins, as REST does.",
        "by analogy with REST",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`side` is that of the order, as in the frames: SELL closes a long.",
        "the same fields as the frames",
        Grade.DERIVED,
    ),
)
