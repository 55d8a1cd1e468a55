"""What is made of the sources of an ISO week together: one asset for each table."""

from typing import Any, Final, TypeAlias

import dagster as dg
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.week import MAKERS
from pipelines.web import Web

from assets.extract import OWNERS
from assets.normalise import columns_of
from assets.partitions import WEEKLY, week_of

ABOUT: Final[Any] = {"owners": OWNERS, "kinds": {"polars", "parquet"}, "tags": {"layer": "lake"}}
Result: TypeAlias = dg.MaterializeResult[None]


def reconciled(maker: Maker) -> dg.AssetsDefinition:
    """The asset of one table."""
    table = maker.table

    @dg.asset(
        key=["lake", table.name],
        group_name="reconcile",
        partitions_def=WEEKLY,
        backfill_policy=dg.BackfillPolicy.multi_run(1),
        deps=[["lake", read.name] for read in maker.reads],
        description=table.about,
        **ABOUT,
        metadata={"dagster/column_schema": columns_of(table)},
    )
    def make(context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]) -> Result:
        made = maker.write(web.house.lake, week_of(context), web.as_of)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": made.rows, "sha256": made.sha256}
        )

    return make


TABLES = [reconciled(maker) for maker in MAKERS]
