"""Claims as a file holds them, and windows over dollars by hand."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.claims.files import read_file
from pipelines.reconcile.claims.series import SERIES
from pipelines.reconcile.claims.windows import Windows

MONDAY = datetime(2022, 6, 13, tzinfo=UTC)
LISTS = "Binance,Bybit,OKX,HTX,Gate,Deribit,Bitfinex,BitMEX"  # eight venues


def rows_of(*rows):
    """What is read of a file with these rows."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return read_file(out.getvalue().encode())


@pytest.fixture(scope="session")
def read():
    return rows_of


@pytest.fixture(scope="session")
def claim():
    """One claim; the usual one is of 24 hours of both sides of the market."""

    def make(value, note="", **more):
        row = {"event_date_utc": "2022-06-13", "window": "24h", "side": "total"}
        (told,) = rows_of(row | {"value_usd": value, "note": note} | more)
        return told

    return make


@pytest.fixture(scope="session")
def held():
    """Windows over daily millions: ``source, venue, coin, side`` and what each day came to."""

    def make(*series, step=86_400, scope=LISTS, first=MONDAY):
        rows = [
            (*name, step, first + n * timedelta(seconds=step), Decimal(usd) * 10**6, 1, scope)
            for *name, amounts in series
            for n, usd in enumerate(amounts)
            if usd is not None
        ]
        return Windows(pl.DataFrame(rows, schema=SERIES, orient="row"))

    return make
