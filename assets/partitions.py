"""The two clocks: every fact has a UTC day, every report an ISO week."""

from collections.abc import Mapping
from datetime import date

import dagster as dg
from pipelines.sources import SOURCES
from pipelines.weeks import Week

# Thirty-one days a run: a month costs one run's overhead, and a failing run costs one month.
BY_MONTH = dg.BackfillPolicy.multi_run(31)


def days_since(first: date) -> dg.DailyPartitionsDefinition:
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), timezone="UTC", end_offset=0)


OF_SOURCE: Mapping[str, dg.DailyPartitionsDefinition] = {
    source.id: days_since(source.since) for source in SOURCES.values()
}
DAILY = days_since(min(source.since for source in SOURCES.values()))
# The ISO week begins on Monday; a partition is offered when its week is over.
WEEKLY = dg.WeeklyPartitionsDefinition(start_date="2019-09-02", day_offset=1, timezone="UTC")


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """The UTC days of this run, ascending."""
    return [date.fromisoformat(key) for key in context.partition_keys]


def week_of(context: dg.AssetExecutionContext) -> Week:
    return Week(date.fromisoformat(context.partition_key))
