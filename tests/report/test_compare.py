from dataclasses import replace
from decimal import Decimal
from types import ModuleType

import polars as pl

from pipelines.report.compare import Moved, compare
from pipelines.report.rows import TABLES, WeekRows, week_rows
from pipelines.report.weekly import render


def _restated(rows: WeekRows) -> WeekRows:
    """The same week after Kraken restated one coin by a cent."""
    frames = {name: getattr(rows, name) for name in TABLES}
    is_it = (pl.col("source") == "kraken") & (pl.col("notional_usd") == Decimal("0.07"))
    changed = pl.when(is_it).then(pl.lit(Decimal("0.08"))).otherwise(pl.col("notional_usd"))
    frames["liquidations"] = frames["liquidations"].with_columns(
        changed.cast(pl.Decimal(38, 18)).alias("notional_usd")
    )
    return week_rows(rows.week, frames)


def test_an_edition_is_identical_to_itself(edition: dict[str, bytes]) -> None:
    found = compare(edition, edition)
    assert found.is_identical
    assert found.moved == ()
    assert not found.is_other_code


def test_a_restated_figure_is_named_with_both_values(
    edition: dict[str, bytes], small_week: ModuleType
) -> None:
    found = compare(edition, render(_restated(small_week.week()), small_week.evidence()))
    assert Moved("total.kraken.long", "0.07", "0.08") in found.moved
    assert {moved.key.split(".")[1] for moved in found.moved} == {"kraken"}
    assert "index.html" in found.changed
    assert "charts/days-coinglass.svg" in found.same


def test_other_code_is_named_even_where_no_number_moved(
    edition: dict[str, bytes], small_week: ModuleType
) -> None:
    other = replace(small_week.evidence(), code_sha256="e" * 64)
    found = compare(edition, render(small_week.week(), other))
    assert found.is_other_code
    assert not found.is_other_environment
    assert found.moved == ()


def test_files_of_one_edition_alone_are_named(edition: dict[str, bytes]) -> None:
    fewer = {name: data for name, data in edition.items() if name != "report.md"}
    assert compare(edition, fewer).only_before == ("report.md",)
    assert compare(fewer, edition).only_after == ("report.md",)
