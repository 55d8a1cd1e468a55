"""CoinGlass's lists of the past hours: sums over windows that ended when they were asked for."""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Known, Reader, Refused
from pipelines.normalise.fields import first_reason, instant_ms, objects, said, told, unknown, word
from pipelines.normalise.markets import coin_terms
from pipelines.normalise.readers.coinglass.terms import (
    POSITION,
    SEVERAL,
    SINCE,
    data_of,
    one,
)
from pipelines.normalise.venues import venue_of
from pipelines.raw import Page
from pipelines.statements import Grade
from pipelines.tables import ROLLING_TOTALS
from pipelines.tables.words import Basis, Position
from pipelines.units import exact

WINDOWS = {"1h": 3_600, "4h": 14_400, "12h": 43_200, "24h": 86_400}
EVERY_VENUE = "All"
COLUMNS = ("what", "window", "side", "usd", "asked_ms")
SIDES = ("long", "short")


def asked_ms(page: Page) -> str:
    """The answer carries no time of its own."""
    return str(int(page.asked_at.timestamp() * 1000))


def of_coins(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Eight rows a coin: both sides of four windows."""
    places = [(window, side) for window in WINDOWS for side in SIDES]
    names = ("symbol", *(f"{side}_liquidation_usd_{window}" for window, side in places))
    for row in objects(data_of(page), names):
        if isinstance(row, Refused):
            yield row
            continue
        symbol, *dollars = row
        for (window, side), usd in zip(places, dollars, strict=True):
            yield symbol, window, side, usd, asked_ms(page)


def of_venues(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Two rows a venue; the window is the question's."""
    names = ("exchange", *(f"{side}_liquidation_usd" for side in SIDES))
    for row in objects(data_of(page), names):
        if isinstance(row, Refused):
            yield row
            continue
        exchange, *dollars = row
        for side, usd in zip(SIDES, dollars, strict=True):
            yield exchange, page.params.get("range"), side, usd, asked_ms(page)


def read_window(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("usd"))
    window = said("window").replace_strict(WINDOWS, default=None, return_dtype=pl.Int32)
    return rows.with_columns(
        subject=pl.lit("*"),
        time=instant_ms(said("asked_ms")),
        window_s=window,
        position=word(said("side"), POSITION, Position),
        notional_usd=usd,
        usd_basis=told(Basis.PUBLISHED),
        reason=pl.coalesce(
            unknown(said("window"), window, "window"),
            first_reason(
                (usd.is_null(), "dollars that are no exact number"),
                ((usd < 0).fill_null(value=False), "negative dollars"),
            ),
        ),
    )


def read_coins(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """PEPE, 1000PEPE and kPEPE are lines of their own, since venues name their contracts so: the
    scope tells them apart.
    """
    return read_window(rows, known).with_columns(
        venue=pl.lit(SEVERAL),
        coin=coin_terms(said("what"))["coin"],
        scope=said("what") + pl.lit(": venues chosen by CoinGlass"),
    )


def read_venues(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Of all coins together, which is no coin: `several` stands for it, as it does for venues."""
    every = said("what") == EVERY_VENUE
    return read_window(rows, known).with_columns(
        venue=pl.when(every).then(pl.lit(SEVERAL)).otherwise(venue_of(said("what"))),
        coin=pl.lit(SEVERAL),
        scope=said("what") + pl.lit(": all coins"),
    )


rolling = partial(one, SINCE, COLUMNS, grade=Grade.VENDOR)
EVIDENCE = "Vendor's documentation of 2026-01: position sides, windows that end now."

READERS = (
    Reader(
        "coinglass",
        "coin_list",
        ROLLING_TOTALS,
        (rolling(of_coins, read_coins, evidence=EVIDENCE),),
    ),
    Reader(
        "coinglass",
        "exchange_list",
        ROLLING_TOTALS,
        (rolling(of_venues, read_venues, evidence=EVIDENCE),),
    ),
)
