"""The DuckDB warehouse: one asset for each SQL model, all built in one process."""

from collections.abc import Iterator

import dagster as dg
from pipelines.edition import MODELS as FOLDER
from pipelines.load.models import WRITTEN_BY_THE_LOADER, Model, read_all
from pipelines.load.warehouse import BrokenPromiseError, build
from pipelines.web import Web

from assets.extract import OWNERS
from assets.outcomes import schema_of

MODELS = read_all(FOLDER)


def key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def spec(model: Model) -> dg.AssetSpec:
    columns = [(name, "", str(about)) for name, about in model.columns.items()]
    return dg.AssetSpec(
        key_of(model.table),
        deps=[key_of(table) for table in sorted(model.reads - WRITTEN_BY_THE_LOADER)],
        group_name="load",
        description=model.about,
        owners=OWNERS,
        kinds={"duckdb", "sql"},
        tags={"schema": model.table.split(".")[0]},
        metadata={"dagster/column_schema": schema_of(columns), "key": ", ".join(model.key)},
    )


PROMISES = {model.table: model for model in MODELS if model.table.startswith("check.")}


@dg.multi_asset(
    name="warehouse",
    pool="warehouse",
    specs=[spec(model) for model in MODELS],
    check_specs=[
        dg.AssetCheckSpec(
            "holds", asset=key_of(model.table), blocking=True, description=model.about
        )
        for model in PROMISES.values()
    ],
)
def warehouse(
    context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    house = web.house
    try:
        built = build(house.warehouse, house.lake, MODELS)
    except BrokenPromiseError as error:
        yield from (held(one.table, one.rows) for one in error.broken if one.table in PROMISES)
        raise dg.Failure(str(error), allow_retries=False) from None
    for model in MODELS:
        rows = built.rows[model.table]
        yield dg.MaterializeResult(key_of(model.table), metadata={"dagster/row_count": rows})
        if model.table in PROMISES:
            yield held(model.table, rows)


def held(table: str, rows: int) -> dg.AssetCheckResult:
    """A promise of ours is held by an empty table."""
    return dg.AssetCheckResult(
        passed=rows == 0, asset_key=key_of(table), check_name="holds", metadata={"rows": rows}
    )
