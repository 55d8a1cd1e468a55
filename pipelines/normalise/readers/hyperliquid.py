"""Hyperliquid: liquidations among the fills that nodes wrote down, listing, funding, candles.

Both sides of a forced fill carry the same `liquidation`: only the fill of the liquidated user is
an event, its counterparty's is passed over as any other fill is.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Shown, Unpack
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_ms,
    objects,
    plain,
    said,
    shown,
    told,
    unknown,
    word,
)
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LIQUIDATIONS, OPEN_INTEREST
from pipelines.tables.words import Adl, CandleKind, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, coins_of, exact

SINCE = date(2023, 5, 20)
HOUR_S = 3_600
QUOTE = "USDC"
POSITION = {"A": Position.LONG, "B": Position.SHORT}  # A sells, B buys
DIRECTION = {"Long": Position.LONG, "Short": Position.SHORT}
DIRECTIONS = r"^(?:Close|Liquidated(?: Isolated| Cross)?) (Long|Short)$"
METHODS = ("market", "backstop")
FILL = ("coin", "side", "dir", "px", "sz", "time", "tid")
LISTED = ("name", "isDelisted")
INTEREST = ("name", "openInterest")
RATES = ("coin", "fundingRate", "time")
OHLCV = ("o", "h", "l", "c", "v")
CANDLE = ("s", "i", "t", *OHLCV)


def markets(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Each market with how it stands and when that was asked: two lists, told by their places."""
    asked_ms = str(int(page.asked_at.timestamp() * 1000))
    terms, states = body_of(page)
    universe = terms["universe"]
    if len(universe) != len(states):
        yield Refused("as many markets as states were expected", shown(universe))
        return
    for market, state in zip(universe, states, strict=True):
        if not isinstance(market, dict) or not isinstance(state, dict):
            yield Refused("a market or its state is not an object", shown([market, state]))
        else:
            joined = state | market
            yield plain((*(joined.get(name) for name in names), asked_ms))


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    symbol = said("name")
    return listed(
        rows,
        source_symbol=symbol,
        instrument_id="hyperliquid:" + symbol,
        venue=pl.lit("hyperliquid"),
        symbol=symbol,
        quote=pl.lit(QUOTE),
        margin=told(Margin.LINEAR),
        is_perpetual=pl.lit(value=True),
        status=pl.concat_str(pl.lit("isDelisted="), said("isDelisted")),
        **coin_terms(symbol),
    )


def of_market(rows: pl.DataFrame, known: Known, symbol: str, time: str) -> pl.DataFrame:
    return with_market(rows, known, said(symbol)).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said(time)),
        reason=not_listed(),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    held = exact(said("openInterest"))
    return of_market(rows, known, "name", "asked_ms").with_columns(
        subject=pl.lit("*"),
        interval_s=pl.lit(0, dtype=pl.Int32),
        open_interest_coins=coins_of(held, pl.col("coins_per_base")),
        reason=pl.coalesce("reason", first_reason((held.is_null(), "no exact open interest"))),
    )


def rows_of(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page), names)


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "coin", "time").with_columns(
        funding_rate=exact(said("fundingRate"))
    )


def read_candles(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    prices = {
        name: exact(said(said_as))
        for name, said_as in zip(("open", "high", "low", "close"), OHLCV[:4], strict=True)
    }
    hourly = pl.when(said("i") == "1h").then(pl.lit(HOUR_S))
    return of_market(rows, known, "s", "t").with_columns(
        **prices,
        kind=told(CandleKind.LAST),
        volume_coins=coins_of(exact(said("v")), pl.col("coins_per_base")),
        reason=pl.coalesce("reason", unknown(said("i"), hourly, "interval")),
    )


def fills(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Forced fills of those who were liquidated; a line is one fill, or a block of several."""
    for line in frames(page):
        match line:
            case Refused():
                yield line
            case {"events": [*events]}:
                for event in events:
                    yield from _victims_fill(event)
            case [_, _]:
                yield from _victims_fill(line)
            case _:
                yield Refused("a line that is neither a fill nor a block of fills", shown(line))


def _victims_fill(event: object) -> Iterator[tuple[FIELD, ...] | Refused]:
    match event:
        case [str(user), {"liquidation": {"liquidatedUser": str(victim)} as forced_by, **fill}]:
            if user.lower() == victim.lower():
                found = (*(fill.get(name) for name in FILL), forced_by.get("method"))
                yield plain(found)
        case [str(_), {"liquidation": liquidation}] if liquidation is not None:
            yield Refused("a liquidation that does not say of whom", shown(event))
        case [str(_), {**_fill}]:
            return
        case _:
            yield Refused("a fill that is no pair of a user and a fill", shown(event))


def read_fills(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("coin")).with_columns(
        subject=pl.lit("*"), time=instant_ms(said("time"))
    )
    position = word(said("side"), POSITION, Position)
    closed = word(said("dir").str.extract(DIRECTIONS), DIRECTION, Position)
    method = pl.when(said("method").is_in(METHODS)).then(said("method"))
    return forced(
        found,
        known,
        size=exact(said("sz")),
        price=exact(said("px")),
        unit=Unit.COINS,
        price_kind=PriceKind.FILL,
    ).with_columns(
        identity=said("coin") + " " + said("tid"),
        position=position,
        reason=pl.coalesce(
            not_listed(said("coin")),
            unknown(said("side"), position, "side"),
            unknown(said("dir"), closed, "direction"),
            unknown(said("method"), method, "method"),
            first_reason(
                (position != closed, "its side and its direction tell different positions"),
                (said("tid").is_null(), "no tid that tells it from its repeat"),
            ),
            unsound(),
        ),
    )


SHOWN = Shown((PriceKind.FILL,), (Unit.COINS,), SideNames.ORDER, Adl.OUT)


def filled(since: date, evidence: str) -> Era:
    """Both shapes of a line are read in either era: which one an archive has is not verified."""
    return Era(
        since,
        Coverage.ALL,
        (*FILL, "method"),
        fills,
        read_fills,
        evidence=evidence,
        shown=SHOWN,
        grade=Grade.THIRD_PARTY,
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


READERS = (
    Reader(
        "hyperliquid",
        "instruments",
        INSTRUMENTS,
        sampled((*LISTED, "asked_ms"), partial(markets, names=LISTED), read_listing),
    ),
    Reader(
        "hyperliquid",
        "open_interest",
        OPEN_INTEREST,
        sampled((*INTEREST, "asked_ms"), partial(markets, names=INTEREST), read_open_interest),
    ),
    Reader(
        "hyperliquid",
        "funding",
        FUNDING,
        sampled(RATES, partial(rows_of, names=RATES), read_funding),
    ),
    Reader(
        "hyperliquid",
        "candles",
        CANDLES,
        sampled(CANDLE, partial(rows_of, names=CANDLE), read_candles, amounts=OHLCV),
    ),
    Reader(
        "hyperliquid",
        "node_fills",
        LIQUIDATIONS,
        (
            filled(date(2025, 5, 25), "Another project: node_fills has all fills of all users."),
            filled(date(2025, 7, 27), "Another project: node_fills_by_block has them since then."),
        ),
        is_captured=True,
    ),
)

STATEMENTS = (
    Statement(
        "`side` A sells and B buys; the fill of the liquidated user names the position in `dir`.",
        "vendor's document, with a fill of 2025-06-21, as mirrored in 2026-03",
        Grade.VENDOR,
    ),
    Statement(
        "Both users of a forced fill carry the same `liquidation`, so only the one whose fill names "
        "its own user counts.",
        "vendor's document, as mirrored in 2026-03",
        Grade.VENDOR,
    ),
    Statement("`sz` counts the base, `px` is the price of the fill.", "ibidem", Grade.VENDOR),
    Statement("Prices and notionals are in USDC.", "the fee token of the same fill", Grade.DERIVED),
    Statement(
        "A line of node_fills_by_block is a block with its fills in `events`, or a fill alone.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement("`tid` tells each fill of a user from any other.", "from memory", Grade.UNVERIFIED),
    Statement(
        "Auto-deleveraging stands apart, and not as a fill of the liquidated user with this mark.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement("Open interest counts one side, in coins.", "from memory", Grade.UNVERIFIED),
    Statement(
        "Other forms of `dir` than Close, Liquidated, Liquidated Isolated and Liquidated Cross may "
        "exist; they are refused.",
        "open point",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Funding is settled each hour; its stamp lies some milliseconds behind the hour.",
        "a row shown in the code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
)
