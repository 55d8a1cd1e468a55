"""Kept answers in, rows and quarantined rows out, whatever the source. Nothing is dropped:
rows in are rows out plus rows refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.normalise.absent import left_out
from pipelines.normalise.apart import REFUSED, taken_apart
from pipelines.normalise.eras import Era, Known, Reader
from pipelines.normalise.fields import ROW_SHOWN
from pipelines.normalise.refusing import refusing
from pipelines.normalise.resting import Files, files_of
from pipelines.raw import Page, Raw
from pipelines.tables import QUARANTINE, Column
from pipelines.tables.words import Coverage


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
    text, torn = taken_apart(reader, era, pages)
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
    good, bad = _parted(era, ours)
    whole = left_out(era, good, read, chosen, known, first, last)
    return whole, pl.concat([torn, bad])


def _parted(era: Era, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows without a reason, and those that are refused for one."""
    if rows["reason"].null_count() == rows.height:
        return rows, pl.DataFrame(schema=REFUSED)
    refused = rows.filter(pl.col("reason").is_not_null())
    bad = refused.select("number", "day", "reason", row=_as_text(era))
    return rows.filter(pl.col("reason").is_null()), bad


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


def _asked_for(rows: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Rows that their own page was chosen to tell; an older answer about that day is silent.
    What its own question was not about is refused, not passed over.
    """
    told = chosen.select("subject", "day", "number").unique()
    if _are_all(rows, told):
        return rows
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


def _are_all(rows: pl.DataFrame, told: pl.DataFrame) -> bool:
    """Whether each row is of a subject and a day that its page was chosen for, as it mostly is."""
    subjects = told["subject"].unique()
    return (len(subjects) == 1 or "*" not in subjects) and rows.join(
        told, on=told.columns, how="anti"
    ).is_empty()


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
    rows = good.join(about, on="number", how="left", maintain_order="left").with_columns(
        source=pl.lit(reader.source)
    )
    if "nth" in reader.table.schema:
        rows = rows.with_columns(_nth_at_place(rows))
    return rows.select(_shaped(column, rows) for column in reader.table.columns)


def _nth_at_place(rows: pl.DataFrame) -> pl.Series:
    """How many events of the same instrument and instant stand before each. One sort of numbers
    costs a quarter of a window over so many small groups.
    """
    numbers = rows.select(
        pl.col("instrument_id").cast(pl.Categorical).to_physical().cast(pl.Int64),
        pl.col("time").to_physical(),
    ).fill_null(-1)
    instrument, time = (column.to_numpy() for column in numbers)
    order = np.lexsort((time, instrument))
    begins = np.ones(rows.height, dtype=bool)
    begins[1:] = (np.diff(instrument[order]) != 0) | (np.diff(time[order]) != 0)
    at = np.arange(rows.height)
    nth = np.empty(rows.height, dtype=np.uint32)
    nth[order] = at - np.maximum.accumulate(np.where(begins, at, 0))
    return pl.Series("nth", nth)


def _shaped(column: Column, rows: pl.DataFrame) -> pl.Expr:
    if column.name not in rows.columns:
        return pl.lit(None, dtype=column.dtype).alias(column.name)
    return pl.col(column.name).cast(column.dtype)


def _filed(reader: Reader, bad: pl.DataFrame, about: pl.DataFrame, first: date) -> pl.DataFrame:
    """Refused rows under a day: their own, else the first day that the question was about."""
    if bad.is_empty():
        return QUARANTINE.empty()
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
