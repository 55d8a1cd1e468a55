"""One row for each pair of sources of a season, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from pipelines.lake import Lake
from pipelines.reconcile.agree import agreements, contract_sizes
from pipelines.reconcile.closes import closes, day_boundaries
from pipelines.reconcile.hours import Hours, hours_of
from pipelines.reconcile.seasons import season_of, stretches
from pipelines.reconcile.week import MAKERS
from pipelines.tables import AGREEMENTS, CANDLES, DAY_BOUNDARIES
from pipelines.units import AMOUNT
from pipelines.weeks import Week

WEEK = Week.parse("2022-W24")
FIRST, LAST = season_of(WEEK)
NO_HOURS = Hours({}, {})
NO_CONTRACTS = pl.DataFrame(schema={"coin": pl.String, "size": pl.Float64})
TRUE = np.random.default_rng(1).lognormal(12, 1, 90)
SCHEMA = {
    "source": pl.String, "venue": pl.String, "coin": pl.String, "position": pl.String,
    "day": pl.Date, "scope": pl.String, "usd": AMOUNT,
}  # fmt: skip


def views(*told):
    """Daily dollars of a season from its first day on; None is a day that is not held."""
    rows = [
        (source, venue, "BTC", "long", FIRST + timedelta(days=n), venue, Decimal(f"{usd:.2f}"))
        for (source, venue), amounts in told
        for n, usd in enumerate(amounts)
        if usd is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def agreed(*told, hours=NO_HOURS, contracts=NO_CONTRACTS):
    made = agreements(views(*told), hours, contracts, WEEK.monday)
    return AGREEMENTS.conform(made).to_dicts()


TRACKER, VENUE = ("coinglass", "several"), ("bybit", "bybit")


def test_a_pair_is_held_against_each_other_over_the_days_that_both_hold():
    a = [None, 0, *(3 * TRUE[2:])]
    (row,) = agreed((TRACKER, a), (VENUE, [*TRUE[:88], None, 0]))
    assert (row["source_a"], row["source_b"]) == ("coinglass", "bybit")
    assert (row["days_both"], row["days_only_a"], row["days_only_b"]) == (88, 1, 1)
    assert (row["days_zero"], row["days_compared"]) == (2, 86)
    assert np.exp(row["mean_log_ratio"]) == pytest.approx(3, abs=1e-4)
    assert (row["first_day"], row["last_day"]) == (FIRST + timedelta(days=1), LAST)


def test_a_pair_without_a_day_in_common_has_no_row():
    assert agreed((TRACKER, [1.0, None]), (VENUE, [None, 1.0])) == []


def test_nine_days_have_a_row_that_says_why_it_is_empty():
    (row,) = agreed((TRACKER, TRUE[:9]), (VENUE, TRUE[:9]))
    assert "fewer than 10 days" in row["refused"]
    statistics = ("mean_log_ratio", "slope", "concordance", "rank_correlation", "best_lag_days")
    assert {row[name] for name in statistics} == {None}


def test_a_contract_that_a_listing_names_is_found_as_a_unit():
    listed = pl.DataFrame(
        {"coin": ["BTC", "BTC"], "contract_size": [0.0025, 1.0], "coins_per_base": [1.0, None]}
    )
    contracts = contract_sizes(listed)
    assert contracts.rows() == [("BTC", 0.0025)]
    (row,) = agreed((TRACKER, TRUE * 400), (VENUE, TRUE), contracts=contracts)
    assert row["unit_factor"] == pytest.approx(400)


def test_days_of_utc_plus_8_are_told_by_the_hours_of_the_other():
    hour = np.random.default_rng(2).lognormal(8, 2, 91 * 24)
    by_hour = pl.DataFrame(
        {
            "source": "bybit", "venue": "bybit", "coin": "BTC", "position": "long",
            "hour": [
                datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(hours=n - 24)
                for n in range(len(hour))
            ],
            "value": hour, "is_event": False,
        }
    )  # fmt: skip
    days = [hour[24 * n + 16 : 24 * n + 40].sum() for n in range(89)]
    told = (TRACKER, days), (VENUE, hour[24:].reshape(90, 24).sum(axis=1))
    printed = pl.DataFrame({"source": ["coinglass"], "venue": ["several"]})
    (row,) = agreed(*told, hours=hours_of(by_hour, views(*told), printed))
    assert (row["boundary_source"], row["boundary_offset_h"]) == ("coinglass", 8)
    assert row["boundary_days_best"] / row["boundary_days"] > 0.9


def test_an_hour_without_an_event_is_zero_on_a_day_with_events_and_else_not_held():
    made = pl.DataFrame(
        {
            "source": "bybit", "venue": "bybit", "coin": "BTC", "position": "long",
            "hour": [datetime(2022, 6, 13, 5, tzinfo=UTC), datetime(2022, 6, 15, 7, tzinfo=UTC)],
            "value": [3.0, 4.0], "is_event": True,
        }
    )  # fmt: skip
    made = made.with_columns(pl.col("hour").cast(pl.Datetime("ms", "UTC")))
    hours = hours_of(made, views(), made.select("source", "venue"))
    ((source, venue, coin, position),) = hours.by_hour
    cell = {"source_a": source, "venue_a": venue, "coin": coin, "position": position}
    track = hours.hours_of(cell, "a")
    assert np.isnan(track.values[24:48]).all()
    assert track.values[5] == 3
    assert np.nansum(track.values) == 7
    assert np.isfinite(track.values[:24]).all()


def candles(source, interval, values, **more):
    start = datetime.combine(FIRST, datetime.min.time(), UTC)
    rows = pl.DataFrame(
        {
            "source": source, "venue": "binance", "coin": "BTC", "kind": "last",
            "instrument_id": "binance:BTCUSDT", "interval_s": interval, "feed": f"{source}/c@1",
            "time": [start + timedelta(seconds=interval * n) for n in range(len(values))],
            "close": [Decimal(f"{value:.2f}") for value in values],
        }
        | more
    )  # fmt: skip
    missing = [pl.lit(None, t).alias(n) for n, t in CANDLES.schema.items() if n not in rows.columns]
    return rows.with_columns(missing).select(pl.col(n).cast(t) for n, t in CANDLES.schema.items())


def test_closes_at_utc_plus_8_are_told_by_hours_of_the_same_market_from_another_source():
    price = 30_000 * np.exp(np.random.default_rng(3).normal(0, 0.006, 91 * 24).cumsum())
    hourly = candles("binance", 3_600, price)
    daily = candles("coinglass", 86_400, price[15:][::24][:90])
    (row,) = day_boundaries(closes(pl.concat([hourly, daily])), WEEK.monday).to_dicts()
    assert (row["source"], row["hourly_source"], row["offset_h"]) == ("coinglass", "binance", 8)
    assert row["is_asserted"]
    own = candles("binance", 86_400, price[23:][::24], feed="binance/d@1")
    assert day_boundaries(closes(pl.concat([hourly, own])), WEEK.monday).is_empty()


def test_a_season_is_ninety_days_and_is_read_in_weeks():
    assert (LAST - FIRST).days == 89
    parts = stretches(WEEK)
    assert (parts[0][0], parts[-1]) == (FIRST, (WEEK.monday, WEEK.sunday))
    assert sum((last - first).days + 1 for first, last in parts) == 90


@pytest.mark.parametrize("table", [AGREEMENTS, DAY_BOUNDARIES])
def test_of_an_empty_lake_an_empty_table_is_made(tmp_path, table):
    (maker,) = (maker for maker in MAKERS if maker.table is table)
    made = maker.write(Lake(tmp_path), WEEK, datetime(2040, 1, 1, tzinfo=UTC))
    assert made.rows == 0
    assert maker.span(Lake(tmp_path), WEEK)[0] == FIRST == date(2022, 3, 22)
