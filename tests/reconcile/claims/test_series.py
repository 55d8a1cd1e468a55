"""Series of what is held: sums by day and hour, events by the hour with their empty hours."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.claims.series import COINS_BY_HOUR, NOTHING, series_of, series_told
from pipelines.reconcile.claims.windows import Windows
from pipelines.tables import LIQUIDATIONS

DAY = date(2025, 9, 22)
HOUR, DAY_S = 3_600, 86_400


def event(hour, usd, coin="BTC", position="long", nth=0):
    return {
        "source": "bybit", "venue": "bybit", "coin": coin, "instrument_id": f"bybit:{coin}USDT",
        "time": datetime(2025, 9, 22, hour, 30, tzinfo=UTC), "nth": nth, "position": position,
        "size": Decimal(1), "size_unit": "coins", "notional_usd": Decimal(usd),
        "usd_basis": "par", "feed": "bybit/all_liquidation@2025-02-20", "coverage": "all",
        "asked_at": datetime(2025, 9, 23, tzinfo=UTC), "answer": "a" * 64,
    }  # fmt: skip


def events(*rows):
    made = pl.DataFrame(list(rows), schema_overrides=dict(LIQUIDATIONS.schema))
    absent = [n for n in LIQUIDATIONS.schema if n not in made.columns]
    return made.with_columns(
        pl.lit(None, dtype=LIQUIDATIONS.schema[name]).alias(name) for name in absent
    ).select(LIQUIDATIONS.schema.names())


def told(*rows):
    return replace(NOTHING, events=events(*rows).lazy())


def test_events_stand_by_day_and_by_the_hour_with_zero_in_the_hours_between():
    rows = series_told(told(event(3, "10"), event(5, "20", nth=1)))
    of_day = rows.filter(pl.col("step_s") == DAY_S, pl.col("coin") == "BTC")
    assert of_day["usd"].to_list() == [30]
    by_hour = rows.filter(pl.col("step_s") == HOUR, pl.col("coin") == "BTC").sort("time")
    assert by_hour["usd"].to_list() == [0, 0, 0, 10, 0, 20, *[0] * 18]


def test_all_coins_by_the_hour_are_summed_beyond_the_largest():
    many = [event(1, str(n + 1), coin=f"C{n:02}", nth=n) for n in range(COINS_BY_HOUR + 5)]
    rows = series_told(told(*many)).filter(pl.col("step_s") == HOUR)
    assert rows["coin"].n_unique() == COINS_BY_HOUR + 1
    of_all = rows.filter(pl.col("coin") == "*")
    assert of_all["usd"].sum() == sum(range(1, COINS_BY_HOUR + 6))
    assert set(of_all["coins"]) == {COINS_BY_HOUR + 5}
    windows = Windows(rows).of(3 * HOUR).filter(pl.col("coin") == "*")
    assert windows.height == 22
    assert windows["usd"].max() == of_all["usd"].sum()


def test_both_sides_are_a_third_one_only_where_both_are_held():
    rows = series_told(told(event(3, "10"), event(3, "5", position="short")))
    assert rows.filter(pl.col("side") == "total", pl.col("step_s") == DAY_S)["usd"].to_list() == [
        15
    ]
    alone = series_told(told(event(3, "10")))
    assert "total" not in set(alone["side"])


def test_events_are_read_of_the_days_around_a_claim_and_of_no_others(tmp_path, claim):
    lake = Lake(tmp_path)
    lake.write(LIQUIDATIONS, DAY, events(event(3, "10")), as_of="x")
    near = claim("10", event_date_utc="2025-09-22")
    assert series_of(lake, [DAY], [near]).height
    assert series_of(lake, [DAY], [claim("10", event_date_utc="2024-01-01")]).is_empty()
    assert series_of(lake, [DAY], [claim("150B", event_date_utc="2025", window="year")]).is_empty()
