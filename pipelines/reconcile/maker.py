"""What the reconcile stage makes of a week: a table, what it reads, and over which days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from pipelines.clock import iso
from pipelines.lake import Lake, Made, days_between
from pipelines.tables import Table
from pipelines.weeks import Week


def days_of(_: Lake, week: Week) -> list[date]:
    """The seven days of the week."""
    return days_between(week.monday, week.sunday)


@dataclass(frozen=True, slots=True)
class Maker:
    """How one table of a week is made from the lake.

    ``rows`` gives the whole week; its rows carry the Monday as ``time`` and are filed under it.
    ``span`` are the days of ``reads`` that it looks at, which become the inputs of what is written.
    """

    table: Table
    reads: tuple[Table, ...]
    rows: Callable[[Lake, Week], pl.DataFrame]
    span: Callable[[Lake, Week], Sequence[date]] = days_of

    def write(self, lake: Lake, week: Week, as_of: datetime) -> Made:
        """Make the week from the lake and write it there. Raises DamagedError."""
        rows = self.rows(lake, week)
        made = [lake.made(table, day) for table in self.reads for day in self.span(lake, week)]
        inputs = [one.sha256 for one in made if one is not None]
        return lake.write(self.table, week.monday, rows, as_of=iso(as_of), inputs=inputs)
