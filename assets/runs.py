"""Runs of the command line: in process, in the one persistent instance of the data folder."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pipelines.house import House
from pipelines.weeks import Week

SHIPPED = Path(__file__).with_name("dagster.yaml")
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
LOUD = {"loggers": {"console": {"config": {"log_level": "INFO"}}}}


@contextmanager
def instance_of(house: House) -> Iterator[dg.DagsterInstance]:
    """The instance under ``<data>/dagster``, with the shipped ``dagster.yaml`` at first use."""
    house.dagster.mkdir(parents=True, exist_ok=True)
    ours = house.dagster / "dagster.yaml"
    if not ours.exists():
        shutil.copyfile(SHIPPED, ours)
    with dg.DagsterInstance.from_config(str(house.dagster)) as instance:
        yield instance


def materialise(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    keys: Sequence[dg.AssetKey],
    *,
    days: Sequence[date] = (),
    week: Week | None = None,
    loud: bool = False,
) -> dg.ExecuteInProcessResult:
    """One run over ``keys``, for a range of days, a week, or neither. Failed steps do not raise."""
    tags = (
        dict(zip(RANGE, (min(days).isoformat(), max(days).isoformat()), strict=True))
        if days
        else {}
    )
    job = defs.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(
        instance=instance,
        asset_selection=list(keys),
        partition_key=week.monday.isoformat() if week else None,
        tags=tags,
        run_config=LOUD if loud else QUIET,
        raise_on_error=False,
    )


def failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """One line for each failed step: the asset, and the innermost reason."""
    lines = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error and error.cause:
                error = error.cause
            said = (error.message if error else "failed").strip().splitlines()[0]
            if event.step_failure_data.user_failure_data:
                said = event.step_failure_data.user_failure_data.description or said
            lines.append(f"{event.step_key}: {said}")
    return lines
