"""How an asset tells what came of its days, so that a failing day leaves the others done."""

from collections.abc import Mapping, Sequence
from datetime import date

import dagster as dg

Metadata = Mapping[str, str | int | float]


def told(
    context: dg.AssetExecutionContext, done: Mapping[date, Metadata], failed: Mapping[date, str]
) -> dg.MaterializeResult[None]:
    """One materialisation a day. With a failed day, the good ones are logged and the step fails."""
    if failed:
        for day, metadata in sorted(done.items()):
            context.log_event(
                dg.AssetMaterialization(
                    context.asset_key, partition=day.isoformat(), metadata=metadata
                )
            )
        first = min(failed)
        raise dg.Failure(
            f"{len(failed)} of {len(failed) + len(done)} days failed; {first}: {failed[first]}",
            metadata={day.isoformat(): why for day, why in sorted(failed.items())},
            allow_retries=False,
        )
    for day, metadata in done.items():
        context.add_asset_metadata(metadata, partition_key=day.isoformat())
    return dg.MaterializeResult()


def schema_of(columns: Sequence[tuple[str, str, str]]) -> dg.TableSchema:
    """Dagster's column schema from (name, type, meaning)."""
    return dg.TableSchema([dg.TableColumn(n, t, description=about) for n, t, about in columns])
