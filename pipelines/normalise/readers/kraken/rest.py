"""Kraken Futures: forced orders among all executions, the listing, and the tickers.

`orderType` is `PartialLiquidation` in live answers although the documented list lacks the word, so
a type counts as forced when it contains "liquidat". Fills of one order are rows of their own.
"""

import re
from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_ms,
    objects,
    plain,
    said,
    shown,
    told,
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import INSTRUMENTS, LIQUIDATIONS, OPEN_INTEREST
from pipelines.tables.words import Adl, Basis, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, coins_of, exact, inverse_coins

SINCE = date(2022, 3, 23)
POSITION = {"Sell": Position.LONG, "Buy": Position.SHORT}
MARGIN = {
    "flexible_futures": Margin.LINEAR,
    "futures_vanilla": Margin.LINEAR,
    "futures_inverse": Margin.INVERSE,
}
EXECUTION = ("uid", "timestamp", "quantity", "price", "usdValue")
# Documented and seen words of orders that nobody forced, in lower case.
ORDINARY = frozenset(
    {"lmt", "limit", "ioc", "post", "market", "mkt", "stop", "stp", "take_profit", "takeprofit"}
    | {"fillorkill", "fok", "trailing_stop", "trailingstop", "assignment", "block", "unwind"}
)
_SYMBOL = re.compile(r"^(?:PF|PI|FF|FI)_([A-Z0-9]+?)(USD)(?:_\d+)?$")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    names = ("symbol", "type", "contractSize", "tradeable", "openingDate")
    for row in objects(body_of(page)["instruments"], names):
        if isinstance(row, Refused):
            yield row
            continue
        found = _SYMBOL.match(row[0] or "")
        yield (*row, *(found.groups() if found else (None, None)))


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, margin = said("symbol"), word(said("type"), MARGIN, Margin)
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="kraken:" + symbol,
        venue=pl.lit("kraken"),
        symbol=symbol,
        quote=said("quote"),
        margin=margin,
        contract_size=exact(said("contractSize")),
        is_perpetual=symbol.str.contains("^P[FI]_"),
        status=pl.concat_str(pl.lit("tradeable="), said("tradeable")),
        listed_on=said("openingDate").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        **coin_terms(said("base")),
    ).with_columns(
        reason=pl.coalesce(
            first_reason((said("base").is_null(), "a symbol of another pattern")),
            unknown(said("type"), margin, "contract type"),
        )
    )


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    body = body_of(page)
    for row in objects(body["tickers"], ("symbol", "openInterest", "markPrice")):
        yield row if isinstance(row, Refused) else plain((body["serverTime"], *row))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("symbol"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    amount, mark = exact(said("openInterest")), exact(said("markPrice"))
    at = said("serverTime").str.replace("T", " ").str.slice(0, 19)
    return found.with_columns(
        subject=pl.lit("*"),
        scope=pl.col("instrument_id"),
        time=at.str.strptime(
            pl.Datetime("ms"), "%Y-%m-%d %H:%M:%S", strict=False
        ).dt.replace_time_zone("UTC"),
        interval_s=pl.lit(0, dtype=pl.Int32),
        open_interest_coins=pl.when(inverse)
        .then(inverse_coins(amount, mark))
        .otherwise(coins_of(amount, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(amount),
        usd_basis=pl.when(inverse).then(told(Basis.DOLLARS)),
        reason=pl.coalesce(not_listed(), first_reason((amount.is_null(), "no open interest"))),
    )


def executions(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Forced executions of a page, and those of which we cannot say whether they were forced."""
    symbol = page.address.rstrip("/").split("/")[-2]
    for element in body_of(page)["elements"]:
        try:
            event = element["event"]["Execution"]["execution"]
            taker = event["takerOrder"]
            kind = taker["orderType"]
            ordinary = kind.lower() in ORDINARY
        except (LookupError, TypeError, AttributeError) as error:
            yield Refused(f"an execution that lacks {error}", shown(element))
            continue
        if not ordinary:
            yield plain((symbol, kind, taker.get("direction"), *map(event.get, EXECUTION)))


def read_executions(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("symbol")).with_columns(
        time=instant_ms(said("timestamp"))
    )
    inverse = pl.col("margin") == Margin.INVERSE.value
    position = word(said("direction"), POSITION, Position)
    is_forced = said("orderType").str.to_lowercase().str.contains("liquidat", literal=True)
    return forced(
        found,
        known,
        size=exact(said("quantity")),
        price=exact(said("price")),
        unit=pl.when(inverse).then(told(Unit.USD)).otherwise(told(Unit.COINS)),
        price_kind=PriceKind.FILL,
        published_usd=exact(said("usdValue")),
    ).with_columns(
        identity=said("uid"),
        position=position,
        reason=pl.coalesce(
            not_listed(),
            unknown(said("orderType"), pl.when(is_forced).then(is_forced), "order type"),
            unknown(said("direction"), position, "side"),
            first_reason(
                (~(pl.col("size") > 0), "no positive size"),
                (~(pl.col("price") > 0), "no positive price"),
                (said("uid").is_null(), "no uid that tells it from its repeat"),
            ),
        ),
    )


SHOWN = Shown((PriceKind.FILL,), (Unit.COINS, Unit.USD), SideNames.TAKER, Adl.OUT)


LISTED = ("symbol", "type", "contractSize", "tradeable", "openingDate", "base", "quote")
FILLS = ("symbol", "orderType", "direction", *EXECUTION)

READERS = (
    Reader(
        "kraken",
        "instruments",
        INSTRUMENTS,
        (Era(SINCE, Coverage.SAMPLED, LISTED, listing, read_listing),),
    ),
    Reader(
        "kraken",
        "open_interest",
        OPEN_INTEREST,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                ("serverTime", "symbol", "openInterest", "markPrice"),
                tickers,
                read_tickers,
            ),
        ),
    ),
    Reader(
        "kraken",
        "executions",
        LIQUIDATIONS,
        (
            Era(
                SINCE,
                Coverage.ALL,
                FILLS,
                executions,
                read_executions,
                evidence="The whole tape; liquidations are told by the type of the taker's order.",
                shown=SHOWN,
                grade=Grade.THIRD_PARTY,
            ),
        ),
    ),
)

STATEMENTS = (
    Statement(
        "An execution was forced when `orderType` of the taker holds the word liquidation; live "
        "answers say PartialLiquidation, which the document's list lacks.",
        "another project's check of 2026-07-17",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`direction` is that of the taker's order: Sell closes a long.",
        "a sample with reduceOnly in another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Positions that are assigned to liquidity providers are not among the liquidations.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Open interest of tickers counts base coins if linear, dollars if inverse.",
        "ccxt 4.5.90, krakenfutures",
        Grade.OBSERVED,
    ),
)
