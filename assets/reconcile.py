"""What is made of the sources of an ISO week together: one asset for each table."""

from typing import TypeAlias

import dagster as dg
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.week import MAKERS
from pipelines.web import Web

from assets.extract import OWNERS
from assets.normalise import columns_of
from assets.partitions import WEEKLY, week_of

Result: TypeAlias = dg.MaterializeResult[None]


def reconciled(maker: Maker) -> dg.AssetsDefinition:
    @dg.asset(
        key=["lake", maker.table.name],
        group_name="reconcile",
        partitions_def=WEEKLY,
        backfill_policy=dg.BackfillPolicy.multi_run(1),
        deps=[["lake", read.name] for read in maker.reads],
        description=maker.table.about,
        owners=OWNERS,
        kinds={"polars", "parquet"},
        tags={"layer": "lake"},
        metadata={"dagster/column_schema": columns_of(maker.table)},
    )
    def make(context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]) -> Result:
        return written(maker, web, context)

    return make


def written(maker: Maker, web: Web, context: dg.AssetExecutionContext) -> Result:
    made = maker.write(web.house.lake, week_of(context), web.as_of)
    return dg.MaterializeResult(metadata={"dagster/row_count": made.rows, "sha256": made.sha256})


TABLES = [reconciled(maker) for maker in MAKERS]
