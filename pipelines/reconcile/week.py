"""Everything that is reconciled of one ISO week, from the lake to the lake."""

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.lake import Lake, Made
from pipelines.reconcile.compare import compare_week
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.matching.feeds import matched_week
from pipelines.reconcile.revisions import triangle
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.views import daily_views
from pipelines.tables import COMPARISONS, MATCHES, RELEASES, REVISIONS, UNMATCHED
from pipelines.weeks import Week


def _comparisons(lake: Lake, week: Week) -> pl.DataFrame:
    """Every pair of sources over the week."""
    return compare_week(daily_views(told_of(lake, week.monday, week.sunday)), week.monday)


def _revisions(lake: Lake, week: Week) -> pl.DataFrame:
    """Every sum of a publisher, at its first release and later."""
    return triangle(lake.read(RELEASES, week.monday, week.sunday), week.monday)


def _matches(lake: Lake, week: Week) -> pl.DataFrame:
    """Feeds that tell the same events, set side by side."""
    return matched_week(lake, week).matches


def _unmatched(lake: Lake, week: Week) -> pl.DataFrame:
    """What only one of them told."""
    return matched_week(lake, week).unmatched


# In the order in which they are made: one may read what another made before it.
MAKERS: Final = (
    Maker(COMPARISONS, READS, _comparisons),
    Maker(REVISIONS, (RELEASES,), _revisions),
    Maker(MATCHES, READS, _matches),
    Maker(UNMATCHED, READS, _unmatched),
)


def write_week(lake: Lake, week: Week, as_of: datetime) -> list[Made]:
    """Make every table of the week, each filed under its Monday."""
    return [maker.write(lake, week, as_of) for maker in MAKERS]
