"""OKX liquidations: single ones, as details of a contract, from its socket and from an old path.

`side` is that of the forced order, `posSide` that of the position, or `net` where an account has
only one. Two words that contradict each other are refused. What `bkPx` means was rewritten.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
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
from pipelines.units import exact

SINCE, STREAM_SINCE = date(2020, 1, 1), date(2021, 12, 22)
REWRITTEN = date(2026, 7, 1)  # the document of that month; on which day it changed is not known
CHANNEL = "liquidation-orders"
POLLED = "liquidations"  # as a collector named what it asked the old path for, contract by contract
OF_POSITION = {"long": Position.LONG, "short": Position.SHORT}
OF_ORDER = {"sell": Position.LONG, "buy": Position.SHORT}
NET = "net"
DETAIL = ("posSide", "side", "sz", "bkPx", "ts")
COLUMNS = ("instId", *DETAIL)


def orders(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from _details_of(body_of(page)["data"])


def pushes(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """All details of every row; replies to a subscription are skipped, other channels refused."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and frame.get("event") in ("subscribe", "unsubscribe"):
            continue
        elif channel_of(frame) == POLLED:
            yield from _details_of([frame["arg"] | {"details": frame.get("data")}])
        elif channel_of(frame) != CHANNEL:
            yield Refused(f"a frame that is not of the channel {CHANNEL}", shown(frame))
        else:
            yield from _details_of(frame.get("data"))


def channel_of(frame: object) -> object:
    arg = frame.get("arg") if isinstance(frame, dict) else None
    return arg.get("channel") if isinstance(arg, dict) else None


def _details_of(rows: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    if not isinstance(rows, list):
        yield Refused("no list of rows where one was expected", shown(rows))
        return
    for row in rows:
        inst_id = row.get("instId") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not (isinstance(inst_id, str) or inst_id is None):
            yield Refused("a row that names no contract", shown(row))
            continue
        for detail in objects(row.get("details"), DETAIL):
            yield detail if isinstance(detail, Refused) else (inst_id, *detail)


def read_orders(
    rows: pl.DataFrame, known: Known, *, price_kind: PriceKind, is_pushed: bool
) -> pl.DataFrame:
    found = with_market(rows, known, said("instId")).with_columns(time=instant_ms(said("ts")))
    if is_pushed:
        found = found.with_columns(subject=pl.lit("*"))
    held = word(said("posSide"), OF_POSITION, Position)
    ordered = word(said("side"), OF_ORDER, Position)
    known_word = pl.when(held.is_not_null() | (said("posSide") == NET)).then(said("posSide"))
    return forced(
        found,
        known,
        size=exact(said("sz")),
        price=exact(said("bkPx")),
        unit=Unit.CONTRACTS,
        price_kind=price_kind,
    ).with_columns(
        position=ordered,
        reason=pl.coalesce(
            not_listed(said("instId")),
            unknown(said("posSide"), known_word, "side of a position"),
            unknown(said("side"), ordered, "side"),
            pl.when(held != ordered).then(pl.lit("its order and its position contradict")),
            first_reason((pl.col("contract_size").is_null(), "a contract of unknown size")),
            unsound(),
        ),
    )


AT_BANKRUPTCY = Shown((PriceKind.BANKRUPTCY,), (Unit.CONTRACTS,), SideNames.ORDER, Adl.UNKNOWN)
AT_MARK = replace(AT_BANKRUPTCY, price=(PriceKind.MARK,))


def _era(since: date, coverage: Coverage, evidence: str, grade: Grade, *, is_pushed: bool) -> Era:
    shown_then = AT_MARK if since >= REWRITTEN else AT_BANKRUPTCY
    return Era(
        since,
        coverage,
        COLUMNS,
        pushes if is_pushed else orders,
        partial(read_orders, price_kind=shown_then.price[0], is_pushed=is_pushed),
        evidence=evidence,
        shown=shown_then,
        grade=grade,
    )


_of_path = partial(_era, coverage=Coverage.UNKNOWN, grade=Grade.THIRD_PARTY, is_pushed=False)

READERS = (
    Reader(
        "okx",
        "liquidations",
        LIQUIDATIONS,
        (
            _of_path(
                SINCE,
                evidence="Rows as in the socket; how many of all is not said. 2026-09: 100 a family.",
            ),
            _of_path(
                REWRITTEN,
                evidence="As before; the price as the socket's document has it since 2026-07.",
            ),
        ),
        told_first_by="liquidation_orders",
    ),
    Reader(
        "okx",
        "liquidation_orders",
        LIQUIDATIONS,
        (
            _era(
                STREAM_SINCE,
                Coverage.ONE_OF_SECOND,
                "Vendor's document of 2026-02: at most one order a second and contract, not all of "
                "them; the shape as in a frame of 2023-03-30.",
                Grade.VENDOR,
                is_pushed=True,
            ),
            _era(
                REWRITTEN,
                Coverage.UNKNOWN,
                "Document of 2026-07 as others quote it: nothing about one a second any more, "
                "still not the total; the price is called the liquidation mark price.",
                Grade.THIRD_PARTY,
                is_pushed=True,
            ),
        ),
        is_captured=True,
    ),
)

STATEMENTS = (
    Statement(
        "`side` is that of the forced order: sell closes a long; `posSide` is the position's.",
        "others' copy of the document; six of six events of a measurement agree",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`sz` counts contracts, but for spot margin, which is not read.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "`bkPx` is a bankruptcy price by the document of 2026-02 and a liquidation mark price by "
        "that of 2026-07; whether the number changed or only its name, and on which day.",
        "open point: two copies of the document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether the socket still shows at most one order a second and contract.",
        "open point: the sentence is gone from the document of 2026-07",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are among them is not said.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
)
