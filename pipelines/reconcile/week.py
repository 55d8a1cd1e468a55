"""The comparisons of one ISO week, from the lake to the lake."""

from datetime import datetime

from pipelines.clock import iso
from pipelines.lake import Lake, Made, days_between
from pipelines.reconcile.compare import compare_week
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.views import daily_views
from pipelines.tables import COMPARISONS
from pipelines.weeks import Week


def write_week(lake: Lake, week: Week, as_of: datetime) -> Made:
    """Compare every pair of sources over the week; filed under its Monday."""
    told = told_of(lake, week.monday, week.sunday)
    rows = compare_week(daily_views(told), week.monday)
    made = [
        lake.made(table, day) for table in READS for day in days_between(week.monday, week.sunday)
    ]
    inputs = [one.sha256 for one in made if one is not None]
    return lake.write(COMPARISONS, week.monday, rows, as_of=iso(as_of), inputs=inputs)
