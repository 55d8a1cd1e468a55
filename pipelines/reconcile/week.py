"""Everything that is reconciled of one ISO week, from the lake to the lake."""

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.lake import Lake, Made
from pipelines.reconcile.claims import weekly
from pipelines.reconcile.compare import compare_week
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.views import daily_views
from pipelines.tables import CLAIMS, COMPARISONS, VERDICTS
from pipelines.weeks import Week


def _comparisons(lake: Lake, week: Week) -> pl.DataFrame:
    """Every pair of sources over the week."""
    return compare_week(daily_views(told_of(lake, week.monday, week.sunday)), week.monday)


# In the order in which they are made: one may read what another made before it.
MAKERS: Final = (
    Maker(COMPARISONS, READS, _comparisons),
    Maker(VERDICTS, (CLAIMS, *READS), weekly.verdicts, weekly.days_of),
)


def write_week(lake: Lake, week: Week, as_of: datetime) -> list[Made]:
    """Make every table of the week, each filed under its Monday."""
    return [maker.write(lake, week, as_of) for maker in MAKERS]
