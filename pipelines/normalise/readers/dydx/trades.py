"""dYdX v4: liquidations by their type among all trades, from answers and from captured frames.

`side` is the taker's, and the taker of a trade of type LIQUIDATED is the liquidated account. What
was closed by auto-deleveraging is refused with that reason, so that it is counted.
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Shown, Unpack
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_iso,
    objects,
    said,
    shown,
    told,
    unknown,
    word,
)
from pipelines.normalise.frames import frames, timed_frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.dydx.rest import SINCE, sampled, ticker_of
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS, TICKERS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import coins_of, exact, nearest

POSITION = {"SELL": Position.LONG, "BUY": Position.SHORT}
ORDINARY, LIQUIDATED, DELEVERAGED = "LIMIT", "LIQUIDATED", "DELEVERAGED"
TRADE = ("id", "side", "size", "price", "type", "createdAt")
TICKER = ("oraclePrice", "effectiveAt", "openInterest", "nextFundingRate")
AMOUNTS = ("oraclePrice", "openInterest")
REPLIES = frozenset({"connected", "unsubscribed", "error"})


def tape(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from marked(ticker_of(page), body_of(page)["trades"])


def marked(ticker: FIELD, trades: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    """All trades of a list but the ordinary ones."""
    for row in objects(trades, TRADE):
        if isinstance(row, Refused):
            yield row
        elif row[TRADE.index("type")] != ORDINARY:
            yield (ticker, *row)


def pushed(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The same of each frame, among them the trades that come with the reply to a subscription."""
    for frame in frames(page):
        match frame:
            case Refused():
                yield frame
            case {"type": kind} if kind in REPLIES:
                continue
            case {"channel": "v4_trades", "id": str(ticker), "contents": contents}:
                yield from _of_contents(ticker, contents)
            case _:
                yield Refused("a frame that is not of the channel v4_trades", shown(frame))


def _of_contents(ticker: str, contents: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    for part in contents if isinstance(contents, list) else [contents]:
        if isinstance(part, dict):
            yield from marked(ticker, part.get("trades"))
        else:
            yield Refused("contents that are not an object", shown(part))


def read_trades(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("ticker")).with_columns(
        time=instant_iso(said("createdAt"))
    )
    position = word(said("side"), POSITION, Position)
    is_forced = pl.when(said("type") == LIQUIDATED).then(pl.lit(value=True))
    return forced(
        found,
        known,
        size=exact(said("size")),
        price=exact(said("price")),
        unit=Unit.COINS,
        price_kind=PriceKind.FILL,
    ).with_columns(
        identity=said("ticker") + " " + said("id"),
        position=position,
        reason=pl.coalesce(
            not_listed(said("ticker")),
            pl.when(said("type") == DELEVERAGED).then(pl.lit("auto-deleveraging, kept apart")),
            unknown(said("type"), is_forced, "type of trade"),
            unknown(said("side"), position, "side"),
            first_reason((said("id").is_null(), "no id that tells it from its repeat")),
            unsound(),
        ),
    )


def read_pushed(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return read_trades(rows, known).with_columns(subject=pl.lit("*"))


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """What v4_markets says of each market; only an oracle's price bears a time of its own."""
    for received_at, frame in timed_frames(page):
        match frame:
            case Refused():
                yield frame
            case {"channel": "v4_markets", "contents": contents}:
                for part in contents if isinstance(contents, list) else [contents]:
                    for row in _of_part(part):
                        yield row if isinstance(row, Refused) else (received_at, *row)
            case {"channel": "v4_trades"}:
                continue
            case _:
                yield Refused("a frame that is not of the channel v4_markets", shown(frame))


def _of_part(part: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The markets of a snapshot, or those that changed; one that tells nothing of ours has no row."""
    if not isinstance(part, dict):
        yield Refused("contents that are not an object", shown(part))
        return
    for name in ("markets", "trading", "oraclePrices"):
        markets = part.get(name)
        if not isinstance(markets, dict | None):
            yield Refused("no markets where some were expected", shown(markets))
            continue
        for ticker, market in (markets or {}).items():
            for row in objects([market], TICKER):
                if isinstance(row, Refused):
                    yield row
                elif any(value is not None for value in row):
                    yield (ticker, *row)


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """A rate is printed as a float, whose last digits are rounded."""
    price, interest = exact(said("oraclePrice")), exact(said("openInterest"))
    rate = nearest(said("nextFundingRate"))
    at = pl.when(said("effectiveAt").is_null()).then(said("received_at"))
    return with_market(rows, known, said("ticker")).with_columns(
        subject=pl.lit("*"),
        time=instant_iso(at.otherwise(said("effectiveAt"))),
        mark_price=price,
        open_interest=interest,
        open_interest_unit=pl.when(interest.is_not_null()).then(told(Unit.COINS)),
        open_interest_coins=coins_of(interest, pl.col("coins_per_base")),
        funding_rate=rate,
        reason=pl.coalesce(
            not_listed(said("ticker")),
            pl.when(price <= 0).then(pl.lit("no positive price")),
            pl.when(rate.is_null()).then(inexact(said("nextFundingRate"), "nextFundingRate")),
        ),
    )


SHOWN = Shown((PriceKind.FILL,), (Unit.COINS,), SideNames.TAKER, Adl.OUT)


def every_trade(unpack: Unpack, read: Read) -> tuple[Era, ...]:
    return (
        Era(
            SINCE,
            Coverage.ALL,
            ("ticker", *TRADE),
            unpack,
            read,
            evidence="Vendor's document: each trade has a type, LIQUIDATED and DELEVERAGED apart.",
            shown=SHOWN,
            grade=Grade.VENDOR,
        ),
    )


_of = partial(Reader, "dydx")
READERS = (
    _of("liquidations", LIQUIDATIONS, every_trade(tape, read_trades)),
    _of(
        "v4_trades",
        LIQUIDATIONS,
        every_trade(pushed, read_pushed),
        is_captured=True,
        told_first_by="liquidations",
    ),
    _of(
        "v4_trades",
        TICKERS,
        sampled(("received_at", "ticker", *TICKER), tickers, read_tickers, amounts=AMOUNTS),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "`side` is the taker's, who is the liquidated account: SELL closes a long.",
        "vendor's list of trade types, as mirrored in 2026-03; another project reads it so",
        Grade.VENDOR,
    ),
    Statement(
        "`size` counts coins and `price` is that of the trade, in USDC.",
        "the reference's table of prices; no document of the vendor says USDC there",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Frames of v4_markets bear no time but for oracle prices: open interest and the rate to come "
        "stand at the instant of their receipt.",
        "two frames of 2024-08-23, which another project dates so too",
        Grade.OBSERVED,
    ),
)
