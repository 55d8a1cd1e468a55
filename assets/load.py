"""The DuckDB warehouse: one asset for each SQL model, all built in one process."""

from collections.abc import Iterator, Sequence

import dagster as dg
from pipelines.edition import MODELS as FOLDER
from pipelines.load.models import WRITTEN_BY_THE_LOADER, Model, read_all
from pipelines.load.warehouse import Broken, BrokenPromiseError, build
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


# What a header states is checked at every build: columns, key, and nulls only where they mean something.
HEADER_CHECKS = ("check.declared_keys", "check.declared_nulls")


def check_of(model: Model) -> dg.AssetCheckSpec:
    """The check of a model: a promise is held by an empty table, any other keeps its header."""
    name, about = ("holds", model.about) if model.table in PROMISES else ("keeps_its_header", KEEPS)
    return dg.AssetCheckSpec(name, asset=key_of(model.table), blocking=True, description=about)


KEEPS = "Its columns, its unique key, and no null but where the header says what null means."


@dg.multi_asset(
    name="warehouse",
    pool="warehouse",
    specs=[spec(model) for model in MODELS],
    check_specs=[check_of(model) for model in MODELS],
)
def warehouse(
    context: dg.AssetExecutionContext, web: dg.ResourceParam[Web]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    house = web.house
    try:
        built = build(house.warehouse, house.lake, MODELS)
    except BrokenPromiseError as error:
        yield from (judged(model, error.broken) for model in MODELS)
        raise dg.Failure(str(error), allow_retries=False) from None
    for model in MODELS:
        rows = built.rows[model.table]
        yield dg.MaterializeResult(key_of(model.table), metadata={"dagster/row_count": rows})
        yield judged(model, built.broken)


def judged(model: Model, broken: Sequence[Broken]) -> dg.AssetCheckResult:
    """What the build found against a model, as the result of its check."""
    ours = [one for one in broken if one.table == model.table]
    named = [one for one in broken if one.table in HEADER_CHECKS and names(one, model)]
    return dg.AssetCheckResult(
        passed=not ours and not named,
        asset_key=key_of(model.table),
        check_name=check_of(model).name,
        metadata={"broken": "; ".join(map(str, [*ours, *named])) or "none"},
    )


def names(broken: Broken, model: Model) -> bool:
    """Whether a broken check of headers names that model among its first rows."""
    return any(f"table_name {model.table}" in row for row in broken.first)
