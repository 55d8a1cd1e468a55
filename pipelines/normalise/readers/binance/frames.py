"""Binance forced orders from captured frames. `S` is the side of the order: SELL closes a long.

One order a second and symbol since 2021-04-27. The vendor's texts call it the latest in one place
and the largest in another; which of the two a given day followed is not known, and the coverage
says just that.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    inexact,
    instant_ms,
    plain,
    said,
    shown,
    told,
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

POSITION = {"SELL": Position.LONG, "BUY": Position.SHORT}
STATUS = ("FILLED", "PARTIALLY_FILLED", "NEW", "EXPIRED", "CANCELED")
# `st` since the two streams were merged on 2026-06-30
USD_MARGINED, COIN_MARGINED = "1", "2"
ORDER = ("s", "S", "q", "p", "ap", "X", "z", "T")
COLUMNS = ("st", *ORDER)


def forced_orders(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The order of each frame, whether it came alone or wrapped by the combined stream."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
            continue
        message = frame.get("data", frame) if isinstance(frame, dict) else frame
        for event in message if isinstance(message, list) else [message]:
            if not isinstance(event, dict) or event.get("e") != "forceOrder":
                yield Refused("a frame that is no forced order", shown(event))
                continue
            order = event.get("o")
            if not isinstance(order, dict):
                yield Refused("a forced order without its order", shown(event))
                continue
            yield plain((event.get("st"), *map(order.get, ORDER)))


def read_forced(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Orders of a feed that speaks of every market at once."""
    return read_orders(rows, known).with_columns(subject=pl.lit("*"))


def read_orders(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Orders; each is asked for by its own symbol."""
    filled, average = exact(said("z")), exact(said("ap"))
    was_filled = (filled > 0) & (average > 0)
    position = word(said("S"), POSITION, Position)
    found = with_market(rows, known, said("s"))
    return forced(
        found.with_columns(time=instant_ms(said("T")), position=position),
        known,
        size=pl.when(was_filled).then(filled).otherwise(exact(said("q"))),
        price=pl.when(was_filled).then(average).otherwise(exact(said("p"))),
        unit=pl.when(pl.col("margin") == Margin.INVERSE.value)
        .then(told(Unit.CONTRACTS))
        .otherwise(told(Unit.COINS)),
        price_kind=pl.when(was_filled)
        .then(told(PriceKind.AVERAGE_FILL))
        .otherwise(told(PriceKind.ORDER)),
    ).with_columns(reason=_reason(position))


def _reason(position: pl.Expr) -> pl.Expr:
    """Why an order is refused, else null; its amounts stand beside what was said."""
    status = pl.when(said("X").is_in(STATUS)).then(said("X"))
    margin = said("st").replace_strict(
        {USD_MARGINED: Margin.LINEAR.value, COIN_MARGINED: Margin.INVERSE.value}, default=None
    )
    return pl.coalesce(
        pl.when(said("st").is_not_null()).then(unknown(said("st"), margin, "stream")),
        not_listed(said("s")),
        pl.when(margin != pl.col("margin").cast(pl.String)).then(
            pl.lit("its stream and its listing tell different margins")
        ),
        unknown(said("S"), position, "side"),
        unknown(said("X"), status, "status"),
        *(inexact(said(name), name) for name in ("q", "p", "ap", "z")),
        unsound(price_may_be_missing=True),
    )


SHOWN = Shown(
    (PriceKind.AVERAGE_FILL, PriceKind.ORDER),
    (Unit.COINS,),
    SideNames.ORDER,
    Adl.UNKNOWN,
)


READERS = (
    Reader(
        "binance",
        "force_orders",
        LIQUIDATIONS,
        (
            Era(
                date(2019, 9, 8),
                Coverage.UNKNOWN,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Before the change of 2021-04-27; no document of that time was read.",
                shown=SHOWN,
            ),
            Era(
                date(2021, 4, 27),
                Coverage.ONE_OF_SECOND,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Vendor text: one order per symbol per 1000 ms; latest or largest.",
                shown=SHOWN,
                grade=Grade.VENDOR,
            ),
            Era(
                date(2026, 6, 30),
                Coverage.ONE_OF_SECOND,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Vendor text: COIN-M orders come in the same stream, told by st=2.",
                shown=replace(SHOWN, size=(Unit.COINS, Unit.CONTRACTS)),
                grade=Grade.VENDOR,
            ),
        ),
        is_captured=True,
        listings=("binance_coin_m",),
    ),
)

STATEMENTS = (
    Statement(
        "`S` is the side of the forced order: SELL closes a long.",
        "vendor's SDK; two third parties agree",
        Grade.VENDOR,
    ),
    Statement(
        "The one order shown of each second and symbol is the latest by the text on the stream of "
        "all markets, the largest by some copies of the text on the stream of one.",
        "vendor's SDK 18.1.0 and dated copies of its document",
        Grade.VENDOR,
    ),
    Statement(
        "Which of the two it is on a given day.", "open point of the reference", Grade.UNVERIFIED
    ),
    Statement(
        "`ap` is the average fill, `p` the limit of the order, `z` what was filled of it.",
        "vendor's SDK",
        Grade.VENDOR,
    ),
    Statement(
        "Whether orders that were filled in part are shown, and whether auto-deleveraging is.",
        "open point of the reference",
        Grade.UNVERIFIED,
    ),
)
