"""Sizes against volume, and shares that broke: on the page, each figure with its way back."""

from dataclasses import replace
from datetime import date
from types import ModuleType

import polars as pl
import pytest

from pipelines.report.checks import refused, share_breaks, volumes
from pipelines.report.rows import TABLES, WeekRows
from pipelines.report.weekly import render

SIZES = {
    "week": "2022-W24", "source": "okx", "venue": "okx", "cells": 40, "cells_checked": 30,
    "cells_exceeding": 0, "volume_reading": "coins", "coins_compared": 3, "spread_told": 0.4,
    "spread_contracts": 5.2, "threshold": 1.5, "is_in_contracts": False,
}  # fmt: skip
BREAK = {
    "week": "2022-W24", "venue": "Binance", "source_named": "<b>Bybt",
    "last_before": date(2021, 4, 19), "first_after": date(2021, 5, 18), "shares_before": 4,
    "shares_after": 2, "share_before": 0.478341, "low_before": 0.435961, "high_before": 0.547264,
    "share_after": 0.120639, "low_after": 0.057803, "high_after": 0.2, "least_factor": 2.179805,
    "threshold": 1.5, "claims_before": "H001, H003", "claims_after": "H008, H010",
}  # fmt: skip
DOUBTED = {"source": "bybit", "venue": "bybit", "is_in_contracts": True}
UNTOLD = {"source": "binance", "venue": "binance", "is_in_contracts": None}


def frame(field: str, *rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(TABLES[field][1]))


@pytest.fixture
def week(small_week: ModuleType) -> WeekRows:
    sizes = [
        SIZES | one | {"coin": coin}
        for one in (UNTOLD, DOUBTED, {"cells_exceeding": 2}, {"source": "coinalyze"})
        for coin in ("BTC", "ETH")
    ]
    return replace(
        small_week.week(),
        volume_checks=frame("volume_checks", *sizes).sort("source", "venue", "coin"),
        share_breaks=frame("share_breaks", BREAK),
    )


def test_what_is_doubted_stands_first_and_coins_of_a_venue_are_added_up(week: WeekRows) -> None:
    lines = volumes(week).lines
    assert [line.head for line in lines[:2]] == ["Bybit", "OKX"]
    bybit, okx = lines[:2]
    assert bybit.cells[2].main == "contracts"
    assert [cell.main.value for cell in okx.cells[:2]] == [60, 4]
    assert okx.cells[0].main.source.table == "mart.volume_checks"


def test_what_could_not_be_told_has_no_powers_of_ten(week: WeekRows) -> None:
    (binance,) = (line for line in volumes(week).lines if line.head == "Binance")
    assert (binance.cells[2].main, binance.cells[2].beneath) == ("not known", ())


def test_where_nothing_could_be_held_against_volume_none_is_not_zero(week: WeekRows) -> None:
    sizes = frame("volume_checks", SIZES | {"cells_checked": 0})
    (line,) = volumes(replace(week, volume_checks=sizes)).lines
    assert [cell.main.value for cell in line.cells[:2]] == [0, None]


def test_what_guards_refuse_is_told_with_its_hours_and_coins(week: WeekRows) -> None:
    row = {"week": "2022-W24", "source": "coinalyze", "venue": "okx", "guard": "exceeds_its_feed"}
    rows = frame(
        "refused", row | {"coin": "ETH", "hours": 3}, row | {"coin": "BTC", "hours": 4},
        row | {"coin": "BTC", "hours": 1, "guard": "doubled"},
    )  # fmt: skip
    doubled, exceeding = refused(replace(week, refused=rows)).lines
    assert doubled.cells[0].main == "orders that are there twice"
    assert exceeding.cells[1].main.value == 7
    assert exceeding.cells[2].main == "BTC, ETH"
    assert {step.table for step in exceeding.cells[1].main.trail} == {"lake.refusals"}


def test_a_break_is_printed_with_what_rounding_allows_and_the_claims_behind_it(
    week: WeekRows,
) -> None:
    (line,) = share_breaks(week).lines
    before, after, apart = line.cells
    assert (before.main.printed, after.main.printed) == ("47.8341 %", "12.0639 %")
    assert [getattr(part, "printed", part) for part in after.beneath[1]] == [
        "5.7803 %", "to", "20.0000 %",
    ]  # fmt: skip
    assert apart.main.printed == "2.18"
    assert "H008, H010" in after.beneath[2][1]
    assert {step.table for step in apart.main.trail} == {"lake.share_breaks", "lake.claims"}


def test_both_stand_on_the_page_and_nothing_printed_is_markup(
    week: WeekRows, small_week: ModuleType
) -> None:
    made = render(week, small_week.evidence())
    for name in ("index.html", "report.md"):
        text = made[name].decode()
        assert "Sizes held against what the venue traded" in text
        assert "Shares of printed totals that broke" in text
        assert "<b>Bybt" not in text
    assert b"Binance" in made["tables/venue_share_breaks.csv"]


def test_a_week_without_them_has_neither(small_week: ModuleType) -> None:
    made = render(small_week.week(), small_week.evidence())["index.html"].decode()
    assert "Sizes held against" not in made
    assert "that broke" not in made
