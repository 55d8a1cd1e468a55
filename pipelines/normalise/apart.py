"""Answers taken apart: their rows as text, each with the number of its page."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from pipelines.normalise.eras import FIELD, Era, Reader, Refused
from pipelines.normalise.fields import ROW_SHOWN, shown
from pipelines.normalise.frames import NO_WITNESS, witnesses
from pipelines.raw import Page

REFUSED = pl.Schema(
    {"number": pl.Int32(), "day": pl.Date(), "reason": pl.String(), "row": pl.String()}
)
TOLD_BY = pl.Schema({"number": pl.Int32(), "asked_day": pl.Date(), "witness": pl.String()})


def taken_apart(
    reader: Reader, era: Era, pages: Sequence[Page]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every row of every page as text, with the number of its page; and what has no rows."""
    parts: list[pl.DataFrame] = []
    columns: list[list[FIELD]] = [[] for _ in era.columns]
    told_by: list[tuple[int, date, str]] = []
    counts: list[int] = []
    torn: list[tuple[int, None, str, str]] = []
    for witness, page in _told_by(reader, pages):
        told_by.append((page.number, page.asked_at.date(), witness))
        if era.at_once and (whole := era.at_once(page)) is not None:
            parts += [_as_frame(era, columns), _as_frame(era, whole)]
            columns = [[] for _ in era.columns]
            counts.append(whole.height)
            continue
        rows, refused = _rows_of(era, page)
        torn += [(page.number, None, one.reason, one.row) for one in refused]
        counts.append(len(rows))
        if rows:  # turned page by page: a million short tuples at once are slow to collect
            for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(values)
    said = pl.concat([*parts, _as_frame(era, columns)])
    by = pl.DataFrame(told_by, TOLD_BY, orient="row")[np.repeat(np.arange(len(counts)), counts)]
    text = said.hstack(by).with_row_index("at")
    return text, pl.DataFrame(torn, schema=REFUSED, orient="row")


def _as_frame(era: Era, columns: Iterable[Sequence[FIELD] | pl.Series]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            pl.Series(f"said_{name}", values, dtype=pl.String, strict=True)
            for name, values in zip(era.columns, columns, strict=True)
        ]
    )


def _told_by(reader: Reader, pages: Sequence[Page]) -> Iterator[tuple[str, Page]]:
    """Each page with who heard it; a capture is parted by the connections that it holds."""
    for page in pages:
        if reader.is_captured:
            yield from witnesses(page, reader.sound)
        else:
            yield NO_WITNESS, page


def _rows_of(era: Era, page: Page) -> tuple[list[tuple[FIELD, ...]], list[Refused]]:
    """The rows of one page, and what is refused: rows of it, or the rest of it."""
    rows: list[tuple[FIELD, ...]] = []
    refused: list[Refused] = []
    try:
        for row in era.unpack(page):
            if isinstance(row, tuple):
                rows.append(row)
            else:
                refused.append(row)
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # of another shape
        what = shown(page.body[:ROW_SHOWN].decode("utf-8", "replace"))
        refused.append(Refused(f"unreadable answer: {error}", what))
    return rows, refused
