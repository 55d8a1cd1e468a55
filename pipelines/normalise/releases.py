"""What every asking told of a publisher's sums: one row for each bucket, side and asking.

Coins become dollars at the close that is known now, whichever asking told the coins: what differs
between two rows is what the publisher said of liquidations, not of prices.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import polars as pl

from pipelines.normalise.engine import read_pages
from pipelines.normalise.eras import Known, Reader
from pipelines.normalise.registry import readers_of
from pipelines.normalise.resting import Files, files_of, together
from pipelines.raw import Raw, numbered
from pipelines.tables import LIQUIDATION_TOTALS, RELEASES, Column

RELEASED: Final = LIQUIDATION_TOTALS  # the table whose rows are kept asking by asking
EVERYTHING = "*"
SUBJECT = Column("subject", pl.String(), "What was asked for.")
TOLD = replace(RELEASED, columns=(*RELEASED.columns, SUBJECT))
CELL = (
    "source", "venue", "coin", "instrument_id", "scope", "time", "interval_s", "position", "feed",
)  # fmt: skip
ASKED_OF = ["subject", "day", "asking"]
Explained = Callable[[Reader], tuple[Known, Files]]


def releases(
    raw: Raw, explained: Explained, first: date, last: date, as_of: datetime
) -> tuple[pl.DataFrame, Files]:
    """Rows of RELEASES for the days, both included, from the answers kept by ``as_of``; and the
    raw files behind them. ``explained`` gives what a reader looks up. Raises DamagedError.
    """
    made, files = [RELEASES.empty()], list[Files]()
    for reader in readers_of(RELEASED):
        every = raw.every(reader.source, reader.dataset, first, last, as_of)
        if every.is_empty():
            continue
        known, terms = explained(reader)
        asked_about = every["day"].unique()
        files.append(files_of(reader.source, reader.dataset, every))
        files.append({day: terms[day] for day in asked_about if day in terms})
        made.append(side_by_side(_told(raw, reader, every, known, (first, last)), _asked(every)))
    return pl.concat(made), together(files)


def _told(
    raw: Raw, reader: Reader, every: pl.DataFrame, known: Known, days: tuple[date, date]
) -> pl.DataFrame:
    """The rows of each asking by itself, with its ``asking`` and ``day``."""
    ours = replace(reader, table=TOLD)
    parts = [TOLD.empty().with_columns(asking=pl.lit(None, dtype=pl.String))]
    for (asking,), rows in every.sort("asking").group_by("asking", maintain_order=True):
        told = read_pages(raw, ours, numbered(rows), known, days)
        parts.append(told.rows.with_columns(asking=pl.lit(str(asking))))
    return pl.concat(parts).with_columns(day=pl.col("time").dt.date())


def _asked(every: pl.DataFrame) -> pl.DataFrame:
    """Each asking about a subject and day, with its last answer's instant and first answer."""
    return (
        every.sort("page", "sha256")
        .group_by(ASKED_OF)
        .agg(pl.col("asked_at").max(), pl.col("sha256").first().alias("answer"))
    )


def side_by_side(told: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Every cell that any asking told, beside every asking about its subject and day.

    An asking that told the day under another scope was another question, and lacks nothing. Only
    buckets that were over when they were asked about count. ``told`` has TOLD's columns with
    ``asking`` and ``day``, ``asked`` those of ``_asked``; gives RELEASES.
    """
    cells = told.select(*CELL, "subject", "day").unique()
    by_name = cells.join(asked, on=["subject", "day"])
    of_all = asked.filter(pl.col("subject") == EVERYTHING).drop("subject")
    beside = pl.concat([by_name, cells.join(of_all, on="day").select(by_name.columns)])
    spoken = told.select(*ASKED_OF).unique()
    same_scope = told.select(*ASKED_OF, "scope").unique()
    elsewhere = spoken.join(same_scope, on=ASKED_OF).rename({"scope": "other"})
    of_another = (
        beside.join(elsewhere, on=ASKED_OF)
        .group_by(*ASKED_OF, "scope")
        .agg(is_ours=(pl.col("other") == pl.col("scope")).any())
        .filter(~pl.col("is_ours"))
    )
    said = told.select(
        *CELL, "subject", "asking", "size_coins", "notional_usd",
        is_told=pl.lit(value=True), told_at="asked_at", told_by="answer",
    )  # fmt: skip
    place = [*CELL, "subject", "asking"]
    return (
        beside.join(of_another, on=[*ASKED_OF, "scope"], how="anti")
        .join(said, on=place, how="left", nulls_equal=True)
        .with_columns(
            pl.col("is_told").fill_null(value=False),
            asked_at=pl.coalesce("told_at", "asked_at"),
            answer=pl.coalesce("told_by", "answer"),
            asking=pl.col("asking").str.to_datetime(
                "%Y-%m-%dT%H:%M:%S%.6fZ", time_unit="us", time_zone="UTC"
            ),
        )
        .filter(pl.col("asked_at") >= pl.col("time") + pl.duration(seconds="interval_s"))
        .select(RELEASES.schema.names())
        .cast(RELEASES.schema)
    )
