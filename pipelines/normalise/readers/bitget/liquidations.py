"""Bitget liquidations. `side` is that of the position: buy is a liquidated long.

What `amount` counts differs, or so it seems: the quote on the socket, by the vendor's document; over
REST nobody documents it, and it is taken as coins, unless that makes more than can be.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_ms,
    objects,
    said,
    shown,
    unknown,
    word,
)
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, exact

SINCE = date(2021, 1, 1)
FEED_SINCE = date(2026, 4, 28)
POSITION = {"buy": Position.LONG, "sell": Position.SHORT}
EVENT = ("symbol", "side", "price", "amount", "ts")
COLUMNS = ("product", *EVENT)
# No liquidation is so large: as coins, an amount of dollars in bitcoin would be.
MOST_QUOTE = 1_000_000_000


def history(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page)["data"]["list"], EVENT):
        yield row if isinstance(row, Refused) else (page.params.get("category"), *row)


def pushed(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Events of a product type; replies of the server hold none."""
    for frame in frames(page):
        match frame:
            case Refused():
                yield frame
            case {"event": str()}:
                continue
            case {"arg": {"topic": "liquidation", "instType": str(product)}, "data": rows}:
                for row in objects(rows, EVENT):
                    yield row if isinstance(row, Refused) else (product.upper(), *row)
            case _:
                yield Refused("a frame that is not of the topic liquidation", shown(frame))


def read_events(rows: pl.DataFrame, known: Known, *, unit: Unit) -> pl.DataFrame:
    found = with_market(rows, known, said("product") + ":" + said("symbol")).with_columns(
        time=instant_ms(said("ts"))
    )
    position = word(said("side"), POSITION, Position)
    amounts = forced(
        found,
        known,
        size=exact(said("amount")),
        price=exact(said("price")),
        unit=unit,
        price_kind=PriceKind.BANKRUPTCY,
    )
    return amounts.with_columns(
        position=position,
        reason=pl.coalesce(
            not_listed(),
            unknown(said("side"), position, "side"),
            inexact(said("amount"), "amount"),
            inexact(said("price"), "price"),
            _beyond_belief() if unit is Unit.COINS else pl.lit(None, dtype=pl.String),
            unsound(),
        ),
        subject=pl.lit("*"),
    )


def _beyond_belief() -> pl.Expr:
    """Why an amount cannot be one of coins."""
    inverse = pl.col("margin") == Margin.INVERSE.value
    too_much = pl.col("notional_quote") > MOST_QUOTE
    return first_reason(
        (
            inverse.fill_null(value=False),
            "what an amount of a coin-margined market counts is not said",
        ),
        (too_much.fill_null(value=False), "as coins it would be worth more than can be"),
    )


def shows(unit: Unit) -> Shown:
    return Shown((PriceKind.BANKRUPTCY,), (unit,), SideNames.POSITION, Adl.UNKNOWN)


READERS = (
    Reader(
        "bitget",
        "liquidation",
        LIQUIDATIONS,
        (
            Era(
                FEED_SINCE,
                Coverage.LARGEST_OF_SIDE_AND_SECOND,
                COLUMNS,
                pushed,
                partial(read_events, unit=Unit.QUOTE),
                evidence="Vendor's text, as others quote it: once a second, the largest of a side.",
                shown=shows(Unit.QUOTE),
                grade=Grade.THIRD_PARTY,
            ),
        ),
        is_captured=True,
    ),
    Reader(
        "bitget",
        "liquidations",
        LIQUIDATIONS,
        (
            Era(
                SINCE,
                Coverage.UNKNOWN,
                COLUMNS,
                history,
                partial(read_events, unit=Unit.COINS),
                evidence="No document says how much it shows, nor what its amounts count.",
                shown=shows(Unit.COINS),
                grade=Grade.UNVERIFIED,
            ),
        ),
        told_first_by="liquidation",
    ),
)

STATEMENTS = (
    Statement(
        "`side` is the side of the position: buy is a liquidated long.",
        "vendor's text, as another project quotes it; two others read it so",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "On the socket `amount` counts the quote.",
        "vendor's text, as another project quotes it",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Over REST `amount` counts coins: one project reads it so and another does not, and no "
        "document says it. To be measured against a known event.",
        "open point",
        Grade.UNVERIFIED,
    ),
    Statement("`price` is near the bankruptcy price.", "another project", Grade.THIRD_PARTY),
    Statement(
        "A position has no id: equal events of one instant are as many as are printed.",
        "the documented fields, as another project quotes them",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are among them is not said.",
        "open point",
        Grade.UNVERIFIED,
    ),
)
