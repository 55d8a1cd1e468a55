"""What Dagster's bookkeeping costs us, beside no-op assets that emit the same events.

Ours are the real definitions with the work taken out: nobody is asked and nothing is normalised.
What is left is planning, resources, checks, metadata and the event log of the two runs that
``liqledger report`` makes for its days. Both keep their events in an instance as we ship it.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import dagster as dg

from assets import normalise
from assets.checks import CHECKS
from assets.definitions import definitions
from assets.extract import ANSWERS
from assets.outcomes import Metadata
from assets.runs import failures, instance_of, materialise
from bench.child import in_turn
from bench.lines import Line, of_ratio, of_value
from pipelines.clock import iso
from pipelines.extract.asking import Dataset
from pipelines.extract.gather import Outcome
from pipelines.house import House
from pipelines.lake import Made, days_between
from pipelines.normalise.days import Written
from pipelines.settings import Settings
from pipelines.tables import Table
from pipelines.web import Asked, Web

FIRST = date(2026, 11, 2)
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
MADE = Made("0" * 64, 1000, iso(NOW), ())
OUTCOME = Outcome("any", asked=1, answers=1, bytes=1000)


class Silent(Web):
    """Has every day whole, and has asked nobody."""

    def ask(self, dataset: Dataset, days: Sequence[date]) -> Asked:
        return Asked(OUTCOME, tuple(days))


def written(
    house: House, table: Table, days: Sequence[date], as_of: datetime
) -> tuple[dict[date, Written], dict[date, str]]:
    return {day: one_day(day) for day in days}, {}


def one_day(day: date) -> Written:
    return Written(day, MADE, refused=0, reasons=Counter(), coverage=("sampled",))


def ours(days: int) -> dict[str, float]:
    """The real definitions, without the work."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        settings = Settings(data=house.root, market="simulated", now=NOW, as_of=NOW)
        with (
            closing(Silent(settings, house)) as web,
            patch.object(normalise, "write_each", written),
        ):
            return _runs(lambda: definitions(web), house, days)


def no_ops(days: int) -> dict[str, float]:
    """Assets and checks of the same names that do nothing but say the same."""
    with tempfile.TemporaryDirectory() as folder:
        return _runs(_bare, House(Path(folder)), days)


def _runs(define: Callable[[], dg.Definitions], house: House, days: int) -> dict[str, float]:
    stretch = days_between(FIRST, FIRST + timedelta(days=days - 1))
    defs, said = define(), Counter[str]()
    with instance_of(house) as instance:
        for assets in (ANSWERS, normalise.TABLES):
            result = materialise(defs, instance, [asset.key for asset in assets], days=stretch)
            assert result.success, failures(result)
            said.update(event.event_type_value for event in result.all_events)
    return {kind: float(number) for kind, number in said.items()}


def _bare() -> dg.Definitions:
    told = Asked(OUTCOME, ()).of_day
    made = one_day(FIRST).as_metadata
    assets = [_no_op(asset, told) for asset in ANSWERS]
    assets += [_no_op(asset, made) for asset in normalise.TABLES]
    checks = [_no_check(key) for check in CHECKS for key in check.check_keys]
    return dg.Definitions(assets=assets, asset_checks=checks, executor=dg.in_process_executor)


def _no_op(like: dg.AssetsDefinition, metadata: Metadata) -> dg.AssetsDefinition:
    @dg.asset(
        key=like.key,
        partitions_def=like.partitions_def,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def nothing(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        for day in context.partition_keys:
            context.add_asset_metadata(metadata, partition_key=day)
        return dg.MaterializeResult()

    return nothing


def _no_check(key: dg.AssetCheckKey) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset=key.asset_key, name=key.name)
    def nothing() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True, metadata={"broken": "none"})

    return nothing


def lines(days: int, repeat: int) -> list[Line]:
    given: dict[str, object] = {"days": days}
    cases = {
        "ours": ("bench.dagster_overhead:ours", given),
        "no_ops": ("bench.dagster_overhead:no_ops", given),
    }
    ran = in_turn(cases, repeat)
    if ran["ours"].said != ran["no_ops"].said:
        raise RuntimeError(f"not the same events: {ran['ours'].said} and {ran['no_ops'].said}")
    what = f"Dagster's bookkeeping of {days} days / no-op assets, same events"
    each = ran["ours"].seconds / ran["ours"].said["ASSET_MATERIALIZATION"]
    return [
        of_ratio(what, ran["ours"], ran["no_ops"], at_most=1.5),
        of_value("Bookkeeping for each asset and day, ms", each * 1000, ran["ours"]),
    ]
