"""Gate over REST: listing, forced orders, funding and candles.

`size` of a forced order is the size of the position: above zero a long was liquidated. The order
itself goes the other way, and `order_size` has that sign.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Shown, Unpack
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_s,
    objects,
    said,
    told,
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LIQUIDATIONS
from pipelines.tables.words import (
    Adl,
    CandleKind,
    Coverage,
    Position,
    PriceKind,
    SideNames,
    Unit,
)
from pipelines.units import Margin, base_of_contracts, coins_of, exact, usd_of_contracts

SINCE = date(2020, 1, 1)
HOUR_S = 3_600
# A direct contract that settles in bitcoin is a fixed amount of neither coin nor dollars.
MARGIN = {"usdt:direct": Margin.LINEAR, "btc:inverse": Margin.INVERSE}
LISTED = ("name", "type", "quanto_multiplier", "status", "launch_time")
ORDER = ("time", "size", "order_size", "fill_price")
OHLC = ("t", "o", "h", "l", "c")
OHLCV = (*OHLC, "v", "sum")


def settle_of(page: Page) -> str:
    """What the contracts of an answer settle in, which its path says and no row does."""
    return page.address.split("/")[-2]


def asked_for(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows of the contract that was asked for; they do not name it."""
    contract = page.params.get("contract", "")
    subject = f"{settle_of(page)}:{contract.removeprefix('mark_').removeprefix('index_')}"
    for row in objects(body_of(page), names):
        yield row if isinstance(row, Refused) else (subject, *row)


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page), LISTED):
        if isinstance(row, Refused):
            yield row
            continue
        base, _, quote = (row[0] or "").rpartition("_")
        yield (settle_of(page), *row, base or None, quote or None)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, kind = said("name"), said("settle") + ":" + said("type")
    margin = word(kind, MARGIN, Margin)
    multiplier, one_dollar = exact(said("quanto_multiplier")), exact(pl.lit("1"))
    inverse = margin == Margin.INVERSE.value
    return listed(
        rows,
        source_symbol=said("settle") + ":" + symbol,
        instrument_id="gate:" + symbol,
        venue=pl.lit("gate"),
        symbol=symbol,
        quote=said("quote"),
        margin=margin,
        contract_size=pl.when(inverse).then(one_dollar).otherwise(multiplier),
        is_perpetual=pl.lit(value=True),
        status=said("status"),
        listed_on=instant_s(said("launch_time")).dt.date(),
        **coin_terms(said("base")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(kind, margin, "contract type"),
            first_reason(
                (said("base").is_null(), "a name of another pattern"),
                (~(pl.col("contract_size") > 0), "no contract size"),
            ),
        )
    )


def orders(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Forced orders up to the end of the time that was asked about.

    Those of the very second at its end are told by the question that begins there.
    """
    end, settle = page.params.get("to"), settle_of(page)
    for row in objects(body_of(page), ("contract", *ORDER)):
        if isinstance(row, Refused):
            yield row
        elif row[1] is None or row[1] != end:
            yield (settle, *row)


def read_orders(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    size, ordered = exact(said("size")), exact(said("order_size"))
    long = pl.when(size > 0).then(told(Position.LONG))
    position = long.when(size < 0).then(told(Position.SHORT))
    subject = said("settle") + ":" + said("contract")
    found = with_market(rows, known, subject).with_columns(
        time=instant_s(said("time")), position=position
    )
    opposite = ((size > 0) & (ordered < 0)) | ((size < 0) & (ordered > 0))
    same_way = (~opposite & (size != 0)).fill_null(value=False)
    return forced(
        found,
        known,
        size=size.abs(),
        price=exact(said("fill_price")),
        unit=Unit.CONTRACTS,
        price_kind=PriceKind.AVERAGE_FILL,
    ).with_columns(
        reason=pl.coalesce(
            not_listed(),
            inexact(said("order_size"), "order_size"),
            first_reason((same_way, "position and order are not opposite: no side can be told")),
            unsound(),
        )
    )


def of_market(rows: pl.DataFrame, known: Known, time: str) -> pl.DataFrame:
    return with_market(rows, known, said("subject")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_s(said(time)),
        reason=not_listed(),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "t").with_columns(
        funding_rate=exact(said("r")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_prices(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    names = {"open": "o", "high": "h", "low": "l", "close": "c"}
    prices = {name: exact(said(short)) for name, short in names.items()}
    return of_market(rows, known, "t").with_columns(**prices, kind=told(kind))


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Volume is contracts; `sum` is quote where the quote is what a contract settles in."""
    found = read_prices(rows, known, kind=CandleKind.LAST)
    inverse = pl.col("margin") == Margin.INVERSE.value
    contracts, size = exact(said("v")), pl.col("contract_size")
    base = base_of_contracts(contracts, size)
    return found.with_columns(
        volume_coins=pl.when(~inverse).then(coins_of(base, pl.col("coins_per_base"))),
        turnover_usd=pl.when(inverse)
        .then(usd_of_contracts(contracts, size))
        .when(usd_basis().is_not_null())
        .then(exact(said("sum"))),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


def of_contract(
    names: tuple[str, ...], read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return sampled(("subject", *names), partial(asked_for, names=names), read, amounts)


READERS = (
    Reader(
        "gate",
        "instruments",
        INSTRUMENTS,
        sampled(("settle", *LISTED, "base", "quote"), listing, read_listing),
    ),
    Reader(
        "gate",
        "liquidations",
        LIQUIDATIONS,
        (
            Era(
                SINCE,
                Coverage.ALL,
                ("settle", "contract", *ORDER),
                orders,
                read_orders,
                evidence="Size is the position's by the vendor's SDK, and opposite to the order's in "
                "all of 159, 109 and 167 rows of third parties; that all are shown is theirs too.",
                shown=Shown(
                    (PriceKind.AVERAGE_FILL,), (Unit.CONTRACTS,), SideNames.POSITION, Adl.UNKNOWN
                ),
                grade=Grade.THIRD_PARTY,
            ),
        ),
    ),
    Reader("gate", "funding", FUNDING, of_contract(("t", "r"), read_funding)),
    Reader("gate", "candles", CANDLES, of_contract(OHLCV, read_candles, OHLCV[1:])),
    *(
        Reader(
            "gate",
            f"{kind.value}_candles",
            CANDLES,
            of_contract(OHLC, partial(read_prices, kind=kind), OHLC[1:]),
        )
        for kind in (CandleKind.MARK, CandleKind.INDEX)
    ),
)

STATEMENTS = (
    Statement(
        "Over REST `size` is the position's, in contracts: above zero a long was liquidated; "
        "`order_size` is its opposite.",
        "vendor's SDK 7.2.161; 159, 109 and 167 rows looked at by third parties",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`fill_price` is the average fill of the forced order, `order_price` its limit.",
        "vendor's SDK; for longs the fill was above the limit in 114 rows of 114",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A contract that settles in USDT is `quanto_multiplier` units of its base.",
        "vendor's SDK; BTC_USDT is 0.0001",
        Grade.VENDOR,
    ),
    Statement(
        "An inverse contract, which settles in bitcoin, is one dollar whatever `quanto_multiplier` "
        "says; its candles count as many dollars as contracts.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "What `left` of a forced order counts is told in two ways, unfilled and reserved; it is "
        "not taken off the size.",
        "vendor's SDK of two versions",
        Grade.VENDOR,
    ),
    Statement(
        "Sizes are whole contracts where decimal ones are not asked for; what a contract with "
        "decimal sizes shows then is not documented. Whether positions closed by "
        "auto-deleveraging are among the forced orders is not said.",
        "third party's notes on the header that asks for decimals",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`v` of a candle counts contracts and `sum` the quote; candles begin at their `t`.",
        "vendor's SDK for the fields; the beginning is assumed",
        Grade.UNVERIFIED,
    ),
)
