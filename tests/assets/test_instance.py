"""Runs of the command line are seen in Dagster's pages: same instance, partitions and checks."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from assets.outcomes import told
from assets.runs import instance_of
from pipelines.house import House


def test_runs_of_the_command_line_are_in_the_instance_of_the_folder(recorded_week: Path) -> None:
    with instance_of(House(recorded_week)) as instance:
        for key in (["raw", "coinglass", "liquidations_daily"], ["lake", "liquidation_totals"]):
            days = instance.get_materialized_partitions(dg.AssetKey(key))
            assert days == {f"2022-06-{day:02}" for day in range(6, 20)}
        weeks = instance.get_materialized_partitions(dg.AssetKey(["report", "weekly"]))
        assert weeks == {"2022-06-13"}
        event = instance.get_latest_materialization_event(
            dg.AssetKey(["lake", "liquidation_totals"])
        )
        assert event is not None
        told_of_day = event.asset_materialization.metadata
        assert told_of_day["dagster/row_count"].value == 14 + 66 * 2
        assert len(str(told_of_day["sha256"].value)) == 64
        assert told_of_day["coverage"].value == "collected"
        assert all(run.is_finished for run in instance.get_runs())


def test_a_failing_day_leaves_the_others_done_and_visible() -> None:
    @dg.asset(
        partitions_def=dg.DailyPartitionsDefinition("2022-06-01"),
        backfill_policy=dg.BackfillPolicy.multi_run(31),
    )
    def days(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        done = {date(2022, 6, 1): {"rows": 1}, date(2022, 6, 3): {"rows": 3}}
        return told(context, done, {date(2022, 6, 2): "the file was torn"})

    with dg.instance_for_test() as instance:
        result = dg.materialize(
            [days],
            instance=instance,
            tags={
                "dagster/asset_partition_range_start": "2022-06-01",
                "dagster/asset_partition_range_end": "2022-06-03",
            },
            raise_on_error=False,
        )
        assert not result.success
        seen = instance.get_materialized_partitions(dg.AssetKey("days"))
        assert seen == {"2022-06-01", "2022-06-03"}


def test_checks_of_the_tables_ran_and_passed(recorded_week: Path) -> None:
    key = dg.AssetCheckKey(dg.AssetKey(["lake", "liquidation_totals"]), "keeps_its_promise")
    with instance_of(House(recorded_week)) as instance:
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    evaluation = record.event.dagster_event.asset_check_evaluation_data  # type: ignore[union-attr]
    assert evaluation.passed


@pytest.mark.parametrize("name", ["dagster.yaml"])
def test_the_shipped_settings_are_those_of_the_folder(recorded_week: Path, name: str) -> None:
    shipped = Path(__file__).parents[2] / "assets" / name
    assert (recorded_week / "dagster" / name).read_bytes() == shipped.read_bytes()
