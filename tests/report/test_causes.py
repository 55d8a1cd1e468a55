"""A gap on the page: the parts lead from one figure to the other, and each can be walked back."""

import json
from dataclasses import replace
from decimal import Decimal
from types import ModuleType

import pytest

from pipelines.report.causes import causes
from pipelines.report.trail import Number
from pipelines.report.waterfall import waterfall


@pytest.fixture(scope="module")
def sheet(small_week: ModuleType):
    (only,) = causes(small_week.week())
    return only


def values(sheet):
    mains = [line.cells[0].main for line in sheet.lines]
    assert all(isinstance(main, Number) for main in mains)
    return [main.value for main in mains]


def test_the_first_figure_less_each_part_is_the_second(sheet):
    first, *parts, last = values(sheet)
    assert first - sum(parts) == last


def test_causes_stand_in_their_order_and_what_is_unexplained_stands_last(sheet):
    heads = [line.head for line in sheet.lines]
    assert heads == ["CoinGlass", "venues", "throttle", "unexplained", "Coinalyze · Binance"]
    assert sheet.lines[2].notes == ("estimated",)


def test_shares_of_the_gap_add_up_to_all_of_it(sheet):
    shares = [line.cells[0].beneath[0][0].value for line in sheet.lines[1:-1]]
    assert sum(shares) == pytest.approx(Decimal(100), abs=Decimal("0.00001"))


def test_each_number_names_its_rows_and_what_is_behind_them(sheet):
    for number in sheet.numbers():
        assert number.source.table == "mart.gap_causes"
        assert {"lake.gaps", "lake.liquidation_totals"} == {step.table for step in number.trail}


def test_the_keys_of_the_sheet_are_keys_of_the_edition(sheet, edition):
    keys = {entry["key"] for entry in json.loads(edition["report.json"])["numbers"]}
    assert {number.key for number in sheet.numbers()} <= keys


def test_the_picture_falls_from_the_one_to_the_other_and_says_so_in_words(sheet, edition):
    chart = waterfall(sheet, "2022-W24")
    assert "venues \N{MINUS SIGN}800.00 M; throttle (est.) +5.00 M" in chart.alt
    assert chart.alt.endswith("Coinalyze · Binance 136.01 M. US dollars.")
    assert f"charts/{chart.name}.svg" in edition


def test_what_a_source_wrote_is_no_markup(html, small_week):
    assert small_week.HOSTILE not in html


def test_a_week_without_gaps_has_no_sheet_of_causes(small_week):
    rows = small_week.week()
    assert causes(replace(rows, causes=rows.causes.clear())) == ()
