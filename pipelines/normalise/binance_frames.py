"""Binance forced orders from captured frames. `S` is the side of the order: SELL closes a long.

One order a second and symbol since 2021-04-27. The vendor's texts call it the latest in one place
and the largest in another; which of the two a given day followed is not known, and the coverage
says just that.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import (
    first_reason,
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
from pipelines.normalise.markets import not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Coverage, Position, PriceKind, Unit
from pipelines.units import coins_of, exact, notional

POSITION = {"SELL": Position.LONG, "BUY": Position.SHORT}
STATUS = ("FILLED", "PARTIALLY_FILLED", "NEW", "EXPIRED", "CANCELED")
# `st` since the two streams were merged on 2026-06-30
USD_MARGINED, COIN_MARGINED = "1", "2"
ORDER = ("s", "S", "q", "p", "ap", "X", "z", "T")


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
            yield plain((event.get("st"), *(order.get(name) for name in ORDER)))


def read_forced(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    filled, average = exact(said("z")), exact(said("ap"))
    was_filled = (filled > 0) & (average > 0)
    position = word(said("S"), POSITION, Position)
    found = with_market(rows, known, said("s")).with_columns(
        subject=pl.lit("*"), asked_symbol=pl.col("subject")
    )
    return found.with_columns(
        time=instant_ms(said("T")),
        position=position,
        size=pl.when(was_filled).then(filled).otherwise(exact(said("q"))),
        size_unit=told(Unit.COINS),
        price=pl.when(was_filled).then(average).otherwise(exact(said("p"))),
        price_kind=pl.when(was_filled)
        .then(told(PriceKind.AVERAGE_FILL))
        .otherwise(told(PriceKind.ORDER)),
    ).with_columns(
        size_coins=coins_of(pl.col("size"), pl.col("coins_per_base")),
        notional_quote=notional(pl.col("size"), pl.col("price")),
        notional_usd=pl.when(usd_basis().is_not_null()).then(
            notional(pl.col("size"), pl.col("price"))
        ),
        usd_basis=usd_basis(),
        reason=_reason(position),
    )


def _reason(position: pl.Expr) -> pl.Expr:
    """Why an order is refused, else null; ``size`` and ``price`` stand beside what was said."""
    status = pl.when(said("X").is_in(STATUS)).then(said("X"))
    product = notional(pl.col("size"), pl.col("price"))
    return pl.coalesce(
        pl.when(said("st") == COIN_MARGINED).then(
            pl.lit("a COIN-M order of the merged stream: sizes are contracts, not read here")
        ),
        pl.when(said("st") != USD_MARGINED).then(
            pl.concat_str(pl.lit("unknown stream '"), said("st"), pl.lit("'"))
        ),
        not_listed(said("s")),
        unknown(said("S"), position, "side"),
        unknown(said("X"), status, "status"),
        *(inexact(said(name), name) for name in ("q", "p", "ap", "z")),
        first_reason((~(pl.col("size") > 0), "no positive size")),
        pl.when(pl.col("price").is_not_null() & product.is_null()).then(
            pl.lit("size and price give no exact product")
        ),
    )


COLUMNS = ("st", *ORDER)
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
            ),
            Era(
                date(2021, 4, 27),
                Coverage.ONE_OF_SECOND,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Vendor text: one order per symbol per 1000 ms; latest or largest.",
            ),
        ),
        is_told_late=True,
    ),
)
