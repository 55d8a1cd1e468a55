from decimal import Decimal
from types import ModuleType

import polars as pl
import pytest

from pipelines.report.rows import TABLES, week_rows
from pipelines.tables import PromiseBrokenError


def test_rows_of_another_week_are_left_out(small_week: ModuleType) -> None:
    frame = small_week.week().findings
    both = pl.concat([frame, frame.with_columns(week=pl.lit("2022-W25"))])
    assert week_rows(small_week.WEEK, {"findings": both}).findings.height == frame.height


def test_a_column_that_the_warehouse_lost_is_an_error(small_week: ModuleType) -> None:
    frame = small_week.week().totals.drop("notional_usd")
    with pytest.raises(PromiseBrokenError, match=r"weekly_totals: missing .*notional_usd"):
        week_rows(small_week.WEEK, {"totals": frame})


def test_a_statistic_given_as_a_float_keeps_its_short_digits(small_week: ModuleType) -> None:
    frame = small_week.week().market.with_columns(funding_mean=pl.lit(123456.789))
    rows = week_rows(small_week.WEEK, {"market": frame})
    assert rows.market["funding_mean"].to_list() == [Decimal("123456.789")]


def test_every_table_is_a_field_of_the_week(small_week: ModuleType) -> None:
    rows = small_week.week()
    for field, (_, columns, _) in TABLES.items():
        assert list(getattr(rows, field).columns) == list(columns)
