"""How much was liquidated on each UTC day, by source; a day that is not held stays a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Sheet
from pipelines.report.totals import POSITIONS, line_of
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Voice, days_of, trail_of
from pipelines.weeks import Week


@dataclass(frozen=True, slots=True)
class DaySum:
    """``value`` is None where none of ``series`` held the day."""

    value: Decimal | None
    held: int
    series: int


def by_day(rows: WeekRows, voice: Voice) -> Sheet:
    """Seven lines, whatever is held."""
    sums = _sums(rows.daily, voice)
    nothing = DaySum(None, 0, 0)
    lines = tuple(
        line_of(
            f"{day:%a} {day.isoformat()}",
            [_day(rows.week, voice, day, p, sums.get((day, p), nothing)) for p in POSITIONS],
        )
        for day in days_of(rows.week)
    )
    return Sheet(
        key_of("days", voice.id),
        voice.title,
        "UTC day",
        ("Longs, USD", "Shorts, USD"),
        lines,
        "daily_liquidations.csv",
    )


def _day(week: Week, voice: Voice, day: date, position: str, made: DaySum) -> Number:
    partial = 0 < made.held < made.series
    return number(
        key_of("day", voice.id, day.isoformat(), position),
        f"{voice.name}: {position}s liquidated on {day.isoformat()}",
        made.value,
        "USD",
        Selection(
            "mart.daily_liquidations",
            {"week": week.name, **voice.filters, "position": position},
            day,
            day,
        ),
        trail_of(voice.of(position), day, day),
        absent="no dollar figure" if made.held else "missing",
        missing_days=(day,) if made.held < made.series or not made.series else (),
        is_par=any(row["usd_basis"] == "par" for row in voice.of(position)),
        notes=(f"{made.held} of {made.series} series held",) if partial else (),
    )


def _sums(daily: pl.DataFrame, voice: Voice) -> dict[tuple[date, str], DaySum]:
    several = pl.col("venue") == names.SEVERAL
    mine = daily.filter(
        pl.col("source") == voice.source, several if voice.is_several else several.not_()
    )
    # A list, not a sum: Polars adds nothing up to zero, and missing is not zero.
    grouped = mine.group_by("day", "position").agg(
        pl.col("notional_usd").filter(pl.col("is_held")).alias("amounts"),
        pl.col("is_held").sum().alias("held"),
        pl.len().alias("series"),
    )
    return {
        (day, position): DaySum(figures.total(amounts), held, series)
        for day, position, amounts, held, series in grouped.iter_rows()
    }


def amounts(sheet: Sheet) -> Sequence[tuple[str, tuple[Number, Number]]]:
    """Each day with its longs and shorts, for the chart."""
    found = []
    for line in sheet.lines:
        long, short = (cell.main for cell in line.cells)
        assert isinstance(long, Number)
        assert isinstance(short, Number)
        found.append((line.head, (long, short)))
    return found
