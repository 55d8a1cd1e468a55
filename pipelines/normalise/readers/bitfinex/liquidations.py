"""Bitfinex liquidations, from its history and from captured frames, which have the same rows.

A position has one row as it is triggered and one for each execution in the market: only the first
counts. Its price is the one at which the venue took the position over, not the entry beside it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown, Unpack
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_ms,
    plain,
    said,
    shown,
    told,
    unknown,
)
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import exact

SINCE = date(2019, 9, 10)
PLACES = {"id": 1, "time": 2, "symbol": 4, "amount": 5, "base_price": 6, "is_match": 8, "price": 11}
LEAST = 12
TRIGGER, MATCH = "0", "1"
DERIVATIVE = r"^t[A-Z0-9]+F0:[A-Z0-9]+F0$"


def row_of(row: Any) -> tuple[FIELD, ...] | Refused:
    """The places that mean something to us."""
    if not isinstance(row, list) or len(row) < LEAST or row[0] != "pos":
        return Refused(f"a row that is not an array of pos and {LEAST - 1} places", shown(row))
    return plain(tuple(row[place] for place in PLACES.values()))


def history(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows stand one by one, or several together, in arrays inside an array."""
    groups = body_of(page)
    for group in groups if isinstance(groups, list) else [groups]:
        for row in group if isinstance(group, list) else [group]:
            yield row_of(row)


def pushed(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows stand behind the number of the channel; what is said to a subscription has none."""
    for frame in frames(page):
        match frame:
            case Refused():
                yield frame
            case {"event": str()} | [_, "hb"]:
                continue
            case [_, [list(), *_] as rows, *_]:
                yield from map(row_of, rows)
            case _:
                yield Refused("a frame without rows of liquidations", shown(frame))


def read_events(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """A repeat is told by position, instant and amount: a position may be triggered in parts."""
    amount = exact(said("amount"))
    position = (
        pl.when(amount > 0).then(told(Position.LONG)).when(amount < 0).then(told(Position.SHORT))
    )
    found = with_market(rows, known, said("symbol")).with_columns(
        subject=pl.lit("*"), time=instant_ms(said("time"))
    )
    price = exact(said("price"))
    kind = pl.when(price.is_not_null()).then(told(PriceKind.ACQUIRED))
    return forced(
        found,
        known,
        size=amount.abs(),
        price=price,
        unit=Unit.COINS,
        price_kind=kind,
    ).with_columns(
        position=position,
        reason=_reason(),
        identity=_identity(),
        usd_basis=pl.when(pl.col("notional_usd").is_not_null()).then("usd_basis"),
    )


def _identity() -> pl.Expr:
    parts = [said(name).fill_null("") for name in ("id", "time", "symbol", "amount")]
    return pl.concat_str(parts, separator=" ")


def _reason() -> pl.Expr:
    is_derivative = said("symbol").str.contains(DERIVATIVE)
    counted = pl.when(said("is_match").is_in([TRIGGER, MATCH])).then(said("is_match"))
    return pl.coalesce(
        first_reason(
            ((~is_derivative).fill_null(value=False), "a margin position in a spot pair"),
            (said("id").is_null(), "no id that tells it from its repeat"),
        ),
        unknown(said("is_match"), counted, "match flag"),
        first_reason((counted == MATCH, "an execution of a position whose trigger counts")),
        not_listed(said("symbol")),
        inexact(said("amount"), "amount"),
        inexact(said("price"), "price"),
        unsound(price_may_be_missing=True),
    )


SHOWN = Shown((PriceKind.ACQUIRED,), (Unit.COINS,), SideNames.POSITION, Adl.UNKNOWN)


def every(unpack: Unpack, evidence: str, grade: Grade) -> tuple[Era, ...]:
    return (
        Era(
            SINCE,
            Coverage.ALL,
            tuple(PLACES),
            unpack,
            read_events,
            evidence=evidence,
            shown=SHOWN,
            grade=grade,
        ),
    )


READERS = (
    Reader(
        "bitfinex",
        "liquidations",
        LIQUIDATIONS,
        every(history, "Vendor's document: the history of liquidations.", Grade.VENDOR),
    ),
    Reader(
        "bitfinex",
        "liq_global",
        LIQUIDATIONS,
        every(pushed, "Real frames of 2020: the same rows as in the history.", Grade.OBSERVED),
        is_captured=True,
        told_first_by="liquidations",
    ),
)

STATEMENTS = (
    Statement(
        "The amount is that of the position: above zero a long was liquidated, below zero a short.",
        "vendor's document, as mirrored in 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "The amount counts base coins: a contract is one unit of the base.",
        "vendor's document, as mirrored in 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Place 6 is the price of entry, place 11 the one at which the position was acquired; place "
        "11 may be null, and there are no dollars then.",
        "vendor's document, and a real frame of 2020-07-06",
        Grade.VENDOR,
    ),
    Statement(
        "A position has one row with a match flag of 0, its trigger, and one with 1 for each "
        "execution: only the trigger counts.",
        "vendor's document, and another project that counts the same rows",
        Grade.VENDOR,
    ),
    Statement(
        "A symbol of two parts that end in F0 is a derivative; others are margin positions in spot.",
        "the format of symbols",
        Grade.DERIVED,
    ),
    Statement(
        "The feed shows every liquidation, and a position has no two triggers of one instant and "
        "amount.",
        "nothing says otherwise; open point",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are among them is not said.",
        "open point",
        Grade.UNVERIFIED,
    ),
)
