"""Everything Dagster loads, in one place. ``workspace.yaml`` and ``pyproject.toml`` point here."""

import warnings

import dagster as dg

# Backfill policies and check selections are marked beta in 1.13; the lock pins that version.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

from pipelines.house import House  # noqa: E402
from pipelines.settings import Settings  # noqa: E402
from pipelines.web import Web  # noqa: E402

from assets import checks, extract, load, normalise, reconcile, report, schedules  # noqa: E402


def definitions(web: Web) -> dg.Definitions:
    """The real location, over the market and the folder that are handed in."""
    return dg.Definitions(
        assets=[
            *extract.ANSWERS,
            *normalise.TABLES,
            normalise.REFUSED,
            *reconcile.TABLES,
            load.warehouse,
            report.weekly,
        ],
        asset_checks=checks.CHECKS,
        jobs=schedules.JOBS,
        schedules=schedules.SCHEDULES,
        resources={"web": web},
        executor=dg.in_process_executor,
    )


def from_environment() -> dg.Definitions:
    """What ``dagster dev`` and ``dg`` load: settings from LIQLEDGER_… and `.env`."""
    settings = Settings()
    return definitions(Web(settings, House(settings.data.resolve())))


defs = from_environment()
