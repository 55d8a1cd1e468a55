"""What the mart says of restated sums, and of two feeds of one source."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pipelines.tables import MATCHES, REVISIONS

COUNTS = "cells, cells_asked_again, cells_equal, cells_restated, cells_appeared, cells_withdrawn"


def put_cell(ground: Any, day: int, first: int | None, t8: int | None, latest: int | None) -> None:
    """A bucket that was asked for in the first night, on the eighth day, and a month later."""
    asked = ground.at(day) + timedelta(days=1, hours=6)
    ground.put(
        REVISIONS,
        ground.at(0),
        bucket=ground.at(day),
        first_usd=first,
        first_asked_at=asked,
        t1_usd=first,
        t1_asked_at=asked,
        t8_usd=t8,
        t8_asked_at=asked + timedelta(days=7),
        t35_usd=latest,
        t35_asked_at=asked + timedelta(days=30),
        latest_usd=latest,
        latest_asked_at=asked + timedelta(days=30),
    )


def test_each_release_counts_what_had_changed_by_then_and_only_where_it_was_asked_again(
    ground: Any,
) -> None:
    put_cell(ground, 0, 100, 100, 110)
    put_cell(ground, 1, 100, 120, 120)
    put_cell(ground, 2, None, 50, 50)
    put_cell(ground, 3, 70, 70, None)
    ground.made("mart.revisions")
    found = ground.ask(f"select release, {COUNTS} from mart.revisions order by release")
    assert found == [
        ("T+1", 4, 0, 0, 0, 0, 0),
        ("T+35", 4, 4, 0, 2, 1, 1),
        ("T+8", 4, 4, 2, 1, 1, 0),
        ("latest", 4, 4, 0, 2, 1, 1),
    ]


def test_means_are_over_cells_told_both_times_in_dollars_and_as_logarithms(ground: Any) -> None:
    put_cell(ground, 0, 100, 100, 110)
    put_cell(ground, 1, 100, 100, 80)
    put_cell(ground, 2, 0, 0, 5)
    ground.made("mart.revisions")
    ((usd, wide, log, far, first, later),) = ground.ask(
        "select mean_revision_usd, mean_absolute_revision_usd, mean_revision_log, "
        "mean_absolute_revision_log, first_usd, release_usd from mart.revisions "
        "where release = 'latest'"
    )
    assert (usd, wide) == (-1.67, 11.67)
    assert log == pytest.approx(-0.063917)  # (ln 1.1 + ln 0.8) / 2
    assert far == pytest.approx(0.159227)
    assert (first, later) == (Decimal(200), Decimal(195))


def test_the_overlap_of_a_week_adds_up_its_days_and_estimates_where_a_day_has_one(
    ground: Any,
) -> None:
    first, second = ground.at(0).date(), ground.at(1).date()
    ground.put(
        MATCHES, ground.at(0), day=first, only_a=10, only_b=0, events_estimated=110,
        events_estimated_se=3, lost_a_pct=0, lost_b_pct=9.090909,
    )  # fmt: skip
    ground.put(MATCHES, ground.at(0), day=second, matched_exactly=2, only_b=1, unheard_a=7)
    ground.made("mart.feed_overlap")
    assert ground.ask("select * exclude (week, source) from mart.feed_overlap") == [
        ("executions", "trade", 2, 102, 0, 10, 1, 7, 0, 1, 110.0, 3.0, 0.0, 9.0909)
    ]


def test_a_cell_that_is_as_it_was_is_in_no_list(ground: Any) -> None:
    put_cell(ground, 0, 100, 100, 110)
    ground.put(REVISIONS, ground.at(0), bucket=ground.at(1), change="equal", first_usd=5)
    ground.put(REVISIONS, ground.at(0), bucket=ground.at(2), change="asked_once")
    ground.made("mart.revised_cells")
    found: list[tuple[datetime, str]] = ground.ask("select bucket, change from mart.revised_cells")
    assert [(bucket.date(), change) for bucket, change in found] == [
        (ground.at(0).date(), "restated")
    ]
