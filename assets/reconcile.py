"""Two sources of one number, side by side, for every ISO week."""

import dagster as dg
from pipelines.reconcile.told import READS
from pipelines.reconcile.week import write_week
from pipelines.tables import COMPARISONS
from pipelines.web import Web

from assets.extract import OWNERS
from assets.normalise import columns_of
from assets.partitions import WEEKLY, week_of


@dg.asset(
    key=["lake", COMPARISONS.name],
    group_name="reconcile",
    partitions_def=WEEKLY,
    backfill_policy=dg.BackfillPolicy.multi_run(1),
    deps=[["lake", table.name] for table in READS],
    description=COMPARISONS.about,
    owners=OWNERS,
    kinds={"polars", "parquet"},
    tags={"layer": "lake"},
    metadata={"dagster/column_schema": columns_of(COMPARISONS)},
)
def comparisons(
    context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
) -> dg.MaterializeResult[None]:
    made = write_week(web.house.lake, week_of(context), web.as_of)
    return dg.MaterializeResult(metadata={"dagster/row_count": made.rows, "sha256": made.sha256})
