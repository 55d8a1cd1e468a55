"""Bybit's tickers beside the liquidations. A delta tells only what changed, and is read as that.

Before v5 numbers came as integers with a power of ten in their name (`mark_price_e4`), in one of
two spellings, sometimes beside the plain number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused
from pipelines.normalise.fields import instant_ms, plain, said, shown, told
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed
from pipelines.normalise.readers.bybit.frames import of_symbol
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage, Unit
from pipelines.units import Margin, coins_of, exact, quotient

COLUMNS = ("symbol", "time", "last", "mark", "index", "interest", "single", "rate")
VALUES = COLUMNS[2:]
Spellings = tuple[tuple[str, str], ...]  # name of a field and the power of ten behind its number


@dataclass(frozen=True, slots=True)
class Shape:
    """How a topic spells what it tells, the first spelling that is there being taken."""

    topic: str
    time: Spellings  # of the frame, in ms when the power is applied
    values: dict[str, Spellings]


def _spelled(snake: str, camel: str, power: int) -> Spellings:
    plain_ones = ((snake, ""), (camel, ""))
    return (*plain_ones, (f"{snake}_e{power}", f"E-{power}"), (f"{camel}E{power}", f"E-{power}"))


BEFORE_V5 = Shape(
    "instrument_info",
    (("timestamp_e6", "E-3"), ("timestampE6", "E-3")),
    {
        "last": _spelled("last_price", "lastPrice", 4),
        "mark": _spelled("mark_price", "markPrice", 4),
        "index": _spelled("index_price", "indexPrice", 4),
        "interest": _spelled("open_interest", "openInterest", 8),
        "rate": _spelled("funding_rate", "fundingRate", 6),
    },
)
V5 = Shape(
    "tickers",
    (("ts", ""),),
    {
        "last": (("lastPrice", ""),),
        "mark": (("markPrice", ""),),
        "index": (("indexPrice", ""),),
        "interest": (("openInterest", ""),),
        "single": (("singleOpenInterest", ""),),
        "rate": (("fundingRate", ""),),
    },
)


def tickers(page: Page, shape: Shape) -> Iterator[tuple[FIELD, ...] | Refused]:
    """A row for each market of a message; one that tells nothing of ours has none."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and "op" in frame:
            continue
        elif (
            not isinstance(frame, dict) or str(frame.get("topic")).partition(".")[0] != shape.topic
        ):
            yield Refused(f"a frame that is not of the topic {shape.topic}", shown(frame))
        else:
            yield from _of_message(frame, shape)


def _of_message(frame: dict[str, Any], shape: Shape) -> Iterator[tuple[FIELD, ...] | Refused]:
    for market in _markets(frame.get("data")):
        if not isinstance(market, dict):
            yield Refused("a ticker that is not an object", shown(market))
            continue
        values = [_value(market, shape.values.get(name, ())) for name in VALUES]
        if any(value is not None for value in values):
            time = _whole_ms(_value(frame, shape.time))
            yield plain((market.get("symbol"), time, *values))


def _markets(data: Any) -> Sequence[Any]:
    """The old deltas list the markets that changed."""
    if isinstance(data, dict) and isinstance(data.get("update"), list):
        changed: list[Any] = data["update"]
        return changed
    return [data]


def _value(told: dict[str, Any], spellings: Spellings) -> Any:
    """A number as text; nothing is written as an empty text, as for the funding of dated ones."""
    for name, power in spellings:
        value = told.get(name)
        if value is not None and value != "":
            return f"{value}{power}" if power and isinstance(value, str) else value
    return None


def _whole_ms(time: Any) -> Any:
    """Microseconds cut to the millisecond."""
    return time.removesuffix("E-3")[:-3] if isinstance(time, str) and time.endswith("E-3") else time


def read_tickers(rows: pl.DataFrame, known: Known, *, adds_sides: bool) -> pl.DataFrame:
    """``adds_sides``: open interest is the sum of both, and one side its half."""
    found = of_symbol(rows, known, "symbol")
    inverse = pl.col("margin") == Margin.INVERSE.value
    printed = exact(said("interest"))
    single = pl.coalesce(exact(said("single")), quotient(printed, 2))
    one_side = single if adds_sides else exact(pl.lit(None, dtype=pl.String))
    return found.with_columns(
        time=instant_ms(said("time")),
        last_price=exact(said("last")),
        mark_price=exact(said("mark")),
        index_price=exact(said("index")),
        open_interest=printed,
        open_interest_unit=pl.when(printed.is_not_null()).then(
            pl.when(inverse).then(told(Unit.USD)).otherwise(told(Unit.COINS))
        ),
        open_interest_coins=pl.when(~inverse).then(coins_of(one_side, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(one_side),
        funding_rate=exact(said("rate")),
        reason=not_listed(said("symbol")),
    )


def _era(since: date, shape: Shape, read: Read, evidence: str) -> Era:
    return Era(
        since,
        Coverage.SAMPLED,
        COLUMNS,
        partial(tickers, shape=shape),
        read,
        amounts=VALUES,
        evidence=evidence,
        grade=Grade.OBSERVED,
    )


ERAS = (
    _era(
        date(2019, 9, 1),
        BEFORE_V5,
        partial(read_tickers, adds_sides=False),
        "Real frames of 2019 to 2022; whether both sides are added was not said then.",
    ),
    _era(
        date(2023, 4, 5),
        V5,
        partial(read_tickers, adds_sides=True),
        "Real frames of 2023-04-05; sides as in the document of open interest.",
    ),
)
READERS = tuple(
    Reader("bybit", dataset, TICKERS, ERAS, is_captured=True, sound=Sound.LIFE)
    for dataset in ("all_liquidation", "all_liquidation_inverse")
)

STATEMENTS = (
    Statement(
        "`_e4` and its like are powers of ten: 1906500 in `last_price_e4` is 190.65.",
        "real frames of 2019 to 2022 beside another project's reading of them",
        Grade.OBSERVED,
    ),
)
