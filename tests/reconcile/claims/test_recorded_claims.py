"""docs/claims.md says of every claim what the code says of it on the recorded market."""

from pathlib import Path

import pytest

from pipelines.house import House
from pipelines.lake import days_between
from pipelines.normalise.days import write_each
from pipelines.reconcile.claims.files import read_file
from pipelines.reconcile.claims.judging import judge
from pipelines.reconcile.claims.ledger import ledger_now
from pipelines.reconcile.claims.spans import read_days
from pipelines.reconcile.claims.windows import held_windows
from pipelines.settings import Settings
from pipelines.tables import LIQUIDATION_TOTALS
from pipelines.web import Web, routine

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "claims.md"
AFTER = "2026-03-05T06:00:00Z"
LISTS = ("instruments", "venues", "exchange_list", "pairs")
pytestmark = pytest.mark.skipif(
    not (SHARED / "recorded" / "manifest.json").exists(),
    reason="no recorded market beside the project",
)


def asked(house, names, first_to_last, **more):
    """The days that were asked about, as they are in the lake."""
    days = days_between(*(read_days(day).first for day in first_to_last))
    market = f"recorded:{SHARED / 'recorded'}"
    with Web(Settings(market=market, data=house.root, now=AFTER, **more), house) as web:
        for name in names:
            for dataset in routine((f"coinglass/{name}",)):
                assert web.ask(dataset, days).outcome.failed == {}
        _, failed = write_each(house, LIQUIDATION_TOTALS, days, web.clock.now())
    assert failed == {}


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("claims"))
    asked(house, (*LISTS, "liquidations_daily"), ("2020-12-23", "2022-12-31"))
    three = {"coins": "BTC", "exchange_list": "Binance,Bybit,OKX"}
    asked(house, ("liquidations_hourly",), ("2025-11-23", "2026-02-28"), **three)
    return held_windows(house.lake, ledger_now())


def told_of_the_page():
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells if row[0].startswith("H0")}


def test_the_page_has_the_verdict_and_reason_of_every_claim_and_a_persons_remark(windows):
    told = told_of_the_page()
    found = {one.id: [one.verdict.value, one.reason] for one in judge(ledger_now(), windows)}
    assert len(found) == 40
    assert {name: row[:2] for name, row in told.items()} == found
    assert all(row[2] for row in told.values())


def test_the_claim_that_the_project_began_with_stands_first_with_its_base_rate(windows):
    assert next(iter(told_of_the_page())) == "H045"
    first = next(one for one in judge(ledger_now(), windows) if one.id == "H045")
    # Two years and nine days have 733 windows of seven days.
    assert (first.rate.reached, first.rate.windows) == (70, 733)
    assert first.rate.cell["coins"] == 7


def test_the_file_as_it_was_printed_gets_the_verdicts_of_the_ledger(windows):
    printed = read_file((SHARED / "claims" / "published_claims.csv").read_bytes())
    by_file = {one.id: one.verdict for one in judge(printed, windows)}
    assert by_file == {one.id: one.verdict for one in judge(ledger_now(), windows)}
