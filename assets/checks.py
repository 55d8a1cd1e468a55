"""Asset checks of the canonical tables, generated from their declarations."""

from collections.abc import Iterator
from datetime import date

import dagster as dg
from pipelines.files import DamagedError
from pipelines.normalise.days import MADE_HERE
from pipelines.tables import PromiseBrokenError, Table
from pipelines.web import Web


def kept_promise(table: Table) -> dg.AssetChecksDefinition:
    """The check that the newest day on disk is what was written and keeps its table's promise."""

    @dg.asset_check(
        asset=dg.AssetKey(["lake", table.name]),
        name="keeps_its_promise",
        description=f"Digest, columns, types, required values and key ({', '.join(table.key)}).",
    )
    def check(web: dg.ResourceParam[Web]) -> dg.AssetCheckResult:
        lake = web.house.lake
        days = lake.days(table)
        broken = list(_broken(lake.read, table, days[-1])) if days else []
        return dg.AssetCheckResult(
            passed=not broken, metadata={"broken": "; ".join(broken) or "none"}
        )

    return check


def _broken(read: object, table: Table, day: date) -> Iterator[str]:
    assert callable(read)
    try:
        table.conform(read(table, day, day))
    except (DamagedError, PromiseBrokenError) as error:
        yield str(error)


CHECKS = [kept_promise(table) for table in MADE_HERE]
