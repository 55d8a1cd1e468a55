"""Instants as numbers of hours and minutes: truncating times with a zone costs more than a scan."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
MINUTES: Final = 60
ALL_MINUTES: Final = (1 << MINUTES) - 1
_EPOCH: Final = date(1970, 1, 1).toordinal()


def milliseconds(name: str = "time") -> pl.Expr:
    """Since the epoch."""
    return pl.col(name).dt.epoch("ms")


def hour_of(name: str = "time") -> pl.Expr:
    """Hours since the epoch, as ``hour``."""
    return (milliseconds(name) // HOUR_MS).cast(pl.Int32).alias("hour")


def as_instant(hour: str = "hour") -> pl.Expr:
    """The beginning of an hour, as an instant."""
    ms = pl.col(hour).cast(pl.Int64) * HOUR_MS
    return pl.from_epoch(ms, time_unit="ms").dt.replace_time_zone("UTC").alias(hour)


def hours_between(first: date, last: date) -> Sequence[int]:
    """Numbers of the hours of the UTC days from ``first`` to ``last``."""
    return range((first.toordinal() - _EPOCH) * 24, (last.toordinal() - _EPOCH + 1) * 24)
