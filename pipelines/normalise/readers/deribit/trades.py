"""Deribit liquidations: trades whose flag says that the maker (M), the taker (T) or both were forced.

`direction` is the taker's. A forced taker that sold was a long; a forced maker traded the other way.
A trade in which both were forced is two liquidations. Each row is a fill, not an order.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown, Unpack
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
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

SINCE = date(2019, 9, 1)
FLAG = "liquidation"
BOTH = ("T", "M")
FORCED = {"T": ("T",), "M": ("M",), "MT": BOTH}
POSITION = {
    "T sell": Position.LONG,
    "T buy": Position.SHORT,
    "M buy": Position.LONG,
    "M sell": Position.SHORT,
}
DIRECTIONS = ("buy", "sell")
TRADE = ("instrument_name", "trade_id", "timestamp", "price", "amount", "direction", FLAG)
COLUMNS = (*TRADE, "forced")


def tape(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The flagged trades of a page. Where another page follows, that one begins with the last
    instant of this one and tells it whole.
    """
    result = body_of(page)["result"]
    trades = result["trades"]
    after = _last(trades) if result.get("has_more") is True else None
    for trade in trades if isinstance(trades, list) else [trades]:
        if after is None or not isinstance(trade, dict) or trade.get("timestamp") != after:
            yield from _forced(trade)


def _last(trades: object) -> str | None:
    stamps = (
        [t.get("timestamp") for t in trades if isinstance(t, dict)]
        if isinstance(trades, list)
        else []
    )
    digits = [stamp for stamp in stamps if isinstance(stamp, str) and stamp.isdigit()]
    return max(digits, key=int, default=None)


def _forced(trade: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    """A row for each side of the trade that was forced; ordinary trades have no flag."""
    if isinstance(trade, dict) and FLAG not in trade:
        return
    for row in objects([trade], TRADE):
        if isinstance(row, Refused):
            yield row
            continue
        for who in FORCED.get(row[-1] or "", ("",)):
            yield (*row, who)


def pushes(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The flagged trades of each frame; answers to questions are skipped, tickers refused."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and "id" in frame and "result" in frame:
            continue
        elif not channel_of(frame).startswith("trades."):
            yield Refused("a frame that is not of a channel of trades", shown(frame))
        else:
            trades = frame["params"].get("data")
            for trade in trades if isinstance(trades, list) else [trades]:
                yield from _forced(trade)


def channel_of(frame: object) -> str:
    params = frame.get("params") if isinstance(frame, dict) else None
    return str(params.get("channel")) if isinstance(params, dict) else ""


def read_trades(rows: pl.DataFrame, known: Known, *, is_pushed: bool) -> pl.DataFrame:
    found = with_market(rows, known, said("instrument_name"))
    if is_pushed:
        found = found.with_columns(subject=pl.lit("*"))
    flag = pl.when(said(FLAG).is_in(list(FORCED))).then(said(FLAG))
    direction = pl.when(said("direction").is_in(DIRECTIONS)).then(said("direction"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    return forced(
        found.with_columns(time=instant_ms(said("timestamp"))),
        known,
        size=exact(said("amount")),
        price=exact(said("price")),
        unit=pl.when(inverse).then(told(Unit.USD)).otherwise(told(Unit.COINS)),
        price_kind=PriceKind.FILL,
    ).with_columns(
        identity=pl.concat_str(
            said("instrument_name"), said("trade_id"), said("forced"), separator="/"
        ),
        position=word(said("forced") + " " + said("direction"), POSITION, Position),
        reason=pl.coalesce(
            not_listed(said("instrument_name")),
            unknown(said(FLAG), flag, "flag of a liquidation"),
            unknown(said("direction"), direction, "side"),
            first_reason((said("trade_id").is_null(), "no id that tells it from its repeat")),
            unsound(),
        ),
    )


def _all(unpack: Unpack, evidence: str, *, is_pushed: bool) -> tuple[Era, ...]:
    return (
        Era(
            SINCE,
            Coverage.ALL,
            COLUMNS,
            unpack,
            partial(read_trades, is_pushed=is_pushed),
            evidence=evidence,
            shown=SHOWN,
            grade=Grade.THIRD_PARTY,
        ),
    )


SHOWN = Shown((PriceKind.FILL,), (Unit.USD, Unit.COINS), SideNames.TAKER, Adl.UNKNOWN)

READERS = (
    Reader(
        "deribit",
        "liquidations",
        LIQUIDATIONS,
        _all(
            tape,
            "The whole tape; the document's text on the flag as others quote it.",
            is_pushed=False,
        ),
    ),
    Reader(
        "deribit",
        "trades",
        LIQUIDATIONS,
        _all(
            pushes,
            "All trades of futures; the flag as in the tape, and in a frame of 2020-03-13.",
            is_pushed=True,
        ),
        is_captured=True,
        told_first_by="liquidations",
    ),
)

STATEMENTS = (
    Statement(
        "`direction` is the taker's side; `liquidation` is M, T or MT for whoever was liquidated.",
        "the vendor's text as others quote it; a frame of 2020-03-13 that a third party reads alike",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A trade marked MT liquidated both sides and counts once for each.",
        "another project reads it so; tardis-node of 2026-08 takes only the maker",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`amount` counts dollars if inverse, coins if linear; the price is that of the fill.",
        "the vendor's text as others quote it",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Rows are fills: one liquidation may be many of them.",
        "follows from the shape of a trade",
        Grade.DERIVED,
    ),
    Statement(
        "Bankruptcies among the settlements are the insurance's books, and are not read.",
        "ccxt 4.5.90 reads them as liquidations",
        Grade.THIRD_PARTY,
    ),
)
