"""Answers as they came: one asset for each source and dataset, one partition a UTC day."""

import dagster as dg
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.raw import INDEX
from pipelines.sources import SOURCES
from pipelines.web import Web

from assets.outcomes import schema_of, told
from assets.partitions import BY_MONTH, OF_SOURCE, days_of

OWNERS = ["team:ledger"]
KEPT = schema_of([(name, str(kind), "Index of kept answers.") for name, kind in INDEX.items()])


def key_of(source: str, dataset: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source, dataset])


def raw(dataset: Dataset) -> dg.AssetsDefinition:
    """The asset that keeps what a source answers about a dataset, byte for byte."""
    rests_on = dataset.kept is Kept.HISTORY and dataset.subjects_from
    listing = [key_of(dataset.source, dataset.subjects_from)] if rests_on else []

    @dg.asset(
        key=key_of(dataset.source, dataset.name),
        group_name="extract",
        partitions_def=OF_SOURCE[dataset.source],
        backfill_policy=BY_MONTH,
        deps=listing,
        description=f"{SOURCES[dataset.source].name}: {dataset.about} Kept byte for byte.",
        owners=OWNERS,
        kinds={"parquet", "http" if dataset.kept is not Kept.CAPTURE else "file"},
        tags={"source": dataset.source},
        metadata={"dagster/column_schema": KEPT, "terms": SOURCES[dataset.source].terms},
    )
    def keep(
        context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
    ) -> dg.MaterializeResult[None]:
        asked = web.ask(dataset, days_of(context))
        return told(context, dict.fromkeys(asked.whole, asked.of_day), asked.lacking)

    return keep


ANSWERS = [raw(dataset) for dataset in CATALOGUE.values()]
