"""What Deribit's socket says of a future beside its trades."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import inexact, instant_ms, objects, said, shown, told
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.deribit.trades import channel_of
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage, Unit
from pipelines.units import Margin, coins_of, exact, inverse_coins, nearest

SINCE = date(2019, 8, 1)
PRICES = ("last_price", "mark_price", "index_price")
COLUMNS = ("instrument_name", "timestamp", *PRICES, "open_interest", "current_funding")


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and "id" in frame and "result" in frame:
            continue
        elif not channel_of(frame).startswith("ticker."):
            yield Refused("a frame that is not of a channel of tickers", shown(frame))
        else:
            yield from objects([frame["params"].get("data")], COLUMNS)


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = with_market(rows, known, said("instrument_name"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    held, mark = exact(said("open_interest")), exact(said("mark_price"))
    funding = nearest(said("current_funding"))
    given = pl.when(held.is_not_null())
    return found.with_columns(
        **{name: exact(said(name)) for name in PRICES},
        subject=pl.lit("*"),
        time=instant_ms(said("timestamp")),
        open_interest=held,
        open_interest_unit=given.then(
            pl.when(inverse).then(told(Unit.USD)).otherwise(told(Unit.COINS))
        ),
        open_interest_coins=pl.when(inverse)
        .then(inverse_coins(held, mark))
        .otherwise(coins_of(held, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(held),
        funding_rate=funding,
        reason=pl.coalesce(
            not_listed(said("instrument_name")),
            *(inexact(said(name), name) for name in (*PRICES, "open_interest")),
            pl.when(funding.is_null()).then(inexact(said("current_funding"), "current_funding")),
        ),
    )


READERS = (
    Reader(
        "deribit",
        "trades",
        TICKERS,
        (Era(SINCE, Coverage.SAMPLED, COLUMNS, tickers, read_tickers),),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "`open_interest` of a ticker counts as that of a book summary does.",
        "frames of 2019-08-01, of one inverse future",
        Grade.OBSERVED,
    ),
    Statement(
        "`current_funding` is the rate of this moment, for eight hours.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
)
