"""Tardis.dev: what an archive heard of many venues, each in the venue's own unit.

`side` is that of the forced order on every venue. How much the archive could hear follows the feed
of each venue at its time; one word for all of them says only that it is what was collected.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import body_of, objects, said, unknown, word
from pipelines.normalise.markets import coin_terms, listed, not_listed
from pipelines.normalise.readers.tardis.exchanges import (
    LIQUIDATING,
    counts_both_sides,
    instrument,
    price_kind,
    unit,
    venue,
    with_terms,
)
from pipelines.normalise.readers.tardis.files import instant_us, rows_of
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import INSTRUMENTS, LIQUIDATIONS, TICKERS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import (
    Margin,
    base_of_contracts,
    coins_of,
    exact,
    quotient,
    usd_of_contracts,
)

SINCE = date(2019, 9, 1)
POSITION = {"sell": Position.LONG, "buy": Position.SHORT}
MARGIN = {"true": Margin.INVERSE, "false": Margin.LINEAR}
LISTED = (
    "id",
    "exchange",
    "type",
    "baseCurrency",
    "quoteCurrency",
    "active",
    "contractMultiplier",
    "inverse",
)
EVENT = ("exchange", "symbol", "timestamp", "id", "side", "price", "amount")
TICKER = (
    "exchange",
    "symbol",
    "timestamp",
    "funding_rate",
    "open_interest",
    "last_price",
    "index_price",
    "mark_price",
)
# The listings of these venues say what their contracts are, where Tardis's own was not asked.
LISTINGS = (
    "binance",
    "binance_coin_m",
    "bybit",
    "okx",
    "deribit",
    "gate",
    "htx",
    "bitfinex",
    "kraken",
    "bitget",
    "kucoin",
    "hyperliquid",
    "dydx",
    "bitmex",
)


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Terms of contracts, options left out. An exchange's own page has none: it names symbols."""
    if "/v1/exchanges/" in page.address:
        return
    for row in objects(body_of(page), LISTED):
        if isinstance(row, Refused) or row[2] != "option":
            yield row


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol, margin = said("id"), word(said("inverse"), MARGIN, Margin)
    return listed(
        rows,
        source_symbol=said("exchange") + ":" + symbol.str.to_uppercase(),
        instrument_id=instrument(symbol),
        venue=venue(),
        symbol=symbol,
        quote=said("quoteCurrency"),
        margin=margin,
        contract_size=exact(said("contractMultiplier")),
        is_perpetual=said("type") == "perpetual",
        status=pl.concat_str(pl.lit("active="), said("active")),
        **coin_terms(said("baseCurrency")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(said("exchange"), venue(), "exchange"),
            unknown(said("inverse"), margin, "margin"),
        )
    )


def of_file(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The rows of a file, which has to be about the market that was asked for."""
    for row in rows_of(page, names):
        yield row if isinstance(row, Refused) else (page.subject, *row)


def of_market(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    named = said("exchange") + ":" + said("symbol").str.to_uppercase()
    other = pl.when(named.ne_missing(said("subject"))).then(
        pl.concat_str(pl.lit("a row of another market: "), named.fill_null("null"))
    )
    return with_terms(rows, known).with_columns(
        subject=said("subject"),
        time=instant_us(said("timestamp")),
        reason=pl.coalesce(other, not_listed(said("subject"))),
    )


def read_events(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Bitfinex's price is the entry of the position, not one of its end: it is left out."""
    position, kind = word(said("side"), POSITION, Position), price_kind()
    price = pl.when(kind.is_not_null()).then(exact(said("price")))
    heard = pl.when(said("exchange").is_in(list(LIQUIDATING))).then(said("exchange"))
    found = forced(
        of_market(rows, known),
        known,
        size=exact(said("amount")),
        price=price,
        unit=unit(),
        price_kind=kind,
    )
    return found.with_columns(
        position=position,
        reason=pl.coalesce(
            "reason",
            unknown(said("exchange"), heard, "exchange of liquidations"),
            unknown(said("side"), position, "side"),
            pl.when(kind.is_null()).then(unsound(price_may_be_missing=True)).otherwise(unsound()),
        ),
    )


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Open interest in its native unit; where that counts both sides, one is its half."""
    found = of_market(rows, known)
    printed, counted = exact(said("open_interest")), unit()
    one_side = pl.when(counts_both_sides()).then(quotient(printed, 2)).otherwise(printed)
    inverse = pl.col("margin") == Margin.INVERSE.value
    in_contracts = counted == Unit.CONTRACTS.value
    size = pl.col("contract_size")
    base = pl.when(in_contracts).then(base_of_contracts(one_side, size)).otherwise(one_side)
    usd = pl.when(in_contracts).then(usd_of_contracts(one_side, size)).otherwise(one_side)
    return found.with_columns(
        last_price=exact(said("last_price")),
        mark_price=exact(said("mark_price")),
        index_price=exact(said("index_price")),
        open_interest=printed,
        open_interest_unit=pl.when(printed.is_not_null()).then(counted),
        open_interest_coins=pl.when(~inverse & counted.is_not_null()).then(
            coins_of(base, pl.col("coins_per_base"))
        ),
        open_interest_usd=pl.when(inverse & counted.is_not_null()).then(usd),
        funding_rate=exact(said("funding_rate")),
    )


SHOWN = Shown(
    (PriceKind.ORDER, PriceKind.BANKRUPTCY, PriceKind.FILL),
    (Unit.COINS, Unit.CONTRACTS, Unit.USD),
    SideNames.ORDER,
    Adl.UNKNOWN,
)
CODE = "The vendor's own code (tardis-node, 2026-08-22)"

READERS = (
    Reader(
        "tardis",
        "instruments",
        INSTRUMENTS,
        (Era(SINCE, Coverage.SAMPLED, LISTED, listing, read_listing, evidence="From memory."),),
    ),
    Reader(
        "tardis",
        "liquidations",
        LIQUIDATIONS,
        (
            Era(
                SINCE,
                Coverage.COLLECTED,
                ("subject", *EVENT),
                partial(of_file, names=EVENT),
                read_events,
                evidence=f"{CODE}: sell is a liquidated long; units and prices are the venue's own.",
                grade=Grade.VENDOR,
                shown=SHOWN,
            ),
        ),
        listings=LISTINGS,
    ),
    Reader(
        "tardis",
        "derivative_ticker",
        TICKERS,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                ("subject", *TICKER),
                partial(of_file, names=TICKER),
                read_tickers,
                amounts=TICKER[3:],
                evidence="A real row, as a third party shows it.",
                grade=Grade.THIRD_PARTY,
            ),
        ),
        listings=LISTINGS,
    ),
)

STATEMENTS = (
    Statement("`side` sell is a liquidated long, buy a liquidated short.", CODE, Grade.VENDOR),
    Statement(
        "Timestamps are microseconds, UTC; an empty cell is a missing value.",
        "third parties' samples",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A file holds what was heard on its day: events of the minute before midnight may stand in "
        "the next one. They are refused there, and so are missing.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Amounts are in the venue's unit: contracts of OKX, HTX, BitMEX and Binance COIN-M, "
        "dollars of inverse Bybit and Deribit contracts, base coins else.",
        CODE,
        Grade.VENDOR,
    ),
    Statement(
        "Open interest is in the same unit as amounts, and Bybit's counts both sides.",
        "by analogy with the venues' own feeds",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Of Binance the price is that of the order, and only filled orders are kept; of Bitfinex it "
        "is the entry of the position, and only rows without a match are kept.",
        CODE,
        Grade.VENDOR,
    ),
    Statement(
        "The first push of OKX after each subscription is left out; BitMEX rows carry the time of "
        "hearing; positions closed by auto-deleveraging are left out of dYdX.",
        CODE,
        Grade.VENDOR,
    ),
    Statement(
        "Until 2025-02-25 Bybit is heard on the feed of one order a second and symbol, later on "
        "that of all orders: coverage follows the venue's feed, and is called collected here.",
        CODE,
        Grade.VENDOR,
    ),
    Statement(
        "Both sides of a Deribit trade that liquidates both are told as one row.",
        CODE,
        Grade.VENDOR,
    ),
    Statement(
        "Terms of contracts: baseCurrency, quoteCurrency, inverse, contractMultiplier, active.",
        "from memory; venues' own listings come first",
        Grade.UNVERIFIED,
    ),
    Statement(
        "What amounts of Bitget count is not settled, so its liquidations are not read.",
        "documents that contradict each other",
        Grade.UNVERIFIED,
    ),
)
