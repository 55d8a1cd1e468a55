"""Kept answers in, rows and quarantined rows out, whatever the source. Nothing is dropped:
rows in are rows out plus rows refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.normalise.absent import left_out
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import ROW_SHOWN, shown
from pipelines.normalise.frames import NO_WITNESS, witnesses
from pipelines.normalise.refusing import refusing
from pipelines.normalise.resting import Files, files_of
from pipelines.raw import Page, Raw
from pipelines.tables import QUARANTINE, Column
from pipelines.tables.words import Coverage

REFUSED = pl.Schema(
    {"number": pl.Int32(), "day": pl.Date(), "reason": pl.String(), "row": pl.String()}
)
TOLD_BY = pl.Schema({"number": pl.Int32(), "asked_day": pl.Date(), "witness": pl.String()})


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of a dataset over some days: canonical rows, refused rows, and the evidence."""

    rows: pl.DataFrame
    refused: pl.DataFrame
    inputs: Files  # raw files by the UTC day that rests on them


def normalise(
    raw: Raw, reader: Reader, first: date, last: date, as_of: datetime, known: Known
) -> Rows:
    """The canonical rows of every UTC day from ``first`` to ``last``, as known at ``as_of``."""
    until = last + timedelta(days=1) if reader.is_captured else last
    chosen = raw.chosen(reader.source, reader.dataset, first, until, as_of)
    if reader.is_captured:  # the file of a day may begin with events of the evening before
        evening = chosen.with_columns(day=pl.col("day").dt.offset_by("-1d"))
        chosen = pl.concat([chosen, evening]).filter(pl.col("day").is_between(first, last))
    return read_pages(raw, reader, chosen, known, (first, last))


def read_pages(
    raw: Raw,
    reader: Reader,
    chosen: pl.DataFrame,
    known: Known,
    days: tuple[date, date],
    *,
    as_asked: bool = True,
) -> Rows:
    """The canonical rows that the chosen answers tell about the days, both ends included.

    ``as_asked`` False also takes what no question was about, for an answer of which none is known.
    """
    first, last = days
    pages = list(raw.pages(reader.source, reader.dataset, chosen))
    parts = [
        _stretch(reader, era, pages, chosen, known, (from_day, to_day), as_asked)
        for era, from_day, to_day in reader.stretches(first, last)
    ]
    about = pl.DataFrame(
        [(p.number, p.asked_at, p.sha256, p.subject, p.first_day) for p in pages],
        schema={
            "number": pl.Int32(),
            "asked_at": pl.Datetime("us", "UTC"),
            "answer": pl.String(),
            "asked_subject": pl.String(),
            "asked_first": pl.Date(),
        },
        orient="row",
    )
    rows = pl.concat([reader.table.empty(), *(_finished(reader, good, about) for good, _ in parts)])
    bad = pl.concat([pl.DataFrame(schema=REFUSED), *(refused for _, refused in parts)])
    return Rows(
        rows, _filed(reader, bad, about, first), files_of(reader.source, reader.dataset, chosen)
    )


def _stretch(
    reader: Reader,
    era: Era,
    pages: Sequence[Page],
    chosen: pl.DataFrame,
    known: Known,
    days: tuple[date, date],
    as_asked: bool,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    first, last = days
    text, torn = _taken_apart(reader, era, pages)
    read = era.read(text, known).with_columns(
        day=pl.col(reader.table.time).dt.date(),
        feed=pl.lit(reader.feed(era)),
        coverage=pl.lit(era.coverage, dtype=pl.Enum(Coverage)),
    )
    read = read.with_columns(reason=pl.coalesce("reason", *refusing(reader, era, read)))
    timed = read.filter(pl.col("day").is_between(first, last) | pl.col("day").is_null())
    told = _asked_for(timed, chosen) if as_asked else timed
    asked_for = _heard_once(reader, era, told.sort("at"))
    ours = _repeats_refused(reader, asked_for)
    refused = ours.filter(pl.col("reason").is_not_null())
    bad = refused.select("number", "day", "reason", row=_as_text(era))
    good = ours.filter(pl.col("reason").is_null())
    whole = left_out(era, good, read, chosen, known, first, last)
    return whole, pl.concat([torn, bad])


def _repeats_refused(reader: Reader, rows: pl.DataFrame) -> pl.DataFrame:
    """A key may stand once. Events have no key but the identity that a venue gives, if it does."""
    key = [n for n in reader.table.key if n in rows.columns and n != "nth"]
    if "nth" in reader.table.schema:
        if "identity" not in rows.columns:
            return rows
        key = ["identity"]
    sound = pl.col("reason").is_null()
    again = sound & ~pl.struct(sound.alias("sound"), *key).is_first_distinct()
    return rows.with_columns(
        reason=pl.when(again).then(pl.lit("a second row for the same key")).otherwise("reason")
    )


def _heard_once(reader: Reader, era: Era, rows: pl.DataFrame) -> pl.DataFrame:
    """An event that several connections heard is one event; equal ones on one connection are not.

    Each connection is a witness. Of events that are equal to the digit there are as many as the
    witness heard that heard the most of them; so two archives merge, and what a venue tells again
    after a new connection does not count twice.
    """
    if not reader.is_captured or rows["witness"].n_unique() < 2:
        return rows
    told = [f"said_{name}" for name in era.columns]
    nth = pl.int_range(pl.len()).over("witness", *told)
    return (
        rows.with_columns(_nth=nth)
        .unique([*told, "_nth"], keep="first", maintain_order=True)
        .drop("_nth")
    )


def _taken_apart(
    reader: Reader, era: Era, pages: Sequence[Page]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every row of every page as text, with the number of its page; and what has no rows."""
    columns: list[list[FIELD]] = [[] for _ in era.columns]
    told_by: list[tuple[int, date, str]] = []
    counts: list[int] = []
    torn: list[tuple[int, None, str, str]] = []
    for witness, page in _told_by(reader, pages):
        rows, refused = _rows_of(era, page)
        torn += [(page.number, None, one.reason, one.row) for one in refused]
        told_by.append((page.number, page.asked_at.date(), witness))
        counts.append(len(rows))
        if rows:  # turned page by page: a million short tuples at once are slow to collect
            for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(values)
    series = [
        pl.Series(f"said_{name}", values, dtype=pl.String, strict=True)
        for name, values in zip(era.columns, columns, strict=True)
    ]
    by = pl.DataFrame(told_by, TOLD_BY, orient="row")[np.repeat(np.arange(len(counts)), counts)]
    text = pl.DataFrame([*series, *by])
    return text.with_row_index("at"), pl.DataFrame(torn, schema=REFUSED, orient="row")


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
            if isinstance(row, Refused):
                refused.append(row)
            else:
                rows.append(row)
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # of another shape
        what = shown(page.body[:ROW_SHOWN].decode("utf-8", "replace"))
        refused.append(Refused(f"unreadable answer: {error}", what))
    return rows, refused


def _asked_for(rows: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Rows that their own page was chosen to tell; an older answer about that day is silent.
    What its own question was not about is refused, not passed over.
    """
    told = chosen.select("subject", "day", "number").unique()
    everything = told.filter(pl.col("subject") == "*").select("day", "number")
    by_subject = rows.filter(pl.col("subject") != "*").join(
        told, on=["subject", "day", "number"], how="semi"
    )
    by_day = rows.join(everything, on=["day", "number"], how="semi")
    undated = rows.filter(pl.col("day").is_null())
    subjects = pl.lit(pl.Series([*told["subject"].unique(), "*"])).implode()
    known = pl.col("subject").is_in(subjects).fill_null(value=False)
    dated = pl.col("day").is_not_null()
    strange = pl.concat(
        [rows.filter(dated, ~known), _strays(rows.filter(dated, known), chosen, everything)]
    )
    refused = strange.with_columns(
        reason=pl.coalesce(
            "reason",
            pl.concat_str(
                pl.lit("'"), pl.col("subject").fill_null("null"), pl.lit("' was not asked for")
            ),
        )
    )
    return pl.concat([by_subject, by_day, undated, refused])


def _strays(rows: pl.DataFrame, chosen: pl.DataFrame, everything: pl.DataFrame) -> pl.DataFrame:
    """Rows about what another answer was chosen to tell, and no later one: had their own question
    been about it, it would be told by their own answer.
    """
    asked = chosen if "asking" in chosen.columns else chosen.with_columns(asking=pl.lit(0))
    foreign = rows.filter(~pl.col("number").is_in(everything["number"].implode())).join(
        asked, on=["number", "subject"], how="anti"
    )
    if foreign.is_empty():
        return foreign
    own = asked.group_by("number").agg(_own=pl.col("asking").max())
    other = asked.group_by("subject", "day").agg(_other=pl.col("asking").max())
    return (
        foreign.join(own, on="number", how="left", maintain_order="left")
        .join(other, on=["subject", "day"], how="left", maintain_order="left")
        .filter(pl.col("_other") <= pl.col("_own"))
        .drop("_own", "_other")
    )


def _as_text(era: Era) -> pl.Expr:
    said = [
        pl.concat_str(pl.lit(f"{n}="), pl.col(f"said_{n}").fill_null("null")) for n in era.columns
    ]
    return pl.concat_str(said, separator=" ").str.slice(0, ROW_SHOWN)


def _finished(reader: Reader, good: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """The rows in the shape of the table; events of one instrument and instant are numbered."""
    rows = good.join(about, on="number", how="left").with_columns(source=pl.lit(reader.source))
    if "nth" in reader.table.schema:
        place = ["instrument_id", "time"]  # of one source
        rows = rows.with_columns(nth=pl.int_range(pl.len(), dtype=pl.UInt32).over(place))
    return rows.select(_shaped(column, rows) for column in reader.table.columns)


def _shaped(column: Column, rows: pl.DataFrame) -> pl.Expr:
    if column.name not in rows.columns:
        return pl.lit(None, dtype=column.dtype).alias(column.name)
    return pl.col(column.name).cast(column.dtype)


def _filed(reader: Reader, bad: pl.DataFrame, about: pl.DataFrame, first: date) -> pl.DataFrame:
    """Refused rows under a day: their own, else the first day that the question was about."""
    filed = bad.join(about, on="number", how="left").with_columns(
        day=pl.coalesce("day", pl.max_horizontal("asked_first", pl.lit(first)))
    )
    return filed.select(
        canonical=pl.lit(reader.table.name),
        source=pl.lit(reader.source),
        dataset=pl.lit(reader.dataset),
        time=pl.col("day").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
        nth=pl.int_range(pl.len(), dtype=pl.UInt32).over("answer"),
        reason="reason",
        row="row",
        answer="answer",
    ).cast(QUARANTINE.schema)
