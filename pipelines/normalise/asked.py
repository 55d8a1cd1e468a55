"""Tables about the asking itself: what was asked for each day, and when captures listened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.extract.asking import Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.normalise.frames import heard
from pipelines.normalise.resting import Files, files_of, together
from pipelines.raw import Page, Raw
from pipelines.sources import SOURCES
from pipelines.tables import ASKINGS, LISTENING
from pipelines.tables.words import Coverage

HOUR = timedelta(hours=1)


def askings(raw: Raw, first: date, last: date, as_of: datetime) -> tuple[pl.DataFrame, Files]:
    """The latest asking, complete or not, about each subject and UTC day of every dataset; and the
    index files that say so.
    """
    in_reach = (
        pl.col("kept_at") <= as_of,
        pl.col("first_day") <= last,
        pl.col("last_day") >= first,
    )
    told = [
        raw.index(source, dataset)
        .filter(in_reach)
        .with_columns(source=pl.lit(source), dataset=pl.lit(dataset), file=pl.lit(""))
        for source, dataset in raw.datasets()
    ]
    if not told:
        return ASKINGS.empty(), {}
    days = pl.date_ranges(
        pl.max_horizontal("first_day", pl.lit(first)), pl.min_horizontal("last_day", pl.lit(last))
    )
    spread = (
        pl.concat(told).with_columns(day=days).explode("day", empty_as_null=True, keep_nulls=True)
    )
    indexes = spread.group_by("source", "dataset", maintain_order=True)
    files = [files_of(str(source), str(dataset), rows) for (source, dataset), rows in indexes]
    return _latest(spread), together(files)


def _latest(spread: pl.DataFrame) -> pl.DataFrame:
    """Of each subject and day of a dataset the latest complete asking, else the latest of all."""
    subject = ("source", "dataset", "subject", "day")
    complete = pl.col("asking").filter(pl.col("is_complete")).max().over(subject)
    best = pl.coalesce(complete, pl.col("asking").max().over(subject))
    return (
        spread.filter(pl.col("asking") == best)
        .group_by(subject, maintain_order=True)
        .agg(
            pl.col("is_complete").all(),
            pl.col("outcome").first(),
            pl.len().cast(pl.UInt32).alias("answers"),
            pl.col("size").sum().alias("bytes"),
            pl.col("asked_at").max(),
        )
        .select(
            source="source",
            dataset="dataset",
            subject="subject",
            time=pl.col("day").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            is_complete="is_complete",
            outcome="outcome",
            answers="answers",
            bytes="bytes",
            asked_at="asked_at",
        )
    )


def listening(raw: Raw, first: date, last: date, as_of: datetime) -> tuple[pl.DataFrame, Files]:
    """24 rows for each captured day: minutes heard and frames of every hour; and the captures."""
    rows: list[dict[str, object]] = []
    files: list[Files] = []
    for dataset in CATALOGUE.values():
        if dataset.kept is not Kept.CAPTURE:
            continue
        chosen = raw.chosen(dataset.source, dataset.name, first, last, as_of)
        files.append(files_of(dataset.source, dataset.name, chosen))
        pages = {page.number: page for page in raw.pages(dataset.source, dataset.name, chosen)}
        for day, numbers in chosen.group_by("day", maintain_order=True):
            of_day = [pages[n] for n in numbers["number"].unique().sort()]
            rows += _hours(dataset.source, dataset.name, day[0], of_day)
    return pl.DataFrame(rows, schema=LISTENING.schema), together(files)


def _hours(source: str, dataset: str, day: date, pages: Sequence[Page]) -> list[dict[str, object]]:
    sounds = [(page, heard(page)) for page in pages]
    midnight = datetime.combine(day, datetime.min.time()).replace(tzinfo=pages[0].asked_at.tzinfo)
    made = []
    for hour in (midnight + n * HOUR for n in range(24)):
        minutes = set().union(*(sound.minutes.get(hour, set()) for _, sound in sounds))
        made.append(
            {
                "source": source,
                "venue": SOURCES[source].of_venue,
                "dataset": dataset,
                "time": hour,
                "minutes_heard": len(minutes),
                "minutes_mask": sum(1 << minute for minute in minutes),
                "frames": sum(sound.frames[hour] for _, sound in sounds),
                "feed": f"{source}/{dataset}",
                "coverage": Coverage.SAMPLED,
                "asked_at": pages[0].asked_at,
                "answer": pages[0].sha256,
            }
        )
    return made
