"""What publishers changed after they had first told it: the triangle of a week, and each cell."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row

RELEASES: Final = ("T+1", "T+8", "T+35", "latest")
DAY_S: Final = 86_400
SHOWN: Final = 12
COUNTED: Final = ("equal", "restated", "appeared", "withdrawn")


def revisions(rows: WeekRows) -> Sheet:
    """Each publisher's buckets at each release against the first, where anybody had asked again."""
    asked_again = [row for row in rows.revisions.iter_rows(named=True) if row["cells_asked_again"]]
    lines = [_line(rows, row) for row in sorted(asked_again, key=_in_order)]
    return Sheet(
        "revisions",
        "How far sums had moved from their first release",
        "Dataset, release",
        (
            "Asked again",
            "Restated",
            "Appeared",
            "Withdrawn",
            "Mean revision, USD",
            "Mean log ratio",
        ),
        tuple(lines),
        "revisions.csv",
        shown=24,
        about="A cell is one bucket of one side. T+8 is what was known eight days after its UTC day "
        "was over. Appeared: not in the first answer about its day. Withdrawn: no longer in a later one.",
        held=rows.revisions.height,
    )


def _in_order(row: Row) -> tuple[object, ...]:
    return (
        names.source_order(row["source"]),
        row["dataset"],
        row["interval_s"],
        RELEASES.index(row["release"]),
    )


def _line(rows: WeekRows, row: Row) -> Line:
    make = partial(_number, rows, row)
    count = {
        what: make(what, row[f"cells_{what}"], "cells", f"cells {what}")
        for what in (*COUNTED, "asked_again")
    }
    usd = make("mean_usd", row["mean_revision_usd"], "USD", "mean revision")
    wide = make(
        "mean_absolute_usd", row["mean_absolute_revision_usd"], "USD", "mean absolute revision"
    )
    log = make("mean_log", row["mean_revision_log"], "log_ratio", "mean log ratio")
    far = make(
        "mean_absolute_log",
        row["mean_absolute_revision_log"],
        "log_ratio",
        "mean absolute log ratio",
    )
    return Line(
        f"{names.brand(row['source'])} · {row['dataset']} · {row['release']}",
        (
            Cell(count["asked_again"], ((f"of {row['cells']:,}",),)),
            Cell(count["restated"], (("equal", count["equal"]),)),
            Cell(count["appeared"]),
            Cell(count["withdrawn"]),
            Cell(usd, (("absolute", wide),)),
            Cell(log, (("absolute", far),)),
        ),
    )


def _number(
    rows: WeekRows, row: Row, part: str, value: float | None, unit: str, what: str
) -> Number:
    week = rows.week
    mine = {name: row[name] for name in ("source", "dataset", "interval_s", "release")}
    return number(
        key_of("revisions", *mine.values(), part),
        f"{names.brand(row['source'])} · {row['dataset']} · {row['release']}: {what}",
        value,
        unit,
        Selection("mart.revisions", {"week": week.name, **mine}, week.monday, week.sunday),
        tuple(_trail(rows, row)),
        absent="none told both times",
    )


def _trail(rows: WeekRows, row: Row) -> Iterator[Selection]:
    week = rows.week
    mine = {"source": row["source"], "interval_s": row["interval_s"]}
    yield Selection("lake.releases", mine, week.monday, week.sunday)


def revised(rows: WeekRows) -> Sheet:
    """Each bucket that the latest answer tells otherwise than the first, the largest first."""
    held = sorted(rows.revised.iter_rows(named=True), key=_by_size)
    return Sheet(
        "revised",
        "Figures that were restated, appeared or were withdrawn",
        "Bucket, UTC",
        ("What", "First told, USD", "Told last, USD"),
        tuple(_cell_line(rows, row) for row in held[:SHOWN]),
        "revised_cells.csv",
        shown=SHOWN,
        held=len(held),
    )


def _by_size(row: Row) -> tuple[object, ...]:
    told = [row[name] for name in ("first_usd", "latest_usd") if row[name] is not None]
    moved = abs(row["revision_usd"]) if row["revision_usd"] is not None else max(told, default=0)
    place = ("source", "dataset", "scope", "coin", "interval_s", "bucket", "position")
    return (-moved, *(row[name] for name in place))


def _cell_line(rows: WeekRows, row: Row) -> Line:
    named = ("source", "dataset", "scope", "coin", "interval_s", "position")
    stamp = f"{row['bucket']:%Y-%m-%d %H:%M}"
    where = {name: row[name] for name in named} | {"bucket": f"{stamp}:00"}
    day = row["bucket"].date()
    behind = {name: row[name] for name in ("source", "scope", "coin", "interval_s", "position")}
    behind |= {"time": f"{stamp}:00.000+00:00"}

    def make(end: str) -> Number:
        return number(
            key_of("revised", *(row[n] for n in named), f"{row['bucket']:%Y%m%dT%H%M}", end),
            f"{names.brand(row['source'])} · {row['coin']} {row['position']} · {stamp}: {end}",
            row[f"{end}_usd"],
            "USD",
            Selection("mart.revised_cells", {"week": rows.week.name, **where}, day, day),
            (Selection("lake.releases", behind, day, day),),
            absent="not told",
        )

    asked = {
        end: (f"asked {row[f'{end}_asked_at']:%Y-%m-%d %H:%M:%S}Z",) for end in ("first", "latest")
    }
    return Line(
        _span(row["bucket"], row["interval_s"]),
        (
            Cell(row["change"]),
            Cell(make("first"), (asked["first"],)),
            Cell(make("latest"), (asked["latest"],)),
        ),
        (f"{names.brand(row['source'])} · {row['coin']} {row['position']}", row["scope"]),
    )


def _span(start: datetime, seconds: int) -> str:
    """A day by its date; an hour by its ends, the last of a day ending at 24:00."""
    if seconds == DAY_S:
        return f"{start:%Y-%m-%d}"
    end = start + timedelta(seconds=seconds)
    until = f"{end:%H:%M}" if end.date() == start.date() else "24:00"
    return f"{start:%Y-%m-%d %H:%M} to {until}"
