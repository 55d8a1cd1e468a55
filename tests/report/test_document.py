import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from pipelines.files import digest_of
from pipelines.report.rows import TABLES
from pipelines.report.trail import UnknownKeyError, find, key_of
from pipelines.tables import TABLES as LAKE

SCHEMA = Path(__file__).parents[2] / "docs/report.schema.json"


@pytest.fixture(scope="session")
def report(edition: dict[str, bytes]) -> dict[str, Any]:
    return json.loads(edition["report.json"])


def test_the_document_keeps_the_published_schema(report: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)


def test_the_schema_refuses_a_number_as_a_float(report: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text())
    wrong = report | {"numbers": [report["numbers"][0] | {"value": 1.5}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_every_number_of_the_page_is_in_the_document(report: dict[str, Any], html: str) -> None:
    keys = {entry["key"] for entry in report["numbers"]}
    assert len(keys) == len(report["numbers"])
    assert set(re.findall(r'data-key="([^"]*)"', html)) == keys


def test_values_are_exact_to_the_last_digit(edition: dict[str, bytes]) -> None:
    found = find(edition["report.json"], "total.coinglass.long")
    assert found.exact == "947148123.455000000000000001"
    assert found.unit == "USD"


def test_a_missing_value_is_null(edition: dict[str, bytes]) -> None:
    found = find(edition["report.json"], "coin.kraken.BTC.long")
    assert found.value is None
    assert len(found.missing_days) == 7


def test_a_number_leads_to_rows_of_the_lake(
    edition: dict[str, bytes], small_week: ModuleType
) -> None:
    found = find(edition["report.json"], "coin.coinalyze.BTC.long")
    assert found.source.table == "mart.weekly_liquidations"
    (step,) = found.trail
    assert step.table == "lake.liquidation_totals"
    assert step.filters == {
        "source": "coinalyze",
        "venue": "binance",
        "coin": "BTC",
        "position": "long",
        "interval_s": 86400,
    }
    assert (step.first_day, step.last_day) == (small_week.WEEK.monday, small_week.WEEK.sunday)


def test_a_number_of_events_leads_to_events(edition: dict[str, bytes]) -> None:
    found = find(edition["report.json"], key_of("coin", "kraken", "BTC", "short"))
    assert [step.table for step in found.trail] == ["lake.liquidations"]


def test_a_gap_leads_to_both_sources(edition: dict[str, bytes]) -> None:
    key = "gap.BTC.long.coinglass.several.coinalyze.binance.ratio"
    found = find(edition["report.json"], key)
    assert found.exact == "5.226499"
    assert {step.filters.get("source") for step in found.trail[1:]} == {
        "coinglass",
        "coinalyze",
    }


def test_trails_name_tables_and_columns_that_exist(report: dict[str, Any]) -> None:
    mart = {table: set(columns) for table, columns, _ in TABLES.values()}
    for entry in report["numbers"]:
        assert set(entry["source"]["filters"]) <= mart[entry["source"]["table"]], entry["key"]
        for step in entry["trail"]:
            table = LAKE[step["table"].removeprefix("lake.")]
            assert set(step["filters"]) <= set(table.schema), (entry["key"], step)


def test_an_unknown_key_gets_the_nearest_ones(edition: dict[str, bytes]) -> None:
    with pytest.raises(UnknownKeyError, match=r"did you mean .*total\.coinglass\.long"):
        find(edition["report.json"], "total.coinglas.long")


def test_a_hostile_name_makes_a_harmless_key() -> None:
    assert key_of("coin", "<a b>.é") == "coin.~3Ca~20b~3E~2E~C3~A9"
    assert key_of("a.b", "c") != key_of("a", "b.c")


def test_the_document_names_the_digest_of_every_other_file(
    edition: dict[str, bytes], report: dict[str, Any]
) -> None:
    others = {name: data for name, data in edition.items() if name != "report.json"}
    assert report["files"] == {name: digest_of(data) for name, data in others.items()}
