"""Answers as they came: one asset for each source and dataset, one partition a UTC day."""

import dagster as dg
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.raw import INDEX
from pipelines.sources import SOURCES
from pipelines.web import Asked, Web

from assets.outcomes import schema_of, told
from assets.partitions import BY_MONTH, OF_SOURCE, days_of

OWNERS = ["team:ledger"]
KEPT = schema_of([(name, str(kind), "Index of kept answers.") for name, kind in INDEX.items()])


def key_of(source: str, dataset: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source, dataset])


def listing_of(dataset: Dataset) -> list[dg.AssetKey]:
    """The listing that names the subjects, where a dataset is asked for by subject."""
    if dataset.kept is not Kept.HISTORY or not dataset.subjects_from:
        return []
    return [key_of(dataset.source, dataset.subjects_from)]


def raw(dataset: Dataset) -> dg.AssetsDefinition:
    """The asset that keeps what a source answers about a dataset, byte for byte."""
    source = SOURCES[dataset.source]

    @dg.asset(
        key=key_of(source.id, dataset.name),
        group_name="extract",
        partitions_def=OF_SOURCE[source.id],
        backfill_policy=BY_MONTH,
        deps=listing_of(dataset),
        description=f"{source.name}: {dataset.about} Kept byte for byte.",
        owners=OWNERS,
        kinds={"parquet", "file" if dataset.kept is Kept.CAPTURE else "http"},
        tags={"source": source.id},
        metadata={"dagster/column_schema": KEPT, "terms": source.terms.words},
    )
    def keep(
        context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
    ) -> dg.MaterializeResult[None]:
        return kept(context, web.ask(dataset, days_of(context)))

    return keep


def kept(context: dg.AssetExecutionContext, asked: Asked) -> dg.MaterializeResult[None]:
    """One materialisation for each whole day."""
    return told(context, dict.fromkeys(asked.whole, asked.of_day), asked.lacking)


ANSWERS = [raw(dataset) for dataset in CATALOGUE.values()]
