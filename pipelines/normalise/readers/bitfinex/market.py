"""Bitfinex beside its liquidations: listing, states, candles (open, CLOSE, high, low).

A state is an array in which each place has a meaning; the first one of an hour stands for it, and
that behind a settlement tells the rate that was settled.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    arrays,
    body_of,
    first_reason,
    inexact,
    instant_ms,
    plain,
    said,
    shown,
    told,
)
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, OPEN_INTEREST, TICKERS
from pipelines.tables.words import CandleKind, Coverage, Unit
from pipelines.units import Margin, coins_of, exact

SINCE = date(2019, 9, 10)
HOUR_S = 3_600
HOUR_MS = HOUR_S * 1000
EIGHT_HOURS_S = 8 * HOUR_S
QUOTES = {"UST": "USDT"}  # its own spelling of the stable coin
LISTED = r"^([A-Z0-9]+)F0:([A-Z0-9]+)F0$"
STATE = {"time": 0, "last": 2, "index": 3, "next": 7, "rate": 11, "mark": 14, "interest": 17}
INTEREST_AT = STATE["interest"] + 1
OCHL = ("open", "close", "high", "low")
# The one market that our subscription asks states of: they do not name theirs.
HEARD = "tBTCF0:USTF0"


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    pairs = body_of(page)[0]
    if not isinstance(pairs, list):
        yield Refused("no list of pairs where one was expected", shown(pairs))
        return
    for pair in pairs:
        yield plain((pair,)) if isinstance(pair, str) else Refused("no pair", shown(pair))


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    base, quote = said("pair").str.extract(LISTED, 1), said("pair").str.extract(LISTED, 2)
    symbol = "t" + said("pair")
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="bitfinex:" + symbol,
        venue=pl.lit("bitfinex"),
        symbol=symbol,
        quote=quote.replace(QUOTES),
        margin=told(Margin.LINEAR),
        is_perpetual=pl.lit(value=True),
        **coin_terms(base),
    ).with_columns(reason=first_reason((base.is_null(), "a pair of another pattern")))


def symbol_of(page: Page) -> str:
    """The symbol in ``…/deriv/tBTCF0:USTF0/hist`` or ``…/trade:1h:tBTCF0:USTF0/hist``."""
    return unquote(page.address.rstrip("/").split("/")[-2]).removeprefix("trade:1h:")


def states(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in arrays(body_of(page), INTEREST_AT):
        yield row if isinstance(row, Refused) else (symbol_of(page), *_picked(row))


def _picked(row: Any) -> tuple[Any, ...]:
    return tuple(row[place] if place < len(row) else None for place in STATE.values())


def settled(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """States of the hour behind a settlement; other hours settle nothing."""
    for row in states(page):
        if isinstance(row, Refused):
            yield row
            continue
        time, upcoming = row[1], row[4]
        if _ms(time) is None or _ms(upcoming) is None or _begins_a_period(time, upcoming):
            yield row


def _begins_a_period(time: FIELD, upcoming: FIELD) -> bool:
    since_ms = (_ms(time) or 0) - (_ms(upcoming) or 0) + EIGHT_HOURS_S * 1000
    return 0 <= since_ms < HOUR_MS


def _ms(text: FIELD) -> int | None:
    return int(text) if text and len(text) == 13 and text.isascii() and text.isdigit() else None


def of_market(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return with_market(rows, known, said("symbol")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said("time")),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
        reason=not_listed(),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    held = exact(said("interest"))
    return of_market(rows, known).with_columns(
        open_interest_coins=coins_of(held, pl.col("coins_per_base")),
        reason=pl.coalesce("reason", first_reason((held.is_null(), "no exact open interest"))),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """A rate stands at its settlement, eight hours before the next."""
    return of_market(rows, known).with_columns(
        time=instant_ms(said("next")) - pl.duration(seconds=EIGHT_HOURS_S, time_unit="ms"),
        interval_s=pl.lit(EIGHT_HOURS_S, dtype=pl.Int32),
        funding_rate=exact(said("rate")),
        reason=pl.coalesce(
            "reason", first_reason((instant_ms(said("time")).is_null(), "no time of its own"))
        ),
    )


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in arrays(body_of(page), 6):
        yield row if isinstance(row, Refused) else (symbol_of(page), *row)


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known).with_columns(
        **{name: exact(said(name)) for name in OCHL},
        kind=told(CandleKind.LAST),
        volume_coins=coins_of(exact(said("volume")), pl.col("coins_per_base")),
    )


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """States as pushed; some archives name the market at the end of the frame."""
    for frame in frames(page):
        match frame:
            case Refused():
                yield frame
            case {"event": str()} | [_, "hb"]:
                continue
            case [_, [str(), *_] as state, _, _, "status", str(pair)]:
                yield plain((f"t{pair}", *_picked(state)))
            case [_, [str(), *_] as state, *_]:
                yield plain((HEARD, *_picked(state)))
            case _:
                yield Refused("a frame that is no state", shown(frame))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    interest = exact(said("interest"))
    return with_market(rows, known, said("symbol")).with_columns(
        subject=pl.lit("*"),
        time=instant_ms(said("time")),
        last_price=exact(said("last")),
        index_price=exact(said("index")),
        mark_price=exact(said("mark")),
        open_interest=interest,
        open_interest_unit=pl.when(interest.is_not_null()).then(told(Unit.COINS)),
        open_interest_coins=coins_of(interest, pl.col("coins_per_base")),
        funding_rate=exact(said("rate")),
        reason=pl.coalesce(not_listed(said("symbol")), inexact(said("interest"), "interest")),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


STATES = ("symbol", *STATE)
PRICES = ("last", "index", "mark", "rate")

READERS = (
    Reader("bitfinex", "instruments", INSTRUMENTS, sampled(("pair",), listing, read_listing)),
    Reader("bitfinex", "status", OPEN_INTEREST, sampled(STATES, states, read_open_interest)),
    Reader("bitfinex", "status", FUNDING, sampled(STATES, settled, read_funding)),
    Reader(
        "bitfinex",
        "candles",
        CANDLES,
        sampled(("symbol", "time", *OCHL, "volume"), candles, read_candles, (*OCHL, "volume")),
    ),
    Reader(
        "bitfinex",
        "liq_global",
        TICKERS,
        sampled(STATES, tickers, read_tickers, PRICES),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "A candle is time, open, close, high, low, volume in the base.",
        "vendor's document, as mirrored in 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Of a state, place 2 is the last price, 3 the spot price, 7 the next settlement, 11 the "
        "present funding rate, 14 the mark, 17 the open interest in base coins.",
        "vendor's document, as mirrored in 2026-02; real frames of 2019 and 2020",
        Grade.VENDOR,
    ),
    Statement(
        "The rate of a settlement is the present rate in the first state behind it; settlements "
        "lie eight hours apart.",
        "vendor's document, as mirrored in 2026-02",
        Grade.DERIVED,
    ),
    Statement("Open interest counts one side.", "not said; open point", Grade.UNVERIFIED),
    Statement("UST is USDT in its symbols.", "its own naming, in many codes", Grade.THIRD_PARTY),
    Statement(
        "Bases are taken as they are spelled: where it shortens a coin's name, as IOT, the coin "
        "stands under that name.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A pushed state has no name of its market: one without is of the market that our own "
        "subscription asks for.",
        "real frames of 2019",
        Grade.OBSERVED,
    ),
)
