"""Every finding is found where it is planted, says so in words, and is not found elsewhere."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.load.models import Model
from pipelines.tables import (
    AGREEMENTS,
    CANDLES,
    DAY_BOUNDARIES,
    FUNDING,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LISTENING,
    MATCHES,
    OPEN_INTEREST,
    REPORTED_ORDERS,
    VOLUME_CHECKS,
)

Plant = Callable[[Any], None]
COINGLASS = {"source": "coinglass", "venue": "several", "usd_basis": "published"}
BINANCE_BY_COINALYZE = {"source": "coinalyze", "venue": "binance", "usd_basis": "par"}


def put_open_interest(ground: Any, stable: int, total: int, coin_margined: int) -> Any:
    ground.put(INSTRUMENTS, ground.at(0))
    ground.put(CANDLES, ground.at(0), source="coinglass", interval_s=86_400, close=20_000)
    for kind, dollars in (("stable", stable), ("total", total), ("coin_margined", coin_margined)):
        ground.put(
            OPEN_INTEREST,
            ground.at(0),
            instrument_id=None,
            interval_s=86_400,
            scope=f"{kind}: OKX,Binance",
            open_interest_usd=dollars,
            feed="coinglass/open_interest@2020-01-01",
            **COINGLASS,
        )
    return ground


def stable_open_interest_unit(ground: Any) -> None:
    put_open_interest(ground, 141_117, 10_814_117_760, 1_690_000_000)


def part_exceeds_whole(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=100)
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=101, **BINANCE_BY_COINALYZE)


def feeds_disagree(ground: Any) -> None:
    ground.put(FUNDING, ground.at(0, 8), funding_rate="0.0001")
    ground.put(
        FUNDING, ground.at(0, 8), funding_rate="0.0002", feed="binance/bulk_funding@2020-01-01"
    )


def closes_disagree(ground: Any) -> None:
    ground.put(CANDLES, ground.at(3), interval_s=86_400, close=1000)
    ground.put(
        CANDLES,
        ground.at(3),
        interval_s=86_400,
        close=1002,
        source="coinglass",
        feed="coinglass/p@1",
    )


def hours_not_adding_up(ground: Any) -> None:
    for hour in range(24):
        ground.put(LIQUIDATION_TOTALS, ground.at(0, hour), interval_s=3_600, notional_usd=1)
    ground.put(LIQUIDATION_TOTALS, ground.at(0), notional_usd=25)


def listings_disagree(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0))
    ground.put(INSTRUMENTS, ground.at(0), source="coinalyze", coins_per_base=1000)


def order_side_meaning(ground: Any) -> None:
    ground.put(REPORTED_ORDERS, ground.at(0, 1), side_raw="2", notional_usd=95)
    ground.put(REPORTED_ORDERS, ground.at(0, 2), side_raw="1", notional_usd=5)
    for position, dollars in (("long", 900), ("short", 100)):
        ground.put(LIQUIDATION_TOTALS, ground.at(0), position=position, notional_usd=dollars)


def partly_heard_hours(ground: Any) -> None:
    ground.put(LISTENING, ground.at(0, 0)).put(LISTENING, ground.at(0, 1), minutes_heard=48)
    ground.put(LISTENING, ground.at(0, 2), minutes_heard=0)


def day_ends_elsewhere(ground: Any) -> None:
    ground.put(DAY_BOUNDARIES, ground.at(0), offset_h=8)
    ground.put(DAY_BOUNDARIES, ground.at(0), offset_h=0, first_day=date(2022, 6, 1))
    ground.put(DAY_BOUNDARIES, ground.at(0), offset_h=3, coin="ETH", is_asserted=False,
               instrument_id="binance:ETHUSDT")  # fmt: skip


def days_shifted(ground: Any) -> None:
    ground.put(AGREEMENTS, ground.at(0), best_lag_days=-1)


def level_breaks(ground: Any) -> None:
    change = {"level_break_step": 1.6094, "level_break_chance": 0.0}
    ground.put(AGREEMENTS, ground.at(0), level_break_day=date(2022, 5, 2), **change)


def unit_faults(ground: Any) -> None:
    ground.put(AGREEMENTS, ground.at(0), unit_factor=1000.0)


def feed_lost_events(ground: Any) -> None:
    estimate = {"events_estimated": 103, "events_estimated_se": 0, "lost_a_pct": 0}
    ground.put(MATCHES, ground.at(0), only_a=3, lost_b_pct=2.912621, **estimate)


def sizes_in_contracts(ground: Any) -> None:
    spreads = {"spread_told": 4.2, "spread_contracts": 0.8, "is_in_contracts": True}
    held = {"cells_checked": 9, "coins_per_contract": 0.1, "contract_known_by": "volume"}
    for coin in ("BTC", "ETH", "SOL"):
        ground.put(VOLUME_CHECKS, ground.at(0), coin=coin, **held, **spreads)
    ground.put(VOLUME_CHECKS, ground.at(0), source="binance", venue="binance")


def sizes_exceed_volume(ground: Any) -> None:
    ground.put(VOLUME_CHECKS, ground.at(0), cells_exceeding=3, share_most=77.004)
    ground.put(VOLUME_CHECKS, ground.at(0), coin="ETH", share_most=0.4)


def volume_units(ground: Any) -> None:
    for coin, source in (("BTC", "okx"), ("ETH", "okx"), ("ETH", "coinalyze")):
        ground.put(VOLUME_CHECKS, ground.at(0), coin=coin, source=source,
                   volume_reading="contracts")  # fmt: skip
    ground.put(VOLUME_CHECKS, ground.at(0), venue="hyperliquid", volume_reading=None)


WORDS: dict[str, tuple[Plant, str, str, list[str]]] = {
    f"finding.{plant.__name__}": (plant, source, subject, words)
    for plant, source, subject, words in (
        (
            stable_open_interest_unit,
            "coinglass",
            "BTC",
            ["141,117", "10,814,117,760", "15.63 %", "41.73 %: it is in coins", "2022-06-13"],
        ),
        (
            part_exceeds_whole,
            "coinglass",
            "BTC long, binance by coinalyze",
            ["on 1 of the days", "2022-06-15, 101.00 against 100.00"],
        ),
        (
            feeds_disagree,
            "binance",
            "funding, bulk_funding and funding",
            ["1 of 1 cells", "binance:BTCUSDT on 2022-06-13", "0.0002"],
        ),
        (closes_disagree, "binance", "coinglass", ["1 of 1 daily closes", "by 0.20 %"]),
        (
            hours_not_adding_up,
            "coinglass",
            "several BTC long",
            ["most on 2022-06-13, 24.00 against 25.00"],
        ),
        (
            listings_disagree,
            "binance",
            "binance:BTCUSDT",
            ["binance has 1.000000 BTC, coinalyze has 1000.000000 BTC"],
        ),
        (
            order_side_meaning,
            "coinglass",
            "side of single orders",
            ["Of 1 one-sided days", "side 2 on 1: 2 is a liquidated long."],
        ),
        (
            partly_heard_hours,
            "binance",
            "force_orders",
            ["only part of 1 hours; 12 minutes", "2022-06-13 01:00 UTC"],
        ),
        (
            day_ends_elsewhere,
            "coinglass",
            "closes of binance:BTCUSDT by binance, 2022-05-01 to 2022-05-30",
            ["begin 8 hours before 00:00 UTC", "of 30 days, 29 fit that hour best"],
        ),
        (
            days_shifted,
            "coinalyze",
            "BTC long, binance against coinglass several",
            ["one day later than their dates say, by 90 days"],
        ),
        (
            level_breaks,
            "coinglass",
            "BTC long, several against coinalyze binance",
            ["from 2022-05-02 on", "is 5.00 times what it was"],
        ),
        (
            unit_faults,
            "coinglass",
            "BTC long, several against coinalyze binance",
            ["1000.0 times", "on the middle of 90 days"],
        ),
        (
            feed_lost_events,
            "kraken",
            "trade against executions",
            ["lacks 3 of 103 events", "estimated to have lost 2.91 percent"],
        ),
        (
            sizes_in_contracts,
            "okx",
            "okx",
            ["ten to the 4.2 as told", "to the 0.8 if the sizes are contracts (BTC, ETH, SOL)"],
        ),
        (
            sizes_exceed_volume,
            "okx",
            "okx BTC",
            ["in 3 of 336 hours and sides", "77.00 times as much"],
        ),
        (
            volume_units,
            "okx",
            "contracts",
            ["volume of okx counts contracts, not coins", "for BTC, ETH."],
        ),
    )
}


@pytest.mark.parametrize("finding", WORDS)
def test_a_planted_fault_is_found_and_told_and_blocks_nothing(ground: Any, finding: str) -> None:
    plant, source, subject, words = WORDS[finding]
    plant(ground)
    assert ground.made("mart.findings").broken == ()
    found = ground.ask("select week, finding, source, subject, sentence from mart.findings")
    assert [row[:4] for row in found] == [
        ("2022-W24", finding.removeprefix("finding."), source, subject)
    ]
    for word in words:
        assert word in found[0][4]


def test_no_finding_is_without_a_planted_fault(models: list[Model]) -> None:
    assert {m.table for m in models if m.schema == "finding"} == WORDS.keys()


def findings(ground: Any) -> list[Any]:
    ground.made("mart.findings")
    return list(ground.ask("select finding, sentence from mart.findings"))


def test_stable_open_interest_in_dollars_is_no_finding(ground: Any) -> None:
    put_open_interest(ground, 9_000_000_000, 10_814_117_760, 1_690_000_000)
    assert findings(ground) == []


def test_stable_open_interest_above_the_total_cannot_be_dollars_even_without_a_price(
    ground: Any,
) -> None:
    put_open_interest(ground, 1_111_494_978, 127_665_453, 0)
    del ground.rows["candles", ground.at(0).date(), "rows"]
    ((finding, sentence),) = findings(ground)
    assert finding == "stable_open_interest_unit"
    assert sentence.endswith("870.63 % of the total: it cannot be in dollars.")


def test_a_venue_that_the_sum_does_not_include_may_exceed_it(ground: Any) -> None:
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=100, scope="OKX,Bybit")
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=101, **BINANCE_BY_COINALYZE)
    assert findings(ground) == []


def test_every_venue_includes_each(ground: Any) -> None:
    scope = "every venue that CoinGlass covered at the time (the list was not kept)"
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=100, scope=scope)
    ground.put(LIQUIDATION_TOTALS, ground.at(2), notional_usd=101, **BINANCE_BY_COINALYZE)
    assert [name for name, _ in findings(ground)] == ["part_exceeds_whole"]


def test_feeds_that_agree_and_days_that_are_not_over_are_no_finding(ground: Any) -> None:
    ground.put(FUNDING, ground.at(0, 8)).put(
        FUNDING, ground.at(0, 8), feed="binance/bulk_funding@2020-01-01"
    )
    ground.put(CANDLES, ground.at(3, 5), close=1000)
    ground.put(
        CANDLES,
        ground.at(3),
        interval_s=86_400,
        close=1002,
        source="coinglass",
        feed="coinglass/p@1",
    )
    assert findings(ground) == []


def test_few_events_or_few_of_many_lacking_are_no_finding(ground: Any) -> None:
    ground.put(MATCHES, ground.at(0), matched_exactly=10, only_a=5)
    ground.put(MATCHES, ground.at(0), source="okx", matched_exactly=1000, only_b=9)
    assert findings(ground) == []
