"""Why the engine refuses a row that its reader would take."""

import polars as pl

from pipelines.normalise.eras import Era, Reader
from pipelines.normalise.fields import inexact, said
from pipelines.tables.vocabulary import LINEAGE


def refusing(reader: Reader, era: Era, read: pl.DataFrame) -> list[pl.Expr]:
    """Reasons, each null where it does not hold: an unreadable amount, too late a day, no value."""
    unread = [inexact(said(name), name) for name in era.amounts]
    return [*unread, *_too_late(reader), *_without_a_value(reader, read)]


def _too_late(reader: Reader) -> list[pl.Expr]:
    """What is dated after a feed ended is of no regime that is known: it is not believed."""
    if reader.until is None:
        return []
    said_so = pl.lit(f"dated after {reader.until}, when this feed ended")
    return [pl.when(pl.col("day") > reader.until).then(said_so)]


def _without_a_value(reader: Reader, read: pl.DataFrame) -> list[pl.Expr]:
    lineage = {column.name for column in LINEAGE} | {"source", "nth"}
    needed = [n for n in reader.table.required if n not in lineage and n in read.columns]
    return [
        pl.when(pl.col(name).is_null()).then(pl.lit(f"no {name} that can be read"))
        for name in needed
    ]
