"""Bitget tickers from captured frames, in the names of the older socket and of the newer one."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import instant_ms, plain, said, shown, told
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage, Unit
from pipelines.units import coins_of, exact

SINCE = date(2021, 1, 1)
VALUES = ("last", "mark", "index", "interest", "rate")
COLUMNS = ("product", "symbol", "time", *VALUES)
SHARED = {"mark": "markPrice", "index": "indexPrice", "rate": "fundingRate"}
OLDER = {"last": "lastPr", "interest": "holdingAmount"} | SHARED
NEWER = {"last": "lastPrice", "interest": "openInterest"} | SHARED


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """One row an element; the newer socket names the symbol and the time once, outside of it."""
    for frame in frames(page):
        match frame:
            case Refused():
                yield frame
            case {"event": str()}:
                continue
            case {"arg": {"topic": "ticker", "instType": str(product), **arg}, "data": [*rows]}:
                for row in rows:
                    yield _told(row, (product, arg.get("symbol"), frame.get("ts")), NEWER)
            case {"arg": {"channel": "ticker", "instType": str(product), **arg}, "data": [*rows]}:
                for row in rows:
                    yield _told(row, (product, arg.get("instId"), frame.get("ts")), OLDER)
            case _:
                yield Refused("a frame that is no ticker", shown(frame))


def _told(
    row: object, about: tuple[str, object, object], names: Mapping[str, str]
) -> tuple[FIELD, ...] | Refused:
    if not isinstance(row, dict):
        return Refused("a row that is not an object", shown(row))
    product, symbol, time = about
    values = (row.get(names[name]) for name in VALUES)
    found = (None if value == "" else value for value in values)
    return plain((product.upper(), symbol, row.get("ts", time), *found))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    interest = exact(said("interest"))
    return with_market(rows, known, said("product") + ":" + said("symbol")).with_columns(
        time=instant_ms(said("time")),
        last_price=exact(said("last")),
        mark_price=exact(said("mark")),
        index_price=exact(said("index")),
        open_interest=interest,
        open_interest_unit=pl.when(interest.is_not_null()).then(told(Unit.COINS)),
        open_interest_coins=coins_of(interest, pl.col("coins_per_base")),
        funding_rate=exact(said("rate")),
        reason=not_listed(),
        subject=pl.lit("*"),
    )


READERS = (
    Reader(
        "bitget",
        "liquidation",
        TICKERS,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                COLUMNS,
                tickers,
                read_tickers,
                amounts=VALUES,
                evidence="Real frames of 2024-10-31 and 2026-04-28.",
                grade=Grade.OBSERVED,
            ),
        ),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "`holdingAmount` of the older tickers and `openInterest` of the newer ones are the same: "
        "open interest in base coins.",
        "real frames of 2024-10-31 and 2026-04-28, as another project reads them",
        Grade.OBSERVED,
    ),
)
