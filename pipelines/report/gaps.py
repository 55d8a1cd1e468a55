"""What is not there: days, hours, markets that were not asked, rows refused, faults found."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, counted

FINDINGS_SHOWN = 6
UNASKED_TRAIL = ("lake.instruments", "lake.open_interest")

Filters = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault found in a source: printed, blocking nothing."""

    name: str
    count: Number
    sentences: tuple[str, ...]

    @property
    def left_out(self) -> int:
        return max(0, len(self.sentences) - FINDINGS_SHOWN)


def coverage(rows: WeekRows) -> Sheet:
    """What was held of each dataset."""
    lines = []
    for row in sorted(rows.coverage.iter_rows(named=True), key=_by_source):
        lines.append(_coverage_line(rows, row))
    return Sheet(
        "coverage",
        "Days and hours held, by dataset",
        "Dataset",
        ("Days held", "Hours held", "Subjects incomplete"),
        tuple(lines),
        "source_coverage.csv",
        shown=80,
    )


def _coverage_line(rows: WeekRows, row: Row) -> Line:
    make = _maker(
        rows,
        "mart.source_coverage",
        row,
        ("source", "dataset"),
        ("lake.askings", "lake.listening"),
    )
    missing = (row["missing_days"] or "").replace(",", ", ").replace("  ", " ")
    days = make("days", row["days_held"], "days", "days held")
    hours = make("hours", row["hours_held"], "hours", "hours held", "not by hour")
    lacking = make("incomplete", row["subjects_incomplete"], "subjects", "subjects incomplete")
    return Line(
        f"{names.brand(row['source'])} · {row['dataset']}",
        (
            Cell(days, ((f"of {row['days_expected']}",),)),
            Cell(hours, ((f"of {row['hours_expected']}",),) if row["hours_expected"] else ()),
            Cell(lacking, ((f"of {row['subjects']}",),) if row["subjects"] is not None else ()),
        ),
        (*((f"missing {missing}",) if missing else ()), *_asked(row)),
    )


def missing_hours(rows: WeekRows) -> Sheet:
    """Stretches of hours that were not heard, the longest first."""
    lines = []
    longest_first = sorted(
        rows.missing_hours.iter_rows(named=True),
        key=lambda row: (-row["hours"], *_by_source(row), row["first_hour"]),
    )
    for row in longest_first:
        make = _maker(rows, "mart.missing_hours", row, ("source", "dataset"), ("lake.listening",))
        hours = make(f"{row['first_hour']:%Y%m%dT%H}", row["hours"], "hours", "hours missing")
        lines.append(
            Line(
                f"{names.brand(row['source'])} · {row['dataset']}",
                (Cell(_hour(row["first_hour"])), Cell(_hour(row["last_hour"])), Cell(hours)),
                ("nothing held" if row["is_whole"] else "some markets lack them",),
            )
        )
    return Sheet(
        "hours",
        "Hours missing",
        "Dataset",
        ("First hour, UTC", "Last hour, UTC", "Hours"),
        tuple(lines),
        "missing_hours.csv",
    )


def unasked(rows: WeekRows) -> Sheet:
    """The share of open interest for which no liquidations were asked."""
    lines = []
    for row in sorted(rows.unasked.iter_rows(named=True), key=_by_source):
        make = _maker(rows, "mart.unasked_open_interest", row, ("source",), UNASKED_TRAIL)
        unknown = partial(make, absent="not known")
        share = unknown("share", row["not_asked_pct"], "percent", "open interest not asked")
        listed = unknown("listed", row["open_interest_listed_usd"], "USD", "open interest listed")
        asked = unknown("asked", row["open_interest_asked_usd"], "USD", "open interest asked")
        count = unknown("markets", row["instruments_asked"], "markets", "markets asked")
        of = ((f"of {row['instruments_listed']:,}",),)
        lines.append(
            Line(
                names.brand(row["source"]),
                (Cell(share), Cell(asked, (("of", listed),)), Cell(count, of)),
                _unweighed(row),
            )
        )
    return Sheet(
        "unasked",
        "Open interest that was not asked",
        "Source",
        ("Not asked", "Open interest asked, USD", "Markets asked"),
        tuple(lines),
        "unasked_open_interest.csv",
        shown=40,
    )


def _unweighed(row: Row) -> tuple[str, ...]:
    count = row["instruments_unweighed"]
    return (f"{counted(count, 'market')} without open interest in dollars",) if count else ()


def quarantined(rows: WeekRows) -> Sheet:
    """Rows that could not be read without guessing."""
    lines, seen = [], dict[str, int]()
    # Many reasons name a symbol: the most frequent first.
    for row in rows.quarantined.sort("rows", descending=True, maintain_order=True).iter_rows(
        named=True
    ):
        keys = ("canonical", "source", "dataset", "reason")
        make = _maker(rows, "mart.quarantined", row, keys, ("lake.quarantine",))
        slug = re.sub(r"[^a-z0-9]+", "-", row["reason"].lower()).strip("-")[:40]
        place = key_of(row["canonical"], row["source"], row["dataset"], slug)
        seen[place] = seen.get(place, 0) + 1
        slug += f"-{seen[place]}" if seen[place] > 1 else ""
        count = make(slug, row["rows"], "rows", "rows refused")
        lines.append(
            Line(
                f"{names.brand(row['source'])} · {row['dataset']}",
                (Cell(row["reason"]), Cell(count)),
            )
        )
    return Sheet(
        "quarantined",
        "Rows refused, with the reason",
        "Dataset",
        ("Reason", "Rows"),
        tuple(lines),
        "quarantined.csv",
        shown=40,
    )


def findings(rows: WeekRows) -> tuple[Finding, ...]:
    """Faults by kind, with the sentences of the warehouse."""
    made = []
    for name, group in groupby(rows.findings.iter_rows(named=True), key=lambda row: row["finding"]):
        members = list(group)
        make = _maker(rows, "mart.findings", members[0], ("finding",), ())
        count = make("rows", len(members), "rows", "rows of this finding")
        made.append(Finding(name, count, tuple(row["sentence"] for row in members)))
    return tuple(made)


def _maker(
    rows: WeekRows, table: str, row: Row, keys: Sequence[str], lake: Sequence[str]
) -> Callable[..., Number]:
    """A function that makes numbers of one warehouse row, all with the same way back."""
    week, filters = rows.week, {name: row[name] for name in keys}
    stem = table.partition(".")[2]
    place = " · ".join(str(row[name]) for name in keys[:3])

    def make(
        part: str, value: int | float | None, unit: str, what: str, absent: str = "missing"
    ) -> Number:
        short = keys[:3] if stem == "quarantined" else keys
        return number(
            key_of(stem, *(row[name] for name in short), part),
            f"{place}: {what}",
            value,
            unit,
            Selection(table, {"week": week.name, **filters}, week.monday, week.sunday),
            tuple(Selection(name, filters, week.monday, week.sunday) for name in lake),
            absent=absent,
        )

    return make


def _asked(row: Row) -> tuple[str, ...]:
    if row["asked_first"] is None:
        return ("never asked",) if not row["days_held"] else ()
    first, last = _hour(row["asked_first"]), _hour(row["asked_last"])
    return (f"asked {first}" if first == last else f"asked {first} to {last}",)


def _hour(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}Z"


def _by_source(row: Row) -> tuple[tuple[int, str], str]:
    return names.source_order(row["source"]), row.get("dataset", "")
