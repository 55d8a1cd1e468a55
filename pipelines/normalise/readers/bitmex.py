"""BitMEX, which is closed: orders that were put into its table of active liquidations.

The table told what stood open: a row was inserted, updated and deleted, and only an insert is an
order that was not there before. It gave no time, so an order is dated by when it was received.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.entries import Digits, Entry, Text, entries
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    first_reason,
    instant_iso,
    instant_text,
    objects,
    plain,
    said,
    shown,
    told,
    unknown,
    word,
)
from pipelines.normalise.frames import frames, timed_frames
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import INSTRUMENTS, LIQUIDATIONS, TICKERS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, base_of_contracts, coins_of, exact, usd_of_contracts

FIRST = date(2019, 5, 31)  # of the oldest frames that were looked at
LISTED = ("symbol", "base", "quote", "kind", "contract_size", "is_perpetual", "listed_on")
QUOTES = {"XBT": "BTC"}
EVENT = ("orderID", "symbol", "side", "price", "leavesQty")
POSITION = {"Sell": Position.LONG, "Buy": Position.SHORT}
NO_NEW_ORDERS = frozenset({"partial", "update", "delete"})
TICKER = (
    "lastPrice",
    "markPrice",
    "indicativeSettlePrice",
    "openInterest",
    "fundingRate",
)


class Contract(Entry, frozen=True, kw_only=True):
    """The terms of a contract, as a document told them; of a quanto one there is no kind here."""

    symbol: Text
    base: Text
    quote: Text
    kind: Margin
    contract_size: Digits  # coins of the base if linear, dollars if inverse
    is_perpetual: bool
    listed_on: date | None = None


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The kept contracts."""
    for one in entries(page, "contract", Contract):
        if isinstance(one, Refused):
            yield one
            continue
        listed_on = f"{one.listed_on} 00:00:00" if one.listed_on else None
        words = (one.symbol, one.base, one.quote, one.kind.value, one.contract_size)
        yield (*words, "yes" if one.is_perpetual else "no", listed_on)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol = said("symbol")
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="bitmex:" + symbol,
        venue=pl.lit("bitmex"),
        symbol=symbol,
        quote=said("quote").replace(QUOTES),
        margin=word(said("kind"), {one.value: one for one in Margin}, Margin),
        contract_size=exact(said("contract_size")),
        is_perpetual=said("is_perpetual") == "yes",
        status=pl.lit("Closed"),
        listed_on=instant_text(said("listed_on")).dt.date(),
        **coin_terms(said("base")),
    )


def inserted(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Orders that were put into the table; other changes of it are no new orders."""
    for received_at, frame in timed_frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif _is_reply(frame):
            continue
        elif _of_table(frame, "liquidation") and frame.get("action") == "insert":
            for order in objects(frame.get("data"), EVENT):
                yield order if isinstance(order, Refused) else (received_at, *order)
        elif not (_of_table(frame, "liquidation") and _names(frame, NO_NEW_ORDERS)):
            yield Refused("a frame that is no change of the table liquidation", shown(frame))


def _is_reply(frame: object) -> bool:
    """Words of the server: a welcome, or that a subscription was taken."""
    return isinstance(frame, dict) and ("info" in frame or "subscribe" in frame)


def _of_table(frame: Any, table: str) -> bool:
    return isinstance(frame, dict) and frame.get("table") == table


def _names(frame: dict[str, Any], actions: frozenset[str]) -> bool:
    return isinstance(frame.get("action"), str) and frame["action"] in actions


def read_orders(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("symbol")).with_columns(
        subject=pl.lit("*"), time=instant_iso(said("received_at"))
    )
    position = word(said("side"), POSITION, Position)
    return forced(
        found,
        known,
        size=exact(said("leavesQty")),
        price=exact(said("price")),
        unit=Unit.CONTRACTS,
        price_kind=PriceKind.ORDER,
    ).with_columns(
        position=position,
        identity=said("orderID"),
        reason=pl.coalesce(
            not_listed(said("symbol")),
            unknown(said("side"), position, "side"),
            first_reason((said("orderID").is_null(), "no orderID that tells it from its repeat")),
            unsound(),
        ),
    )


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """A row for each market of a message; a change that tells nothing of ours has none."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif _is_reply(frame):
            continue
        elif _of_table(frame, "instrument"):
            yield from _of_message(frame.get("data"))
        else:
            yield Refused("a frame that is not of the table instrument", shown(frame))


def _of_message(markets: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    for market in markets if isinstance(markets, list) else [markets]:
        if not isinstance(market, dict):
            yield Refused("a ticker that is not an object", shown(market))
            continue
        values: Sequence[Any] = [market.get(name) for name in TICKER]
        if any(value is not None for value in values):
            yield plain((market.get("symbol"), market.get("timestamp"), *values))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("symbol")).with_columns(subject=pl.lit("*"))
    contracts, size = exact(said("openInterest")), pl.col("contract_size")
    inverse = pl.col("margin") == Margin.INVERSE.value
    coins = coins_of(base_of_contracts(contracts, size), pl.col("coins_per_base"))
    return found.with_columns(
        time=instant_iso(said("timestamp")),
        last_price=exact(said("lastPrice")),
        mark_price=exact(said("markPrice")),
        index_price=exact(said("indicativeSettlePrice")),
        open_interest=contracts,
        open_interest_unit=pl.when(contracts.is_not_null()).then(told(Unit.CONTRACTS)),
        open_interest_coins=pl.when(~inverse).then(coins),
        open_interest_usd=pl.when(inverse).then(usd_of_contracts(contracts, size)),
        funding_rate=exact(said("fundingRate")),
        reason=not_listed(),
    )


def _era(since: date, evidence: str) -> Era:
    return Era(
        since,
        Coverage.UNKNOWN,
        ("received_at", *EVENT),
        inserted,
        read_orders,
        evidence=evidence,
        shown=Shown((PriceKind.ORDER,), (Unit.CONTRACTS,), SideNames.ORDER, Adl.UNKNOWN),
        grade=Grade.THIRD_PARTY,
    )


READERS = (
    Reader(
        "bitmex",
        "instruments",
        INSTRUMENTS,
        (Era(FIRST, Coverage.SAMPLED, LISTED, listing, read_listing),),
    ),
    Reader(
        "bitmex",
        "liquidation",
        LIQUIDATIONS,
        (
            _era(FIRST, "Coin Metrics' list of faults: before 2021-09-20 the venue told too few."),
            _era(
                date(2021, 9, 20),
                "Coin Metrics lists no such fault since then; that all are told is not said.",
            ),
        ),
        is_captured=True,
        until=date(2026, 9, 23),  # it closed on that day at 04:00 UTC
    ),
    Reader(
        "bitmex",
        "liquidation",
        TICKERS,
        (
            Era(
                FIRST,
                Coverage.SAMPLED,
                ("symbol", "timestamp", *TICKER),
                tickers,
                read_tickers,
                amounts=TICKER,
                evidence="A real frame of 2019-06-01 beside another project's reading of it.",
                grade=Grade.OBSERVED,
            ),
        ),
        is_captured=True,
        sound=Sound.LIFE,
        until=date(2026, 9, 23),
    ),
)

STATEMENTS = (
    Statement(
        "`side` is that of the forced order: Sell is a liquidated long.",
        "another project's reading of real frames: tardis-dev/tardis-node @c1d73fb, bitmex.ts",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Only `insert` is a new order: `update` changes what is left of one, `delete` ends it, and "
        "`partial` repeats what stood open when a connection began.",
        "tardis-dev/tardis-node @c1d73fb, bitmex.ts",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`leavesQty` is what was left open when the order was put in, in contracts, not what was "
        "filled.",
        "coinmetrics/product-docs @8489126, docs/market-data/market-data-overview/"
        "market-liquidations.md",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`price` is the price of the order, which is the bankruptcy price.",
        "tardis-dev/tardis-node @c1d73fb, and third parties' notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The table has no time: an order is dated by its receipt, which is later by the way it "
        "took, and by more where a collector was slow.",
        "tardis-dev/tardis-node @c1d73fb, bitmex.ts",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "One contract of XBTUSD is one dollar, whatever the price.",
        "third parties' notes; a real frame of its listing was not kept",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A contract of a quanto market (ETHUSD) is so many satoshi at a price in dollars; its "
        "dollars need the price of bitcoin, and it is not read.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
)
