"""Canonical Parquet: what every source said, in one vocabulary."""

import dagster as dg
from pipelines.normalise.days import MADE_HERE, rests_on, write_each
from pipelines.tables import QUARANTINE, Table
from pipelines.web import Web

from assets.extract import OWNERS, key_of
from assets.outcomes import schema_of, told
from assets.partitions import BY_MONTH, DAILY, days_of


def columns_of(table: Table) -> dg.TableSchema:
    return schema_of([(c.name, str(c.dtype), c.about) for c in table.columns])


def lake(table: Table) -> dg.AssetsDefinition:
    """The asset that makes days of a canonical table from the archive."""

    @dg.asset(
        key=["lake", table.name],
        group_name="normalise",
        partitions_def=DAILY,
        backfill_policy=BY_MONTH,
        deps=[key_of(source, dataset) for source, dataset in rests_on(table)],
        description=table.about,
        owners=OWNERS,
        kinds={"polars", "parquet"},
        tags={"layer": "lake"},
        metadata={"dagster/column_schema": columns_of(table), "key": ", ".join(table.key)},
    )
    def make(
        context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
    ) -> dg.MaterializeResult[None]:
        days = days_of(context)
        done, failed = write_each(web.house, table, days, web.as_of)
        return told(context, {day: one.as_metadata for day, one in done.items()}, failed)

    return make


TABLES = [lake(table) for table in MADE_HERE]
REFUSED = dg.AssetSpec(
    ["lake", QUARANTINE.name],
    deps=[asset.key for asset in TABLES],
    group_name="normalise",
    partitions_def=DAILY,
    description=f"{QUARANTINE.about} Written with the table that a row was meant for.",
    owners=OWNERS,
    kinds={"polars", "parquet"},
    metadata={"dagster/column_schema": columns_of(QUARANTINE)},
)
