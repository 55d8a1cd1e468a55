"""What was known of a bucket at each release, whoever asked when."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.revisions import triangle
from pipelines.tables import RELEASES, REVISIONS

MONDAY = date(2022, 6, 13)
OVER = datetime(2022, 6, 14, tzinfo=UTC)  # the end of Monday
HOUR = timedelta(hours=1)


def releases(*askings, interval_s=86_400):
    """One bucket of Monday; each asking is (hours after Monday was over, dollars or None)."""
    rows = [
        {
            "source": "coinglass", "venue": "several", "coin": "BTC", "instrument_id": None,
            "scope": "Binance", "time": datetime(2022, 6, 13, tzinfo=UTC), "interval_s": interval_s,
            "position": "long", "asking": OVER + hours * HOUR, "is_told": usd is not None,
            "size_coins": None, "notional_usd": None if usd is None else Decimal(usd),
            "feed": "coinglass/liquidations_daily@2020-12-23", "asked_at": OVER + hours * HOUR,
            "answer": "a" * 64,
        }
        for hours, usd in askings
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=RELEASES.schema)


def one(*askings):
    (row,) = REVISIONS.conform(triangle(releases(*askings), MONDAY)).to_dicts()
    return row


def known(row):
    return [row[f"{stem}_usd"] for stem in ("first", "t1", "t8", "t35", "latest")]


def test_each_release_has_what_the_newest_asking_by_then_told():
    row = one((1, 100), (25, 110), (8 * 24, 120), (34 * 24, 90), (50 * 24, 95))
    assert known(row) == [100, 100, 120, 90, 95]
    assert (row["askings"], row["change"], row["revision_usd"]) == (5, "restated", -5)
    assert row["revision_log"] == pytest.approx(-0.051293)


def test_one_asking_stands_for_every_release_after_it_and_is_seen_to_be_one():
    row = one((1, 100))
    assert known(row) == [100] * 5
    asked = {row[f"{stem}_asked_at"] for stem in ("first", "t1", "t8", "t35", "latest")}
    assert asked == {OVER + HOUR}
    assert row["change"] == "asked_once"


def test_before_anybody_asked_nothing_was_known():
    row = one((20 * 24, 100), (40 * 24, 100))
    assert known(row) == [100, None, None, 100, 100]
    assert (row["t8_asked_at"], row["change"]) == (None, "equal")


@pytest.mark.parametrize(
    ("askings", "change"),
    [
        (((1, None), (25, 7)), "appeared"),
        (((1, 7), (25, None)), "withdrawn"),
        (((1, None), (25, 7), (30, None)), "withdrawn"),
        (((1, 7), (25, None), (30, 7)), "equal"),
        (((1, 0), (25, 7)), "restated"),
        (((1, "0.10"), (25, "0.1")), "equal"),
    ],
)
def test_what_became_of_a_figure_is_one_of_four_things(askings, change):
    row = one(*askings)
    assert row["change"] == change
    assert row["revision_log"] in (None, 0.0)


def test_coins_restated_without_a_price_are_restated():
    rows = releases((1, None), (25, None)).with_columns(
        is_told=pl.lit(value=True),
        size_coins=pl.Series([1, 2], dtype=RELEASES.schema["size_coins"]),
    )
    assert triangle(rows, MONDAY)["change"].to_list() == ["restated"]


ASKINGS = st.lists(
    st.tuples(st.integers(1, 60 * 24), st.one_of(st.none(), st.integers(0, 10**6))),
    min_size=1, max_size=8, unique_by=lambda asking: asking[0],
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ASKINGS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_known_is_what_was_asked_by_then(askings, chance):
    row = one(*askings)
    shuffled = list(askings)
    chance.shuffle(shuffled)
    assert one(*shuffled) == row
    for stem, days in (("t1", 1), ("t8", 8), ("t35", 35)):
        by_then = [usd for hours, usd in sorted(askings, key=lambda a: a[0]) if hours <= 24 * days]
        assert row[f"{stem}_usd"] == (by_then[-1] if by_then else None)
