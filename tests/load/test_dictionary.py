"""What is written about tables is what they are."""

import json
from typing import Any

import pytest

from pipelines.load import dictionary
from pipelines.load.dictionary import CONTRACT, Contract, contract, differences, unit_of
from pipelines.load.models import Model


def test_the_page_and_the_contract_are_as_declared() -> None:
    assert differences() == []


def test_the_contract_is_what_a_built_warehouse_has(ground: Any) -> None:
    ground.build()
    rows = ground.ask(
        """
        select 'mart.' || table_name, column_name, data_type from duckdb_columns()
        where schema_name = 'mart' order by table_name, column_index
        """
    )
    made: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        made.setdefault(table, {})[column] = kind
    assert json.loads(CONTRACT.read_text())["tables"] == made


def test_other_columns_make_the_next_version_and_the_same_keep_it() -> None:
    before = Contract(3, {"mart.a": {"week": "VARCHAR"}})
    assert contract({"mart.a": {"week": "VARCHAR"}, "core.b": {"x": "DATE"}}, before) == before
    assert contract({"mart.a": {"week": "DATE"}}, before).version == 4
    assert contract({"mart.a": {"week": "VARCHAR", "day": "DATE"}}, before).version == 4


def test_a_changed_meaning_is_noticed(models: list[Model], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "ABOUT", dictionary.ABOUT | {"core": "Something else."})
    assert differences() == ["docs/tables.md differs from the declarations; make it again"]


def test_a_unit_is_told_by_the_name() -> None:
    names = ["notional_usd", "size_coins", "ratio", "rows_without_usd", "price_close", "gap_pct"]
    units = ["US dollars", "coins", "", "", "quote per base", "percent"]
    assert [unit_of(name) for name in names] == units
