"""Two feeds of one source that tell the same events: what they share, and what either lost."""

from functools import partial
from typing import Final

from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row

NO_ESTIMATE: Final = "no estimate"


def overlaps(rows: WeekRows) -> Sheet:
    """A line for each pair of feeds."""
    held = sorted(rows.overlap.iter_rows(named=True), key=_in_order)
    return Sheet(
        "overlap",
        "Events that two feeds of one source tell",
        "Feeds",
        (
            "In both",
            "Only the first",
            "Only the second",
            "Estimated events",
            "Lost, first",
            "Lost, second",
        ),
        tuple(_line(rows, row) for row in held),
        "feed_overlap.csv",
        shown=40,
        about="They are counted once. Only the minutes in which both listened are set side by side. "
        "The estimate (Chapman) is of what the source published; it says nothing of what it held back.",
    )


def _in_order(row: Row) -> tuple[object, ...]:
    return (names.source_order(row["source"]), row["dataset_a"], row["dataset_b"])


def _line(rows: WeekRows, row: Row) -> Line:
    make = partial(_number, rows, row)
    scored = make("matched_scored", "events", "events matched by score")
    estimated = make("events_estimated", "events", "events estimated")
    error = make("events_estimated_se", "events", "standard error of the estimate")
    deaf = {side: make(f"unheard_{side}", "events", f"not listening, feed {side}") for side in "ab"}
    return Line(
        f"{names.brand(row['source'])} · {row['dataset_a']} · {row['dataset_b']}",
        (
            Cell(make("matched_exactly", "events", "equal events"), (("by score", scored),)),
            Cell(make("only_a", "events", "only the first"), (("other deaf", deaf["b"]),)),
            Cell(make("only_b", "events", "only the second"), (("other deaf", deaf["a"]),)),
            Cell(estimated, (("standard error", error),)),
            Cell(make("lost_a_pct", "percent", "lost by the first")),
            Cell(make("lost_b_pct", "percent", "lost by the second")),
        ),
        (f"{row['market_days']:,} market days, {row['market_days_estimated']:,} with an estimate",),
    )


def _number(rows: WeekRows, row: Row, name: str, unit: str, what: str) -> Number:
    week = rows.week
    mine = {key: row[key] for key in ("source", "dataset_a", "dataset_b")}
    days = (week.monday, week.sunday)
    return number(
        key_of("overlap", *mine.values(), name),
        f"{names.brand(row['source'])} · {row['dataset_a']} · {row['dataset_b']}: {what}",
        row[name],
        unit,
        Selection("mart.feed_overlap", {"week": week.name, **mine}, *days),
        (
            Selection("lake.matches", mine, *days),
            Selection("lake.unmatched", {"source": row["source"]}, *days),
        ),
        absent=NO_ESTIMATE,
    )
