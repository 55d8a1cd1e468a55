"""Published claims on the page: the first one first, each with its verdict and its way back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType

import polars as pl
import pytest

from pipelines.report import allowed
from pipelines.report.columns import VERDICTS
from pipelines.report.published import FIRST, claims
from pipelines.report.rows import WeekRows
from pipelines.report.weekly import render

ROW = {
    "week": "2022-W24", "verdict": "not checkable", "reason": "Nothing is held <of> it.",
    "first_day": date(2025, 10, 25), "last_day": date(2025, 11, 30), "window_stated": "7d",
    "side": "long", "scope": "market", "value_usd": Decimal("2300000000"),
    "low_usd": Decimal("2250000000"), "high_usd": Decimal("2350000000"), "cells_searched": 0,
    "cells_fitting": 0, "base_rate": 0.125, "base_reached": 1, "base_windows": 8,
    "base_source": "coinglass", "base_venue": "several", "base_coin": "*", "base_coins": 7,
}  # fmt: skip


def with_claims(week: WeekRows, *rows: dict[str, object]) -> WeekRows:
    made = [ROW | row for row in rows]
    frame = pl.DataFrame(made, schema_overrides=dict(VERDICTS))
    absent = [pl.lit(None, t).alias(n) for n, t in VERDICTS.items() if n not in frame.columns]
    return replace(week, verdicts=frame.with_columns(absent).select(list(VERDICTS)))


@pytest.fixture
def week(small_week: ModuleType) -> WeekRows:
    near = {"first_day": date(2022, 6, 12), "last_day": date(2022, 6, 14)}
    return with_claims(
        small_week.week(),
        {"claim_id": "A1"},
        {"claim_id": "A2", "verdict": "internally inconsistent", "cells_searched": None},
        {"claim_id": "A3", **near},
        {"claim_id": FIRST},
    )


def test_the_first_claim_stands_first_then_those_of_the_week_then_what_is_decided(
    week: WeekRows,
) -> None:
    heads = [line.head.partition(":")[0] for line in claims(week).lines]
    assert heads == [FIRST, "A3", "A2", "A1"]


def test_the_base_rate_is_printed_with_its_windows(week: WeekRows) -> None:
    first = claims(week).lines[0]
    rate = first.cells[3]
    assert rate.main.printed == "12.5000 %"
    assert [getattr(part, "printed", part) for part in rate.beneath[0]] == [
        "1",
        "of",
        "8",
        "windows",
    ]
    assert rate.beneath[1] == ("CoinGlass · several venues, 7 coins",)
    assert rate.main.key == f"claim.{FIRST}.base"


def test_a_number_leads_to_the_verdict_the_ledger_and_the_sums(week: WeekRows) -> None:
    trail = claims(week).lines[0].cells[3].main.trail
    assert [step.table for step in trail] == [
        "lake.verdicts", "lake.claims", "lake.liquidation_totals",
    ]  # fmt: skip
    assert trail[0].first_day == week.week.monday
    assert (trail[1].first_day, trail[2].first_day) == (week.week.sunday, week.week.before.monday)


def test_the_section_is_in_every_form_of_the_edition(
    week: WeekRows, small_week: ModuleType
) -> None:
    files = render(week, small_week.evidence())
    html, text = (files[name].decode() for name in ("index.html", "report.md"))
    assert html.index('<section id="market">') < html.index('<section id="claims">')
    assert html.index('<section id="claims">') < html.index('<section id="gaps">')
    assert "Nothing is held &lt;of&gt; it." in html
    assert "| H045: longs, market, 7d, within 2025-10-25 to 2025-11-30" in text
    assert files["tables/claim_verdicts.csv"].count(b"\n") == 5
    assert f'"claim.{FIRST}.value"'.encode() in files["report.json"]


def test_what_a_verdict_quotes_of_a_source_is_not_passed_on_and_the_verdict_is(
    week: WeekRows,
) -> None:
    kept = allowed.passed_on(week.verdicts, "live")
    assert kept["claim_id"].to_list() == week.verdicts["claim_id"].to_list()
    assert set(kept["reason"]) == {allowed.UNQUOTED}
    assert allowed.passed_on(week.verdicts, "simulated:7")["reason"][0] == ROW["reason"]


def test_a_week_without_a_ledger_says_so(small_week: ModuleType) -> None:
    files = render(small_week.week(), small_week.evidence())
    assert b"No ledger of claims was read for this week." in files["index.html"]
