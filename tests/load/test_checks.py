"""Every check is broken once on purpose, and is found to be; a sound lake breaks none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pipelines.files import digest
from pipelines.lake import Made, Manifest
from pipelines.load.models import Model
from pipelines.load.promises import all_checks
from pipelines.tables import (
    CANDLES,
    CLAIMS,
    COMPARISONS,
    FUNDING,
    GAPS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    OPEN_INTEREST,
    VERDICTS,
)

Plant = Callable[[Any], None]
BINANCE_B = {"source": "coinalyze", "venue": "binance", "usd_basis": "par", "notional_usd": 20}


def twisted(ground: Any, table: str, query: str) -> None:
    """Let the model of ``table`` make something else out of ``{sound}``, its own query."""
    ground.models = [
        replace(model, query=query.format(sound=f"({model.query})"))
        if model.table == table
        else model
        for model in ground.models
    ]


def negative_amounts(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0), low=-1)


def unmeasured_columns(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0)).write()
    ground.rows.clear()
    day = ground.at(0).date()
    path = ground.lake.path(CANDLES, day)
    ground.lake.read(CANDLES, day, day).write_parquet(path, statistics=False)
    made = Made(digest(path), 1, "2022-06-27T00:00:00Z", ())
    manifest = Manifest(CANDLES.name, day.isoformat(), "rows", made)
    path.with_suffix(".json").write_bytes(msgspec.json.encode(manifest))


def time_outside_day(ground: Any) -> None:
    ground.put(CANDLES, ground.at(1), filed=ground.at(0).date())


def lake_keys(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0)).put(CANDLES, ground.at(0), part="again")


def declared_keys(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0))
    twisted(ground, "core.published_buckets", "from {sound} union all from {sound}")


def declared_nulls(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0))
    twisted(
        ground, "core.published_buckets", "select * replace (null::varchar as coin) from {sound}"
    )


def weekly_totals_add_up(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0))
    twisted(
        ground,
        "mart.weekly_totals",
        "select * replace (cast(notional_usd + 0.01 as decimal(38, 18)) as notional_usd) from {sound}",
    )


def days_add_up(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0))
    twisted(ground, "mart.daily_liquidations", "from {sound} where not is_held")


def comparisons_rest_on_core(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=50)
    ground.put(LIQUIDATION_TOTALS, ground.at(0), **BINANCE_B)
    ground.put(COMPARISONS, ground.at(0), days_compared=1, a_usd=50, b_usd=21, gap_usd=29)


def funding_of_binance(ground: Any) -> None:
    ground.put(FUNDING, ground.at(0, 16), funding_rate="0.0001")
    coinalyze = {"source": "coinalyze", "feed": "coinalyze/funding@2019-09-01"}
    ground.put(FUNDING, ground.at(0), funding_rate="0.00010001", **coinalyze)


def dollars_without_basis(ground: Any) -> None:
    ground.put(LIQUIDATIONS, ground.at(0), usd_basis=None)
    ground.put(LIQUIDATION_TOTALS, ground.at(0), usd_basis=None)
    ground.put(OPEN_INTEREST, ground.at(0), open_interest_usd=1)


def one_event_feed(ground: Any) -> None:
    ground.put(LIQUIDATIONS, ground.at(0))
    ground.put(LIQUIDATIONS, ground.at(0), nth=1, feed="binance/bulk_orders@2020-01-01")


def rows_of_known_regimes(ground: Any) -> None:
    ground.put(LIQUIDATIONS, ground.at(0), feed="binance/force_orders@2021-04-28")
    ground.put(LIQUIDATION_TOTALS, ground.at(0), feed="coinglass/liquidations_daily@2099-01-01")


def weeks_hold_their_days(ground: Any) -> None:
    ground.put(COMPARISONS, ground.at(1))


def gap_parts_add_up(ground: Any) -> None:
    gap = {"a_usd": "10.02", "b_usd": "4.01", "gap_usd": "6.01"}
    ground.put(GAPS, ground.at(0), part_usd="4.01", **gap)
    ground.put(GAPS, ground.at(0), cause="venues", part_usd="1.99", **gap)
    ground.put(GAPS, ground.at(0), coin="ETH", a_usd=1)


def claims_have_verdicts(ground: Any) -> None:
    ground.put(CLAIMS, ground.at(6), claim_id="A").put(VERDICTS, ground.at(0), claim_id="B")


PLANTED: dict[str, tuple[Plant, int]] = {
    f"check.{plant.__name__}": (plant, rows)
    for plant, rows in (
        (negative_amounts, 1),
        (unmeasured_columns, 11),
        (time_outside_day, 1),
        (lake_keys, 1),
        (declared_keys, 1),
        (declared_nulls, 1),
        (weekly_totals_add_up, 1),
        (days_add_up, 1),
        (comparisons_rest_on_core, 1),
        (funding_of_binance, 1),
        (dollars_without_basis, 3),
        (one_event_feed, 1),
        (rows_of_known_regimes, 2),
        (weeks_hold_their_days, 1),
        (gap_parts_add_up, 2),
        (claims_have_verdicts, 2),
    )
}


@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_fault_breaks_its_check(ground: Any, check: str) -> None:
    plant, rows = PLANTED[check]
    plant(ground)
    files = {model.table for model in ground.models}
    known = [check] if check in files else ["core.published_buckets"]
    found = {broken.table: broken.rows for broken in ground.made(*known).broken}
    assert found.get(check) == rows


def test_no_check_is_without_a_planted_fault(models: list[Model]) -> None:
    stated = {model.table for model in [*models, *all_checks(models)]}
    assert {table for table in stated if table.startswith("check.")} == PLANTED.keys()


def test_a_sound_lake_breaks_nothing(ground: Any) -> None:
    for day in range(7):
        ground.put(LIQUIDATION_TOTALS, ground.at(day), notional_usd=50)
        ground.put(LIQUIDATION_TOTALS, ground.at(day), **BINANCE_B)
        ground.put(CANDLES, ground.at(day)).put(LIQUIDATIONS, ground.at(day))
        ground.put(FUNDING, ground.at(day, 16), funding_rate="-0.0001")
        coinalyze = {"source": "coinalyze", "feed": "coinalyze/funding@2019-09-01"}
        ground.put(FUNDING, ground.at(day), funding_rate="-0.0001", **coinalyze)
    ground.put(
        COMPARISONS, ground.at(0), days_compared=7, a_usd=350, b_usd=140, gap_usd=-10, ratio=2.5
    )
    gap = {"a_usd": "10.02", "b_usd": "14.01", "gap_usd": "-3.99"}
    ground.put(GAPS, ground.at(0), part_usd="-6.01", **gap)
    ground.put(GAPS, ground.at(0), cause="venues", part_usd="2.02", **gap)
    assert ground.build().broken == ()


def test_a_comparison_may_leave_out_days_that_only_one_holds_and_no_others(ground: Any) -> None:
    for day in range(3):
        ground.put(LIQUIDATION_TOTALS, ground.at(day), notional_usd=50)
    ground.put(LIQUIDATION_TOTALS, ground.at(2), **BINANCE_B)
    ground.put(COMPARISONS, ground.at(0), days_compared=1, days_only_a=2, a_usd=50, b_usd=20)
    assert ground.made("check.comparisons_rest_on_core").broken == ()


def test_parts_of_a_day_that_hold_different_markets_are_no_repetition(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0)).put(CANDLES, ground.at(0), part="b", kind="mark")
    ground.put(CANDLES, ground.at(0), part="c", instrument_id="binance:ETHUSDT")
    assert ground.made("core.candle_days").broken == ()


def test_a_settlement_before_the_last_of_the_day_is_not_held_against_coinalyze(ground: Any) -> None:
    ground.put(FUNDING, ground.at(0, 8), funding_rate="0.0009")
    coinalyze = {"source": "coinalyze", "feed": "coinalyze/funding@2019-09-01"}
    ground.put(FUNDING, ground.at(0), funding_rate="0.0001", **coinalyze)
    assert ground.made("check.funding_of_binance").broken == ()


def test_funding_and_gaps_may_be_negative(ground: Any) -> None:
    ground.put(FUNDING, ground.at(0) + timedelta(hours=8), funding_rate="-0.02")
    ground.put(COMPARISONS, ground.at(0), gap_usd=-5)
    ground.put(GAPS, ground.at(0), gap_usd=-5, part_usd=-5)
    assert ground.made("check.negative_amounts").broken == ()
