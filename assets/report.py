"""A week of the warehouse, as a page that anyone can rebuild."""

import dagster as dg
from pipelines.edition import write
from pipelines.web import Web

from assets.extract import OWNERS
from assets.load import MODELS, key_of
from assets.partitions import WEEKLY, week_of


@dg.asset(
    key=["report", "weekly"],
    group_name="report",
    partitions_def=WEEKLY,
    backfill_policy=dg.BackfillPolicy.multi_run(1),
    deps=[key_of(model.table) for model in MODELS if model.table.startswith("mart.")],
    description="The weekly page, its data and its evidence, in data/reports/<week>/.",
    owners=OWNERS,
    kinds={"html", "json"},
)
def weekly(
    context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
) -> dg.MaterializeResult[None]:
    folder = write(web.house, week_of(context))
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(folder / "index.html")})
