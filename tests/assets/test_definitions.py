"""The wiring: what Dagster loads, and that every door leads to the same place."""

import importlib
import tomllib
from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets import load, normalise
from assets.definitions import defs
from assets.partitions import OF_SOURCE, WEEKLY
from pipelines.extract.catalogue import CATALOGUE
from pipelines.load.warehouse import Broken
from pipelines.sources import SOURCES

ROOT = Path(__file__).parents[2]
STAGES = ["extract", "normalise", "reconcile", "load", "report"]
SPECS = sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key)


def test_every_job_and_schedule_resolves() -> None:
    dg.Definitions.validate_loadable(defs)
    assert {"daily", "weekly"} <= {job.name for job in defs.resolve_all_job_defs()}
    schedules = {schedule.name for schedule in defs.schedules or ()}
    assert {"daily", "weekly"} <= schedules


def test_workspace_and_pyproject_name_one_code_location() -> None:
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    module = entry["python_module"]
    assert module["module_name"] == f"{project['root_module']}.definitions"
    assert module["location_name"] == project["code_location_name"] == "warehouse"


@pytest.mark.parametrize("package", ["assets", "pipelines", "replica"])
def test_our_packages_are_ours(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key.to_user_string())
def test_every_asset_says_what_it_is(spec: dg.AssetSpec) -> None:
    assert spec.description
    assert spec.owners
    assert spec.kinds
    assert spec.group_name in STAGES
    if spec.group_name != "report":
        assert spec.metadata["dagster/column_schema"].columns


def test_the_graph_reads_from_left_to_right() -> None:
    stage = {spec.key: STAGES.index(spec.group_name or "") for spec in SPECS}
    for spec in SPECS:
        for dep in spec.deps:
            assert stage[dep.asset_key] <= stage[spec.key], (dep.asset_key, spec.key)


def test_every_dataset_is_an_asset_from_its_source_s_own_first_day() -> None:
    keys = {spec.key for spec in SPECS}
    for dataset in CATALOGUE.values():
        key = dg.AssetKey(["raw", dataset.source, dataset.name])
        assert key in keys
        assert (
            OF_SOURCE[dataset.source].get_first_partition_key()
            == SOURCES[dataset.source].since.isoformat()
        )


def test_a_week_of_the_report_is_an_iso_week() -> None:
    window = WEEKLY.time_window_for_partition_key("2026-12-28")
    assert window.start.isocalendar()[:3] == (2026, 53, 1)
    assert (window.end - window.start).days == 7


def test_backfills_go_by_month() -> None:
    for asset in normalise.TABLES:
        assert asset.backfill_policy == dg.BackfillPolicy.multi_run(31)


def test_every_model_has_a_check_that_blocks() -> None:
    specs = {spec.asset_key: spec for spec in load.warehouse.check_specs}
    assert len(specs) == len(load.MODELS)
    assert {spec.name for spec in specs.values()} == {"holds", "keeps_its_header"}
    assert all(spec.blocking for spec in specs.values())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("check.negative_amounts", "table_name liquidations"),
        ("check.declared_keys", "table_name {table}, rows 2"),
    ],
)
def test_a_broken_promise_fails_the_check_of_the_model_that_breaks_it(table: str, row: str) -> None:
    named = next((m for m in load.MODELS if m.table == table), load.MODELS[-1])
    broken = [Broken(table, "about", 1, (row.format(table=named.table),))]
    failed = [m.table for m in load.MODELS if not load.judged(m, broken).passed]
    assert failed == [named.table]


def test_the_shipped_instance_watches_runs_and_sends_nothing_home() -> None:
    shipped = yaml.safe_load((ROOT / "assets" / "dagster.yaml").read_text())
    assert shipped["telemetry"]["enabled"] is False
    assert shipped["run_monitoring"]["enabled"] is True
    assert shipped["run_retries"]["enabled"] is True
    assert shipped["retention"]
