"""Binance frames beside the forced orders: mark prices, last prices, and open interest.

Frames of open interest were made by a collector from REST; those of USD-M had no time in them, and
stand at their receipt.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import instant_iso, instant_ms, plain, said, shown, told
from pipelines.normalise.frames import timed_frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage, Unit
from pipelines.units import Margin, coins_of, exact, usd_of_contracts

COLUMNS = ("symbol", "time", "last", "mark", "index", "interest", "rate")
VALUES = COLUMNS[2:]
MARK_PRICE = {"symbol": "s", "time": "E", "mark": "p", "index": "i", "rate": "r"}
DAY_TICKER = {"symbol": "s", "time": "E", "last": "c"}
INTEREST = {"symbol": "symbol", "time": "time", "interest": "openInterest"}


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """One row a message; the reply to a subscription has none."""
    for received_at, frame in timed_frames(page):
        message = frame.get("data", frame) if isinstance(frame, dict) else frame
        if isinstance(message, Refused):
            yield message
        elif isinstance(message, dict) and "result" in message:
            continue
        elif (names := _names_of(message)) is None:
            yield Refused("a frame that is no ticker", shown(message))
        else:
            yield _told(message, names, received_at)


def _names_of(message: Any) -> Mapping[str, str] | None:
    if not isinstance(message, dict):
        return None
    match message.get("e"):
        case "markPriceUpdate":
            return MARK_PRICE
        case "24hrTicker":
            return DAY_TICKER
    return INTEREST if "openInterest" in message else None


def _told(
    message: dict[str, Any], names: Mapping[str, str], received_at: FIELD
) -> tuple[FIELD, ...]:
    """A dated contract has no funding: its rate is empty, or zero with no time to come."""
    told = {name: message.get(field) for name, field in names.items()}
    if told.get("rate") == "" or message.get("T") in (0, "0"):
        told["rate"] = None
    undated = names is INTEREST and told["time"] is None
    return (*plain(tuple(told.get(name) for name in COLUMNS)), received_at if undated else None)


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("symbol")).with_columns(subject=pl.lit("*"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    interest = exact(said("interest"))
    return found.with_columns(
        time=pl.coalesce(instant_ms(said("time")), instant_iso(said("received_at"))),
        last_price=exact(said("last")),
        mark_price=exact(said("mark")),
        index_price=exact(said("index")),
        open_interest=interest,
        open_interest_unit=pl.when(interest.is_not_null()).then(
            pl.when(inverse).then(told(Unit.CONTRACTS)).otherwise(told(Unit.COINS))
        ),
        open_interest_coins=pl.when(~inverse).then(coins_of(interest, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(
            usd_of_contracts(interest, pl.col("contract_size"))
        ),
        funding_rate=exact(said("rate")),
        reason=not_listed(said("symbol")),
    )


ERAS = (
    Era(
        date(2019, 9, 8),
        Coverage.SAMPLED,
        (*COLUMNS, "received_at"),
        tickers,
        read_tickers,
        amounts=VALUES,
        evidence="Real frames of 2019 to 2021.",
        grade=Grade.OBSERVED,
    ),
)
READERS = (
    Reader(
        "binance",
        "force_orders",
        TICKERS,
        ERAS,
        is_captured=True,
        sound=Sound.LIFE,
        listings=("binance_coin_m",),
    ),
)

STATEMENTS = (
    Statement(
        "`r` of a mark price is the funding rate; a dated contract has it empty, or zero and T=0.",
        "real frames of 2020 and 2021",
        Grade.OBSERVED,
    ),
    Statement(
        "`openInterest` counts base coins of USD-M and contracts of COIN-M.",
        "ccxt 4.5.90, fetch_open_interest",
        Grade.OBSERVED,
    ),
)
