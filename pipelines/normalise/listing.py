"""A source's listing: the latest complete one that was kept stands for every day."""

from datetime import datetime

import polars as pl

from pipelines.normalise.engine import Rows, read_pages
from pipelines.normalise.eras import Known, Reader
from pipelines.raw import Raw
from pipelines.tables import INSTRUMENTS, QUARANTINE


def listing(raw: Raw, reader: Reader, as_of: datetime) -> Rows:
    """The instruments of one source as known at ``as_of``; ``time`` is the day of the asking."""
    held = raw.held(reader.source, reader.dataset, as_of)
    latest = held.filter(pl.col("asking") == pl.col("asking").max())
    if latest.is_empty():
        return Rows(INSTRUMENTS.empty(), QUARANTINE.empty(), {})
    day = latest["asked_at"].dt.date()[0]
    number = pl.struct("sha256", "file", "address", "params").rank("dense") - 1
    chosen = latest.with_columns(day=pl.col("asked_at").dt.date(), number=number.cast(pl.Int32))
    known = Known(INSTRUMENTS.empty())
    return read_pages(raw, reader, chosen, known, (day, chosen["day"].max() or day))  # type: ignore[arg-type]
