"""Everything that is reconciled of one ISO week, from the lake to the lake."""

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.lake import Lake, Made
from pipelines.reconcile.agree import agreements, contract_sizes
from pipelines.reconcile.claims import weekly
from pipelines.reconcile.closes import closes, day_boundaries
from pipelines.reconcile.compare import compare_week
from pipelines.reconcile.estimate.make import estimate_rows
from pipelines.reconcile.gap.week import explain_week
from pipelines.reconcile.hours import hourly, hours_of, printed_days
from pipelines.reconcile.layers.make import layer_rows, refusal_rows
from pipelines.reconcile.layers.seen import READS as SEEN
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.matching.feeds import matched_week
from pipelines.reconcile.revisions import triangle
from pipelines.reconcile.seasons import days_of_season, stretches
from pipelines.reconcile.shares import share_break_rows
from pipelines.reconcile.told import READS, told_of
from pipelines.reconcile.views import daily_views
from pipelines.reconcile.volumes import volume_checks
from pipelines.tables import (
    AGREEMENTS,
    CANDLES,
    CLAIMS,
    COMPARISONS,
    DAY_BOUNDARIES,
    ESTIMATES,
    GAPS,
    LAYERS,
    MATCHES,
    REFUSALS,
    RELEASES,
    REVISIONS,
    SHARE_BREAKS,
    UNMATCHED,
    VERDICTS,
    VOLUME_CHECKS,
)
from pipelines.weeks import Week


def _comparisons(lake: Lake, week: Week) -> pl.DataFrame:
    """Every pair of sources over the week."""
    return compare_week(daily_views(told_of(lake, week.monday, week.sunday)), week.monday)


def _gaps(lake: Lake, week: Week) -> pl.DataFrame:
    """Why each pair of sources differs over the week."""
    return explain_week(told_of(lake, week.monday, week.sunday), week)


def _agreements(lake: Lake, week: Week) -> pl.DataFrame:
    """Every pair of sources over the season, read a week at a time."""
    held = [told_of(lake, first, last) for first, last in stretches(week)]
    told = [one for one in held if one.spoken.height or one.totals.height]
    if not told:
        return AGREEMENTS.empty()
    views = pl.concat([daily_views(one) for one in told])
    by_hour = pl.concat([hourly(one) for one in told])
    printed = pl.concat([printed_days(one) for one in told])
    contracts = pl.concat([contract_sizes(one.instruments) for one in told])
    return agreements(views, hours_of(by_hour, views, printed), contracts, week.monday)


def _day_boundaries(lake: Lake, week: Week) -> pl.DataFrame:
    """Closes of the season; candles of a minute are many, so that they are read a day at a time."""
    held = [closes(lake.read(CANDLES, day, day)) for day in days_of_season(lake, week)]
    return day_boundaries(pl.concat(held), week.monday)


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
    Maker(GAPS, READS, _gaps),
    Maker(AGREEMENTS, READS, _agreements, days_of_season),
    Maker(DAY_BOUNDARIES, (CANDLES,), _day_boundaries, days_of_season),
    Maker(REVISIONS, (RELEASES,), _revisions),
    Maker(MATCHES, READS, _matches),
    Maker(UNMATCHED, READS, _unmatched),
    Maker(VERDICTS, (CLAIMS, *READS), weekly.verdicts, weekly.days_of),
    Maker(SHARE_BREAKS, (CLAIMS,), share_break_rows),
    Maker(LAYERS, SEEN, layer_rows),
    Maker(REFUSALS, SEEN, refusal_rows),
    Maker(ESTIMATES, SEEN, estimate_rows),
    Maker(VOLUME_CHECKS, SEEN, volume_checks),
)


def write_week(lake: Lake, week: Week, as_of: datetime) -> list[Made]:
    """Make every table of the week, each filed under its Monday."""
    return [maker.write(lake, week, as_of) for maker in MAKERS]
