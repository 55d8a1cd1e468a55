"""What the terms of a source allow is what an edition shows and passes on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import pytest

from pipelines.report import allowed
from pipelines.report.weekly import render
from pipelines.sources import SOURCES, Permission


def rows_of(edition: dict[str, bytes], name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(edition[f"tables/{name}.csv"].decode()))


def named_in(edition: dict[str, bytes], source: str) -> set[str]:
    """The tables in which the source has a row."""
    return {
        name
        for name in (n[7:-4] for n in edition if n.endswith(".csv"))
        for row in rows_of(edition, name)
        if name != "terms" and source in (row.get(c) for c in allowed.OF_SOURCES)
    }


def test_rows_of_a_source_that_may_not_be_passed_on_are_in_no_table(
    small_week: ModuleType,
) -> None:
    live = render(small_week.week(), small_week.evidence("live"))
    assert named_in(live, "coinglass") == set()
    assert {"weekly_liquidations", "daily_liquidations"} <= named_in(live, "coinalyze")
    assert "479,648,123" in live["index.html"].decode() or "479.65" in live["index.html"].decode()


def test_the_terms_say_what_was_left_out_and_where_they_stand(small_week: ModuleType) -> None:
    live = render(small_week.week(), small_week.evidence("live"))
    told = {row["source"]: row for row in rows_of(live, "terms")}
    assert told["coinglass"]["may_be_passed_on"] == "no"
    assert int(told["coinglass"]["rows_left_out"]) > 10
    assert told["coinalyze"]["rows_left_out"] == "0"
    assert told["coinalyze"]["address"].startswith("https://")
    page = live["index.html"].decode()
    assert "Its rows are in none of the tables" in page
    assert "asks to be cited" in page


def test_an_invented_market_belongs_to_nobody(edition: dict[str, bytes]) -> None:
    assert {"weekly_liquidations", "by_coin"} <= named_in(edition, "coinglass")
    assert {row["rows_left_out"] for row in rows_of(edition, "terms")} == {"0"}


def test_a_source_that_may_not_be_shown_is_on_no_page(
    small_week: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = replace(SOURCES["kraken"].terms, show=Permission.NO)
    changed = dict(SOURCES) | {"kraken": replace(SOURCES["kraken"], terms=forbidden)}
    monkeypatch.setattr(allowed, "SOURCES", changed)
    live = render(small_week.week(), small_week.evidence("live"))
    assert named_in(live, "kraken") == set()
    assert "Kraken" not in live["index.html"].decode().partition("<main")[2].partition("terms")[0]
    assert b'"kraken"' not in live["report.json"]


def test_every_source_says_where_its_terms_stand_and_what_was_found() -> None:
    for source in SOURCES.values():
        assert source.terms.address, source.id
        assert source.terms.words.endswith("."), source.id
