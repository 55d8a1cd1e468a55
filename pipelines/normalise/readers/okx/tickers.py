"""What OKX's socket says of a contract beside its liquidations; each channel says one thing.

Before v5 a message named a table instead of a channel, and spelled its fields otherwise.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import inexact, instant_iso, instant_ms, objects, said, shown, told
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.okx.forced import channel_of
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage, Unit
from pipelines.units import coins_of, exact

V3_SINCE, SINCE = date(2019, 8, 1), date(2021, 12, 22)
CHANNELS = ("open-interest", "funding-rate", "mark-price", "tickers")
NUMBERS = ("last", "markPx", "oi", "oiCcy", "oiUsd", "fundingRate")
COLUMNS = ("instId", "ts", *NUMBERS)
V3_TABLES = tuple(
    f"{kind}/{what}" for kind in ("swap", "futures") for what in ("ticker", "mark_price")
)
V3_NUMBERS = ("last", "mark_price", "open_interest")
V3_COLUMNS = ("instrument_id", "timestamp", *V3_NUMBERS)


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and frame.get("event") in ("subscribe", "unsubscribe"):
            continue
        elif channel_of(frame) not in CHANNELS:
            yield Refused("a frame of a channel that tells no ticker", shown(frame))
        else:
            yield from objects(frame.get("data"), COLUMNS)


def v3_tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif isinstance(frame, dict) and frame.get("event") in ("subscribe", "unsubscribe"):
            continue
        elif not isinstance(frame, dict) or frame.get("table") not in V3_TABLES:
            yield Refused("a frame of a table that tells no ticker", shown(frame))
        else:
            yield from objects(frame.get("data"), V3_COLUMNS)


def read_v3(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    held = exact(said("open_interest"))
    return with_market(rows, known, said("instrument_id")).with_columns(
        subject=pl.lit("*"),
        time=instant_iso(said("timestamp")),
        last_price=exact(said("last")),
        mark_price=exact(said("mark_price")),
        open_interest=held,
        open_interest_unit=pl.when(held.is_not_null()).then(told(Unit.CONTRACTS)),
        reason=not_listed(),
    )


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """An empty text is a field that has no value at the moment."""
    given = {f"said_{n}": pl.when(said(n) != "").then(said(n)) for n in NUMBERS}
    found = with_market(rows.with_columns(**given), known, said("instId"))
    held = exact(said("oi"))
    return found.with_columns(
        subject=pl.lit("*"),
        time=instant_ms(said("ts")),
        last_price=exact(said("last")),
        mark_price=exact(said("markPx")),
        open_interest=held,
        open_interest_unit=pl.when(held.is_not_null()).then(told(Unit.CONTRACTS)),
        open_interest_coins=coins_of(exact(said("oiCcy")), pl.col("coins_per_base")),
        open_interest_usd=exact(said("oiUsd")),
        funding_rate=exact(said("fundingRate")),
        reason=pl.coalesce(not_listed(), *(inexact(said(n), n) for n in NUMBERS)),
    )


READERS = (
    Reader(
        "okx",
        "liquidation_orders",
        TICKERS,
        (
            Era(
                V3_SINCE,
                Coverage.SAMPLED,
                V3_COLUMNS,
                v3_tickers,
                read_v3,
                amounts=V3_NUMBERS,
                evidence="Real frames of 2019 and 2020, as another project reads them.",
                grade=Grade.OBSERVED,
            ),
            Era(SINCE, Coverage.SAMPLED, COLUMNS, tickers, read_tickers),
        ),
        is_captured=True,
        sound=Sound.LIFE,
    ),
)

STATEMENTS = (
    Statement(
        "`oi` counts contracts, `oiCcy` coins, `oiUsd` dollars; the last is absent from old frames.",
        "vendor's document as of 2026-02, and frames of 2021-12-22",
        Grade.VENDOR,
    ),
    Statement(
        "`fundingRate` of the channel funding-rate is the rate of the interval that runs.",
        "vendor's document as of 2026-02; frames of 2026-08 have method current_period",
        Grade.VENDOR,
    ),
)
