"""What each feed could have shown on any day: the eras and the table of regimes are one thing."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from pipelines.normalise.registry import READERS
from pipelines.regimes import SCHEMA, regimes
from pipelines.tables import LIQUIDATION_TOTALS, LIQUIDATIONS

TOLD = (LIQUIDATIONS, LIQUIDATION_TOTALS)


def on(day: date, source: str, dataset: str) -> list[str]:
    held = regimes().filter(
        pl.col("canonical") == "liquidations",
        pl.col("source") == source,
        pl.col("dataset") == dataset,
        pl.col("first_day") <= day,
        pl.col("last_day").fill_null(date.max) >= day,
    )
    return held["coverage"].to_list()


def test_every_era_of_every_reader_is_a_row_and_nothing_else_is() -> None:
    eras = {(r.table.name, r.feed(era)) for r in READERS for era in r.eras}
    assert set(regimes().select("canonical", "feed").iter_rows()) == eras
    assert regimes().schema == SCHEMA


@pytest.mark.parametrize(
    ("day", "source", "dataset", "shown"),
    [
        (date(2021, 4, 26), "binance", "force_orders", ["unknown"]),
        (date(2021, 4, 27), "binance", "force_orders", ["one_of_second"]),
        (date(2025, 2, 19), "bybit", "all_liquidation", ["one_of_second"]),
        (date(2025, 2, 20), "bybit", "all_liquidation", ["all"]),
        (date(2026, 8, 19), "gate", "public_liquidates", ["one_of_second"]),
        (date(2026, 8, 20), "gate", "public_liquidates", ["all"]),
        (date(2026, 9, 24), "bitmex", "liquidation", []),
        (date(2026, 6, 30), "binance_coin_m", "force_orders", []),
    ],
)
def test_it_says_what_a_feed_could_have_shown_on_a_day(
    day: date, source: str, dataset: str, shown: list[str]
) -> None:
    assert on(day, source, dataset) == shown


def test_the_regimes_of_a_feed_leave_no_day_between_them() -> None:
    for _, rows in regimes().group_by("canonical", "source", "dataset"):
        spans = rows.sort("first_day").select("first_day", "last_day").rows()
        for (_, last), (first, _) in pairwise(spans):
            assert (first - last).days == 1


@pytest.mark.parametrize("reader", [r for r in READERS if r.table in TOLD], ids=lambda r: r.dataset)
def test_a_feed_of_liquidations_says_its_price_its_unit_its_side_and_its_ground(reader) -> None:
    for era in reader.eras:
        assert era.shown is not None
        assert era.evidence
        if reader.table is LIQUIDATIONS:
            assert era.shown.price
            assert era.shown.size


def test_whatever_is_told_first_by_another_dataset_names_one_that_comes_first_itself() -> None:
    feeds = {(r.source, r.dataset): r for r in READERS if r.table is LIQUIDATIONS}
    for reader in feeds.values():
        if reader.told_first_by:
            assert not feeds[reader.source, reader.told_first_by].told_first_by
