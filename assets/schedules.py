"""When: sources after their day is over, tables after the sources, the page after the week.

A job may hold assets of one partitioning only, and every source begins on its own first day; so
there is a job for each source, and ``daily`` takes over from what they kept.
"""

from datetime import timedelta

import dagster as dg
from pipelines.sources import SOURCES
from pipelines.web import keyless

EXTRACT = {
    source: dg.define_asset_job(
        f"extract_{source}",
        dg.AssetSelection.key_prefixes(["raw", source]),
        description=f"Ask {about.name} for a UTC day.",
        executor_def=dg.in_process_executor,
    )
    for source, about in SOURCES.items()
}
DAILY_JOB = dg.define_asset_job(
    "daily",
    dg.AssetSelection.groups("normalise", "load") - dg.AssetSelection.assets("lake/quarantine"),
    description="Normalise a UTC day of every source, and build the warehouse.",
    executor_def=dg.in_process_executor,
)
WEEKLY_JOB = dg.define_asset_job(
    "weekly",
    dg.AssetSelection.groups("reconcile", "load", "report"),
    description="Compare the sources of an ISO week, build the warehouse, and make the page.",
    executor_def=dg.in_process_executor,
)
JOBS = [*EXTRACT.values(), DAILY_JOB, WEEKLY_JOB]


def nightly(source: str) -> dg.ScheduleDefinition:
    """Ask a source forty minutes after the end of the day; skip it while its key is missing."""

    @dg.schedule(name=f"extract_{source}", cron_schedule="40 0 * * *", job=EXTRACT[source])
    def ask(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if variable := keyless().get(source):
            return dg.SkipReason(f"{source} needs a key: set {variable}")
        day = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
        return dg.RunRequest(partition_key=day, run_key=day)

    return ask


SCHEDULES = [
    *(nightly(source) for source in SOURCES),
    dg.build_schedule_from_partitioned_job(
        DAILY_JOB, name="daily", hour_of_day=3, minute_of_hour=30
    ),
    # Wednesday: bulk files of Sunday are out two days later.
    dg.build_schedule_from_partitioned_job(
        WEEKLY_JOB, name="weekly", day_of_week=3, hour_of_day=6, minute_of_hour=0
    ),
]
