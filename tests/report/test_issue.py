"""Editions: which one a page is, what moved since the one before, and why."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipelines.files import digest_of
from pipelines.report.errata import Erratum
from pipelines.report.evidence import Input
from pipelines.report.issue import Backing
from pipelines.report.publish import read_edition
from pipelines.report.rows import TABLES, week_rows
from pipelines.report.shelf import Shelf
from pipelines.report.weekly import render

ERRATUM = Erratum("2022-W24", 1, 2, date(2022, 7, 1), "An <order> was counted twice")


def restated(small_week):
    """The same week with one coin of CoinGlass higher by a dollar."""
    rows = small_week.week()
    frames = {name: getattr(rows, name) for name in TABLES}
    higher = (pl.col("source") == "coinglass") & (pl.col("position") == "long")
    frames["totals"] = frames["totals"].with_columns(
        pl.when(higher).then(pl.col("notional_usd") + Decimal(1)).otherwise("notional_usd")
    )
    frames["liquidations"] = frames["liquidations"].with_columns(
        pl.when(higher & (pl.col("coin") == "ETH"))
        .then(pl.col("notional_usd") + Decimal(1))
        .otherwise("notional_usd")
    )
    return week_rows(small_week.WEEK, frames)


@pytest.fixture
def second(edition, small_week):
    """The page made again after CoinGlass was asked again."""
    first = small_week.evidence()
    asked = Input(
        "raw/coinglass/liquidations_daily/index/x.parquet",
        "e" * 64,
        datetime(2022, 7, 5, tzinfo=UTC),
    )
    more = replace(first, inputs=(*first.inputs, asked), code_sha256="f" * 64)
    return render(restated(small_week), more, Backing(2, edition["report.json"]))


def told(files):
    return json.loads(files["report.json"])["edition"]


def test_a_first_edition_has_nothing_before_it(edition):
    first = told(edition)
    assert (first["number"], first["before"], first["moved"], first["because"]) == (1, [], [], [])


def test_a_page_made_again_names_each_number_that_moved_with_both_values(edition, second):
    moved = {one["key"]: (one["before"], one["after"]) for one in told(second)["moved"]}
    key = "total.coinglass.long"
    before, after = (Decimal(value) for value in moved[key])
    assert after - before == 1
    numbers = [
        {n["key"]: n["value"] for n in json.loads(files["report.json"])["numbers"]}
        for files in (edition, second)
    ]
    assert moved.keys() == {key for key in numbers[0] if numbers[0][key] != numbers[1][key]}


def test_it_says_which_answers_and_which_code_are_others(second):
    because = told(second)["because"]
    assert any(
        "coinglass/liquidations_daily asked again" in line and "eeeeeeeeeeee" in line
        for line in because
    )
    assert "other code: cccccccccccc became ffffffffffff" in because
    assert not any("libraries" in line for line in because)
    page = second["index.html"].decode()
    assert "Edition 2, " in page
    assert 'href="../2022-W24.1/index.html"' in page
    assert all(line in page for line in because)


def test_it_names_the_edition_before_by_its_digest(edition, second):
    (before,) = told(second)["before"]
    assert before["report_sha256"] == digest_of(edition["report.json"])


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        (datetime(2022, 6, 20, 6, tzinfo=UTC), "provisional"),
        (datetime(2022, 6, 27, 23, tzinfo=UTC), "provisional"),
        (datetime(2022, 6, 28, tzinfo=UTC), "revised"),
        (datetime(2022, 7, 24, 23, tzinfo=UTC), "revised"),
        (datetime(2022, 7, 25, tzinfo=UTC), "settled"),
    ],
)
def test_the_state_is_that_of_the_sums_asked_least_recently(small_week, asked, state):
    rows = small_week.week()
    coverage = rows.coverage.with_columns(
        asked_first=pl.when(pl.col("dataset") == "liquidations")
        .then(pl.lit(asked))
        .otherwise(pl.col("asked_first"))
    )
    files = render(replace(rows, coverage=coverage), small_week.evidence())
    assert told(files)["state"] == state


@pytest.fixture
def shelf(tmp_path, small_week, edition):
    made = Shelf(tmp_path / "reports", small_week.WEEK)
    made.put(edition)
    return made


def test_an_edition_that_is_followed_stays_as_it_was(shelf, edition, second):
    shelf.put(second)
    assert read_edition(shelf.folder) == second
    assert read_edition(shelf.earlier(1)) == edition
    assert shelf.numbers == [1]


def test_putting_an_edition_twice_makes_no_other(shelf, edition):
    shelf.put(edition)
    assert [path.name for path in shelf.reports.iterdir()] == ["2022-W24"]


def test_the_third_stands_on_the_second(shelf, second, small_week):
    shelf.put(second)
    backing = shelf.next_after(second["report.json"])
    third = render(small_week.week(), small_week.evidence(), backing)
    shelf.put(third)
    assert [one["number"] for one in told(third)["before"]] == [1, 2]
    assert shelf.backing_of(third["report.json"]).previous == second["report.json"]
    assert shelf.numbers == [1, 2]


def test_a_folder_whose_page_was_lost_goes_on_counting(shelf, second):
    shelf.put(second)
    (shelf.folder / "report.json").write_bytes(b"torn")
    assert shelf.standing() is None
    assert shelf.next_after(None).number == 2
