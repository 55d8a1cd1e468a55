"""Bybit liquidations from captured frames. `S` is the side of the position: Buy lost a long.

The older topic showed about one order a second and symbol; `allLiquidation` shows all since
2025-02-20, in batches of 500 ms. The price is the bankruptcy price.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    instant_ms,
    objects,
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

POSITION = {"Buy": Position.LONG, "Sell": Position.SHORT}
ALL = ("T", "s", "S", "v", "p")
ONE = ("updatedTime", "symbol", "side", "size", "price")
ONE_BEFORE_V5 = ("time", "symbol", "side", "qty", "price")  # as in frames of 2020 and 2021


def liquidations(
    page: Page, topic: str, shapes: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Events of one topic; frames of another topic are refused, replies of the server skipped."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and "op" in frame:
            continue
        elif not isinstance(frame, dict) or str(frame.get("topic")).partition(".")[0] != topic:
            yield Refused(f"a frame that is not of the topic {topic}", shown(frame))
        else:
            data = frame.get("data")
            events = data if isinstance(data, list) else [data]
            for shape, alike in groupby(events, partial(_shape_of, shapes=shapes)):
                yield from objects(list(alike), shape)


def _shape_of(event: object, shapes: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The names that an event uses for its fields, told by that of its time."""
    if len(shapes) == 1:
        return shapes[0]
    named = event if isinstance(event, dict) else {}
    return next((shape for shape in shapes if shape[0] in named), shapes[0])


def of_symbol(rows: pl.DataFrame, known: Known, name: str) -> pl.DataFrame:
    """Symbols are one name space over both categories: no linear market is called as an inverse."""
    symbols = known.instruments.select("source_symbol", "symbol").unique(
        "symbol", keep="first", maintain_order=True
    )
    named = rows.join(
        symbols, left_on=f"said_{name}", right_on="symbol", how="left", maintain_order="left"
    )
    return with_market(named, known, pl.col("source_symbol")).with_columns(subject=pl.lit("*"))


def read_events(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_symbol(rows, known, "s").with_columns(time=instant_ms(said("T")))
    inverse = pl.col("margin") == Margin.INVERSE.value
    position = word(said("S"), POSITION, Position)
    return forced(
        found,
        known,
        size=exact(said("v")),
        price=exact(said("p")),
        unit=pl.when(inverse).then(told(Unit.USD)).otherwise(told(Unit.COINS)),
        price_kind=PriceKind.BANKRUPTCY,
    ).with_columns(
        position=position,
        reason=pl.coalesce(not_listed(said("s")), unknown(said("S"), position, "side"), unsound()),
    )


SHOWN = Shown((PriceKind.BANKRUPTCY,), (Unit.COINS, Unit.USD), SideNames.POSITION, Adl.UNKNOWN)


BEFORE = Era(
    date(2020, 3, 25),
    Coverage.ONE_OF_SECOND,
    ALL,
    partial(liquidations, topic="liquidation", shapes=(ONE, ONE_BEFORE_V5)),
    read_events,
    evidence="Third parties: about one a second and symbol since 2021-09.",
    shown=SHOWN,
    grade=Grade.THIRD_PARTY,
)
SINCE_ALL = Era(
    date(2025, 2, 20),
    Coverage.ALL,
    ALL,
    partial(liquidations, topic="allLiquidation", shapes=(ALL,)),
    read_events,
    evidence="Vendor's changelog of 2025-02-20: all liquidations, every 500 ms.",
    shown=SHOWN,
    grade=Grade.VENDOR,
)
READERS = (
    Reader("bybit", "all_liquidation", LIQUIDATIONS, (BEFORE, SINCE_ALL), is_captured=True),
    Reader("bybit", "all_liquidation_inverse", LIQUIDATIONS, (SINCE_ALL,), is_captured=True),
)

STATEMENTS = (
    Statement(
        "`S` is the side of the position: Buy is a liquidated long.",
        "vendor's document of allLiquidation; its text said side of the order until 2023-08-31",
        Grade.VENDOR,
    ),
    Statement(
        "`p` is the bankruptcy price; `v` counts base coins if linear, dollars if inverse.",
        "vendor's document of allLiquidation",
        Grade.VENDOR,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are among them is not said.",
        "vendor's document of allLiquidation",
        Grade.VENDOR,
    ),
)
