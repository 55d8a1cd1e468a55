"""Every asking about a publisher's sums, side by side: what each told, and what it lacked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl

from pipelines.normalise.releases import TOLD, side_by_side
from pipelines.tables import RELEASES

DAY = date(2022, 6, 13)
MIDNIGHT = datetime(2022, 6, 13, tzinfo=UTC)
ASKINGS = ("2022-06-14T06:00:00.000000Z", "2022-06-22T06:00:00.000000Z")


def told(*rows):
    """Each (asking, hour, dollars, scope)."""
    made = [
        {
            "source": "coinglass", "venue": "several", "coin": "BTC", "scope": scope,
            "time": MIDNIGHT + timedelta(hours=hour), "interval_s": 3600, "position": "long",
            "notional_usd": Decimal(usd), "feed": "coinglass/liquidations_hourly@2020-12-23",
            "asked_at": datetime.fromisoformat(asking), "answer": "t" * 64, "subject": "BTC",
            "asking": asking, "day": DAY,
        }
        for asking, hour, usd, scope in rows
    ]  # fmt: skip
    schema = {**TOLD.schema, "asking": pl.String(), "day": pl.Date()}
    return pl.DataFrame(made, schema=schema)


def asked(*askings, subject="BTC"):
    return pl.DataFrame(
        [
            {
                "subject": subject, "day": DAY, "asking": asking,
                "asked_at": datetime.fromisoformat(asking), "answer": "n" * 64,
            }
            for asking in askings
        ],
        schema_overrides={"asked_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip


def rows(told_rows, asked_rows):
    made = RELEASES.conform(side_by_side(told_rows, asked_rows))
    named = made.select("scope", pl.col("time").dt.hour(), pl.col("asking").dt.day(), "is_told")
    return set(named.iter_rows())


def test_a_bucket_that_one_asking_lacks_is_a_row_of_it_all_the_same():
    both = told((ASKINGS[0], 1, 5, "A"), (ASKINGS[1], 1, 5, "A"), (ASKINGS[1], 2, 7, "A"))
    assert rows(both, asked(*ASKINGS)) == {
        ("A", 1, 14, True), ("A", 1, 22, True), ("A", 2, 14, False), ("A", 2, 22, True),
    }  # fmt: skip


def test_an_asking_for_other_venues_was_another_question_and_lacks_nothing():
    other = told((ASKINGS[0], 1, 5, "A"), (ASKINGS[1], 1, 9, "A,B"))
    assert rows(other, asked(*ASKINGS)) == {("A", 1, 14, True), ("A,B", 1, 22, True)}


def test_an_asking_that_told_nothing_of_the_day_lacks_all_of_it():
    assert rows(told((ASKINGS[0], 1, 5, "A")), asked(*ASKINGS)) == {
        ("A", 1, 14, True), ("A", 1, 22, False),
    }  # fmt: skip


def test_an_asking_about_everything_is_about_each_subject():
    everything = pl.concat([asked(ASKINGS[0]), asked(ASKINGS[1], subject="*")])
    assert ("A", 1, 22, False) in rows(told((ASKINGS[0], 1, 5, "A")), everything)


def test_a_bucket_that_was_not_over_is_not_a_release():
    early = "2022-06-13T01:30:00.000000Z"
    at_once = told((early, 0, 5, "A"), (early, 1, 2, "A"), (ASKINGS[0], 1, 5, "A"))
    assert rows(at_once, asked(early, ASKINGS[0])) == {
        ("A", 0, 13, True), ("A", 0, 14, False), ("A", 1, 14, True),
    }  # fmt: skip
