"""Binance COIN-M frames of its own socket, until both markets were merged on 2026-06-30."""

from dataclasses import replace
from datetime import date

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import Era, Reader
from pipelines.normalise.readers.binance.frames import COLUMNS, SHOWN, forced_orders, read_forced
from pipelines.normalise.readers.binance.tickers import ERAS
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS, TICKERS
from pipelines.tables.words import Coverage, Unit

LAST_DAY = date(2026, 6, 29)
IN_CONTRACTS = replace(SHOWN, size=(Unit.CONTRACTS,))

READERS = (
    Reader(
        "binance_coin_m",
        "force_orders",
        LIQUIDATIONS,
        (
            Era(
                date(2020, 8, 10),
                Coverage.UNKNOWN,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Before the change of 2021-04-27; no document of that time was read.",
                shown=IN_CONTRACTS,
            ),
            Era(
                date(2021, 4, 27),
                Coverage.ONE_OF_SECOND,
                COLUMNS,
                forced_orders,
                read_forced,
                evidence="Vendor text on COIN-M: the latest order per symbol and 1000 ms.",
                shown=IN_CONTRACTS,
                grade=Grade.VENDOR,
            ),
        ),
        is_captured=True,
        until=LAST_DAY,
        told_first_by="bulk_liquidations",
    ),
    Reader(
        "binance_coin_m",
        "force_orders",
        TICKERS,
        ERAS,
        is_captured=True,
        sound=Sound.LIFE,
        until=LAST_DAY,
    ),
)

STATEMENTS = (
    Statement(
        "`z` counts contracts, so that dollars are contracts times their size, whatever the price.",
        "another project's correction of 2026-10-30; arithmetic on the listing",
        Grade.DERIVED,
    ),
)
