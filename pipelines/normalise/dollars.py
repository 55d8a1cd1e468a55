"""From an amount of the quote to US dollars: by the dollar itself, by a rate held, or at par."""

from typing import Final

import polars as pl

from pipelines.normalise.eras import Known
from pipelines.normalise.fields import told
from pipelines.normalise.markets import AT_PAR, DOLLARS
from pipelines.tables import INSTANT
from pipelines.tables.words import Basis
from pipelines.units import notional

# The dataset whose candles say what a stable coin was worth, hour by hour.
RATES_SOURCE: Final = "kraken_spot"
RATES_DATASET: Final = "stable_candles"


def rates_of(candles: pl.DataFrame) -> pl.DataFrame:
    """Closes of hourly candles of stable coins against the dollar, as ``Known.rates``."""
    hourly = candles.filter(pl.col("interval_s") == 3600)
    return hourly.select(quote="coin", hour="time", rate="close").unique(
        ["quote", "hour"], keep="first", maintain_order=True
    )


def in_dollars(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Add ``notional_usd`` and ``usd_basis`` to rows with ``notional_quote``, ``quote``, ``time``.

    A stable coin is worth what its hour closed at, where that is held, else one dollar; a quote
    that is neither a dollar nor a stable coin gives none.
    """
    at = rows.with_columns(
        # an instant that could not be read falls into no hour
        hour=pl.col("time").dt.truncate("1h").cast(INSTANT) if rows.height else pl.col("time")
    ).join(known.rates, on=["quote", "hour"], how="left", maintain_order="left")
    is_dollar = pl.col("quote").is_in(list(DOLLARS))
    is_stable = pl.col("quote").is_in(list(AT_PAR))
    amount, rate = pl.col("notional_quote"), pl.col("rate")
    by_rate = notional(amount, rate)
    return at.with_columns(
        notional_usd=pl.when(is_dollar)
        .then(amount)
        .when(is_stable & rate.is_not_null())
        .then(by_rate)
        .when(is_stable)
        .then(amount),
        usd_basis=pl.when(is_dollar)
        .then(told(Basis.DOLLARS))
        .when(is_stable & rate.is_not_null())
        .then(told(Basis.RATE))
        .when(is_stable)
        .then(told(Basis.PAR)),
    ).drop("hour", "rate")
