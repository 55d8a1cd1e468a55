"""What is held, what each source gives today, and what it lacks."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import guide
from pipelines.extract.catalogue import CATALOGUE
from pipelines.house import House
from pipelines.sources import SOURCES
from pipelines.standing import first_day_given, lacking, standing

NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


def test_every_dataset_of_every_source_is_listed(tmp_path: Path) -> None:
    rows = standing(House(tmp_path), NOW)
    assert set(rows.select("source", "dataset").iter_rows()) == {
        (d.source, d.name) for d in CATALOGUE.values()
    }
    assert set(rows["source"]) == set(SOURCES)


@pytest.mark.parametrize(
    ("dataset", "first"),
    [
        ("binance/open_interest", date(2026, 10, 20)),
        ("bitget/liquidations", date(2026, 11, 16)),
        ("kraken/executions", date(2022, 3, 23)),
        ("deribit/open_interest", None),
        ("bybit/all_liquidation", None),
    ],
)
def test_it_says_since_when_a_source_still_answers(dataset: str, first: date | None) -> None:
    assert first_day_given(CATALOGUE[dataset], NOW) == first


def test_on_a_day_only_the_feeds_that_spoke_then_are_listed(tmp_path: Path) -> None:
    rows = standing(House(tmp_path), NOW, date(2023, 1, 1))
    shown = {(s, d): w for s, d, w in rows.select("source", "dataset", "shows").iter_rows()}
    assert shown["bybit", "all_liquidation"].startswith("one_of_second")
    assert ("hyperliquid", "node_fills") not in shown
    assert ("tardis", "liquidations") in shown


def test_what_a_source_does_not_publish_is_said() -> None:
    told = {one.source: one for one in lacking()}
    assert any("none are published" in line for line in told["kucoin"].lacks)
    assert any("closed" in line for line in told["bitmex"].lacks)
    assert told["bitget"].unverified


def test_the_page_of_sources_is_what_the_registry_says_now() -> None:
    assert guide.PAGE.read_text("utf-8") == guide.page()


def test_a_reader_of_the_page_learns_cover_time_throttle_and_ground_of_each_source() -> None:
    page = guide.PAGE.read_text("utf-8")
    for source in SOURCES.values():
        section = page.partition(f"\n## {source.name}\n")[2].partition("\n## ")[0]
        assert source.terms.address in section
        assert all(line in section for line in source.lacks)
        for dataset in CATALOGUE.values():
            if dataset.source == source.id:
                assert f"| `{dataset.name}` |" in section
    assert pl.Series(page.splitlines()).str.contains("unverified").any()
