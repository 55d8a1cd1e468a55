"""Why two sources differ: each gap as a table of its causes, from the one figure to the other."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

import polars as pl

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, trail_of
from pipelines.tables.words import Cause, Position, Sides
from pipelines.weeks import Week

ALL_COINS = "all"
SHOWN = 4  # gaps; each has a picture
PLACES = ("coin", "sides", "source_a", "venue_a", "source_b", "venue_b")
HUNDRED = Decimal(100)
SHARE_PLACES = 6
NAMED = {cause.value: words for cause, words in names.CAUSES.items()}


def causes(rows: WeekRows) -> tuple[Sheet, ...]:
    """A sheet for each of the gaps shown: A, what parts it from B, and B."""
    gaps = rows.causes.filter(pl.col("coin") == ALL_COINS, pl.col("sides") == Sides.BOTH.value)
    pairs = [list(g) for _, g in groupby(gaps.iter_rows(named=True), key=_place)]
    by_sources: dict[tuple[str, str], Sequence[Row]] = {}
    for parts in sorted(pairs, key=_widest_first):
        first = parts[0]
        low, high = sorted((first["source_a"], first["source_b"]))
        by_sources.setdefault((low, high), parts)
    chosen = sorted(by_sources.values(), key=_most_shared)[:SHOWN]
    return tuple(_sheet(rows, nth, parts) for nth, parts in enumerate(chosen, start=1))


def _place(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in PLACES)


def _widest_first(parts: Sequence[Row]) -> tuple[int, tuple[str, ...]]:
    """All that a source tells before one venue of it."""
    several = [parts[0][f"venue_{x}"] == names.SEVERAL for x in "ab"]
    return -sum(several), _place(parts[0])


def _most_shared(parts: Sequence[Row]) -> tuple[Decimal, tuple[str, ...]]:
    return -min(parts[0]["a_usd"], parts[0]["b_usd"]), _place(parts[0])


def _sheet(rows: WeekRows, nth: int, parts: Sequence[Row]) -> Sheet:
    first = parts[0]
    a, b = (_speaker(first[f"source_{x}"], first[f"venue_{x}"]) for x in "ab")
    made = _Gap(rows, first, f"{a} less {b}")
    lines = [
        Line(a, (made.whole("a"), Cell("all that it holds of the week"))),
        *(made.line(row) for row in sorted(parts, key=_in_order)),
        Line(b, (made.whole("b"), Cell("all that it holds of the week"))),
    ]
    return Sheet(
        f"causes.{nth}",
        f"From {a} to {b}",
        "Cause",
        ("USD", "What it rests on"),
        tuple(lines),
        "gap_causes.csv",
        shown=len(Cause) + 2,
        held=rows.causes.height,
        about=(
            "First source less each part is the second source, to the cent. A part is the mean, "
            "over all orders of the causes, of what taking it out changes."
        ),
    )


def _speaker(source: str, venue: str) -> str:
    """A source by its name; by its venue too, where one venue of several is meant."""
    return names.brand(source) if venue == names.SEVERAL else names.place(source, venue)


def _in_order(row: Row) -> int:
    return list(NAMED).index(row["cause"])


class _Gap:
    """The numbers of one pair."""

    def __init__(self, rows: WeekRows, first: Row, label: str) -> None:
        self.week: Week = rows.week
        self.first = first
        self.label = label
        self.place = {name: first[name] for name in PLACES}
        self.behind = tuple(
            step
            for x in "ab"
            for position in Position
            for step in trail_of(
                _rows_of(rows, first[f"source_{x}"], first[f"venue_{x}"], position.value),
                rows.week.monday,
                rows.week.sunday,
            )
        )

    def whole(self, which: str) -> Cell:
        column = f"{which}_usd"
        return Cell(self._number(which, column, self.first, {}, "USD", "all that it holds"))

    def line(self, row: Row) -> Line:
        cause = row["cause"]
        part = self._number(cause, "part_usd", row, {"cause": cause}, "USD", NAMED[cause])
        gap = row["gap_usd"]
        share = None if not gap else figures.EXACT.divide(row["part_usd"] * HUNDRED, gap)
        of_gap = self._number(
            f"{cause}-share",
            None if share is None else round(share, SHARE_PLACES),
            row,
            {"cause": cause},
            "percent",
            f"{NAMED[cause]}, of the gap",
        )
        notes = ("estimated",) if row["is_estimated"] else ()
        beneath = ((of_gap, "of the gap"),)
        return Line(NAMED[cause], (Cell(part, beneath), Cell(row["evidence"])), notes)

    def _number(
        self,
        part: str,
        column: str | Decimal | None,
        row: Row,
        more: dict[str, str],
        unit: str,
        what: str,
    ) -> Number:
        filters = {**self.place, **more}
        week = self.week
        return number(
            key_of("cause", *self.place.values(), part),
            f"{self.label}: {what}",
            row[column] if isinstance(column, str) else column,
            unit,
            Selection("mart.gap_causes", {"week": week.name, **filters}, week.monday, week.sunday),
            (Selection("lake.gaps", filters, week.monday, week.monday), *self.behind),
            absent="no gap",
        )


def _rows_of(rows: WeekRows, source: str, venue: str, position: str) -> list[Row]:
    """The weekly rows of one side; ``several`` are all venues where no sum is published."""
    mine = rows.liquidations.filter(
        pl.col("source") == source, pl.col("position") == position, pl.col("series") != "hourly"
    )
    one = mine.filter(pl.col("venue") == venue)
    chosen = mine if one.is_empty() and venue == names.SEVERAL else one
    return list(chosen.iter_rows(named=True))
