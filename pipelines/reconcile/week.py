"""Everything that is reconciled of one ISO week, from the lake to the lake."""

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.lake import Lake, Made
from pipelines.reconcile.compare import compare_week
from pipelines.reconcile.estimate.make import estimate_rows
from pipelines.reconcile.gap.week import explain_week
from pipelines.reconcile.layers.make import layer_rows, refusal_rows
from pipelines.reconcile.layers.seen import READS as SEEN
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.views import daily_views
from pipelines.tables import COMPARISONS, ESTIMATES, GAPS, LAYERS, REFUSALS
from pipelines.weeks import Week


def _comparisons(lake: Lake, week: Week) -> pl.DataFrame:
    """Every pair of sources over the week."""
    return compare_week(daily_views(told_of(lake, week.monday, week.sunday)), week.monday)


def _gaps(lake: Lake, week: Week) -> pl.DataFrame:
    """Why each pair of sources differs over the week."""
    return explain_week(told_of(lake, week.monday, week.sunday), week)


# In the order in which they are made: one may read what another made before it.
MAKERS: Final = (
    Maker(COMPARISONS, READS, _comparisons),
    Maker(LAYERS, SEEN, layer_rows),
    Maker(REFUSALS, SEEN, refusal_rows),
    Maker(ESTIMATES, SEEN, estimate_rows),
    Maker(GAPS, READS, _gaps),
)


def write_week(lake: Lake, week: Week, as_of: datetime) -> list[Made]:
    """Make every table of the week, each filed under its Monday."""
    return [maker.write(lake, week, as_of) for maker in MAKERS]
