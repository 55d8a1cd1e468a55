"""The order of the runs: who is asked, and who is left out and why."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assets.command.flow import Flow
from assets.command.making import say_what_lacks
from pipelines.web import routine

NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
DAYS = [date(2026, 11, 9), date(2026, 11, 15)]


def flow(keyless: dict[str, str]) -> Flow:
    """A flow whose web knows nothing but the time and which keys are lacking."""
    web = SimpleNamespace(keyless=lambda: keyless, clock=SimpleNamespace(now=lambda: NOW))
    made = Flow.__new__(Flow)
    made.web = cast(Any, web)
    return made


def test_a_source_without_its_key_is_skipped_with_one_line_that_names_the_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = flow({"coinglass": "COINGLASS_API_KEY"})._askable(routine(), DAYS)
    daily = {dataset.source for dataset in routine()}
    assert {dataset.source for dataset in asked} == daily - {"coinglass"}
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "COINGLASS_API_KEY" in said


def test_what_a_source_no_longer_gives_is_not_asked() -> None:
    old = [date(2022, 6, 13)]
    names = {dataset.id for dataset in flow({})._askable(routine(), old)}
    assert "binance/open_interest" not in names  # kept for a month
    assert {"binance/bulk_metrics", "binance/funding"} <= names


def test_steps_that_lack_something_for_one_reason_are_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lacking = ["raw__okx__trades: no capture of that day", "raw__gate__funding: busy"]
    say_what_lacks([*lacking, "raw__bitmex__liquidation: no capture of that day"])
    assert capsys.readouterr().out.splitlines() == [
        "incomplete: okx/trades, bitmex/liquidation: no capture of that day",
        "incomplete: gate/funding: busy",
    ]
