"""Kraken's socket: liquidations among the trades, and tickers.

A trade is a fill, a liquidation, an assignment or a termination; only the second closed a position
by force in the market. Others are no events of this feed.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    first_reason,
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
from pipelines.tables import LIQUIDATIONS, TICKERS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, coins_of, exact

SINCE = date(2019, 4, 1)  # of the oldest frame that we saw
POSITION = {"sell": Position.LONG, "buy": Position.SHORT}
FORCED = "liquidation"
NOT_FORCED = frozenset({"fill", "assignment", "termination", "block"})
TRADE = ("product_id", "side", "uid", "time", "qty", "price")
TICKER = (
    "product_id",
    "time",
    "last",
    "markPrice",
    "index",
    "openInterest",
    "relative_funding_rate",
)


def trades(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The liquidations of each frame: of one trade, or of the last ones after a subscription."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and "event" in frame:
            continue
        elif not isinstance(frame, dict) or frame.get("feed") not in ("trade", "trade_snapshot"):
            yield Refused("a frame that is no trade", shown(frame))
        else:
            yield from _forced(frame)


def _forced(frame: dict[str, Any]) -> Iterator[tuple[FIELD, ...] | Refused]:
    listed = frame.get("trades") if frame["feed"] == "trade_snapshot" else [frame]
    for trade in listed if isinstance(listed, list) else [listed]:
        named = trade if isinstance(trade, dict) else {}
        kind = named.get("type")
        if kind == FORCED:
            product = {"product_id": frame.get("product_id")}
            yield plain(tuple((product | named).get(name) for name in TRADE))
        elif not (isinstance(kind, str) and kind in NOT_FORCED):
            yield Refused(f"unknown trade type {kind!r}", shown(trade))


def of_product(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return with_market(rows, known, said("product_id")).with_columns(
        subject=pl.lit("*"), time=instant_ms(said("time"))
    )


def is_inverse() -> pl.Expr:
    return pl.col("margin") == Margin.INVERSE.value


def read_trades(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    position = word(said("side"), POSITION, Position)
    return forced(
        of_product(rows, known),
        known,
        size=exact(said("qty")),
        price=exact(said("price")),
        unit=pl.when(is_inverse()).then(told(Unit.USD)).otherwise(told(Unit.COINS)),
        price_kind=PriceKind.FILL,
    ).with_columns(
        identity=said("uid"),
        position=position,
        reason=pl.coalesce(
            not_listed(said("product_id")),
            unknown(said("side"), position, "side"),
            unsound(),
            first_reason((said("uid").is_null(), "no uid that tells it from its repeat")),
        ),
    )


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """One row a ticker; trades that nobody forced are signs of life and nothing more."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and (
            "event" in frame or frame.get("feed") in ("trade", "trade_snapshot")
        ):
            continue
        elif not isinstance(frame, dict) or frame.get("feed") != "ticker":
            yield Refused("a frame that is no ticker", shown(frame))
        else:
            yield plain(tuple(frame.get(name) for name in TICKER))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The rate that is relative; the other one is an amount for each contract."""
    interest = exact(said("openInterest"))
    return of_product(rows, known).with_columns(
        last_price=exact(said("last")),
        mark_price=exact(said("markPrice")),
        index_price=exact(said("index")),
        open_interest=interest,
        open_interest_unit=pl.when(interest.is_not_null()).then(
            pl.when(is_inverse()).then(told(Unit.USD)).otherwise(told(Unit.COINS))
        ),
        open_interest_coins=pl.when(~is_inverse()).then(
            coins_of(interest, pl.col("coins_per_base"))
        ),
        open_interest_usd=pl.when(is_inverse()).then(interest),
        funding_rate=exact(said("relative_funding_rate")),
        reason=not_listed(said("product_id")),
    )


READERS = (
    Reader(
        "kraken",
        "trade",
        LIQUIDATIONS,
        (
            Era(
                SINCE,
                Coverage.ALL,
                TRADE,
                trades,
                read_trades,
                evidence="The tape as it happens; a real frame of 2020-07-01 shows the type.",
                shown=Shown((PriceKind.FILL,), (Unit.COINS, Unit.USD), SideNames.TAKER, Adl.OUT),
                grade=Grade.OBSERVED,
            ),
        ),
        is_captured=True,
        told_first_by="executions",
    ),
    Reader(
        "kraken",
        "trade",
        TICKERS,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                TICKER,
                tickers,
                read_tickers,
                amounts=TICKER[2:],
                evidence="Real frames of 2019 to 2021.",
                grade=Grade.OBSERVED,
            ),
        ),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "`side` of a trade is that of the taker; sell with the type liquidation closes a long.",
        "tardis-node, cryptofacilities mapper; a real frame of 2020-07-01",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`funding_rate` of a ticker is an amount, `relative_funding_rate` a fraction for an hour.",
        "real frames of 2019 and 2021, where the one over the other is the price",
        Grade.DERIVED,
    ),
    Statement(
        "The types fill, assignment and termination are no liquidations.",
        "ccxt 4.5.90, parse_trade",
        Grade.OBSERVED,
    ),
)
