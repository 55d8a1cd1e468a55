"""Price, open interest and funding: one feed a day, one market a price, no invented dollars."""

from decimal import Decimal
from typing import Any

from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, OPEN_INTEREST

DAYS, WEEKS = "core.market_days", "mart.weekly_market"


def test_a_day_opens_with_its_first_candle_and_closes_with_its_last(ground: Any) -> None:
    for hour, (first, last) in enumerate([("10", "11"), ("11", "9"), ("9", "9.5")]):
        ground.put(
            CANDLES, ground.at(0, hour), open=first, close=last, high=hour + 20, low=hour + 1
        )
    ground.made(DAYS)
    assert ground.ask(
        """
        select price_open, price_high, price_low, price_close, volume_coins, turnover_usd, hours_held
        from core.market_days
        """
    ) == [(10, 22, 1, Decimal("9.5"), 15, None, 3)]


def test_of_two_feeds_the_one_that_holds_more_of_the_day_counts_and_volume_is_not_doubled(
    ground: Any,
) -> None:
    for hour in range(2):
        ground.put(CANDLES, ground.at(0, hour), feed="binance/bulk_klines@2019-09-08")
    ground.put(CANDLES, ground.at(0, 0), close=99).made(DAYS)
    assert ground.ask("select volume_coins, price_close from core.market_days") == [(10, 11)]


def test_mark_and_index_candles_are_no_trades(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0), kind="mark", close=7, volume_coins=None)
    ground.put(CANDLES, ground.at(0), kind="index", close=8, volume_coins=None).made(DAYS)
    assert ground.ask("select price_close, mark_close, hours_held from core.market_days") == [
        (None, 7, None)
    ]


def test_a_daily_candle_holds_all_hours(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0), interval_s=86_400).made(DAYS)
    assert ground.ask("select hours_held from core.market_days") == [(24,)]


def test_open_interest_is_the_last_of_the_day_and_a_published_dollar_stays_as_it_is(
    ground: Any,
) -> None:
    dollars = Decimal("12345678901234567890.123456789012345678")
    ground.put(OPEN_INTEREST, ground.at(0, 1), open_interest_usd=1, usd_basis="published")
    ground.put(OPEN_INTEREST, ground.at(0, 23), open_interest_usd=dollars, usd_basis="published")
    ground.made(DAYS)
    assert ground.ask("select open_interest_usd, open_interest_basis from core.market_days") == [
        (dollars, "published")
    ]


def test_coins_are_dollars_only_by_estimate_at_the_close_and_the_basis_says_so(ground: Any) -> None:
    ground.put(INSTRUMENTS, ground.at(0), coins_per_base=1000)
    ground.put(CANDLES, ground.at(0), close="0.0333")
    ground.put(OPEN_INTEREST, ground.at(0), open_interest_coins=1_000_000).made(DAYS)
    assert ground.ask(
        "select open_interest_usd, open_interest_coins, open_interest_basis from core.market_days"
    ) == [(Decimal("33.3"), 1_000_000, "coins_at_close_par")]


def test_coins_without_a_close_or_a_listing_are_no_dollars(ground: Any) -> None:
    ground.put(OPEN_INTEREST, ground.at(0), open_interest_coins=5)
    ground.put(CANDLES, ground.at(1)).put(OPEN_INTEREST, ground.at(1), open_interest_coins=5)
    ground.made(DAYS)
    assert ground.ask("select open_interest_usd, open_interest_basis from core.market_days") == [
        (None, None),
        (None, None),
    ]


def test_a_coin_figure_is_the_total_and_not_one_margin_of_it(ground: Any) -> None:
    whole = {
        "source": "coinglass",
        "venue": "several",
        "instrument_id": None,
        "usd_basis": "published",
    }
    for kind, dollars in (("stable", 1), ("total", 5), ("coin_margined", 3)):
        ground.put(
            OPEN_INTEREST, ground.at(0), scope=f"{kind}: OKX", open_interest_usd=dollars, **whole
        )
    ground.made(DAYS)
    assert ground.ask("select instrument_id, open_interest_usd from core.market_days") == [
        (None, 5)
    ]


def test_funding_is_last_sum_and_count_of_the_days_settlements(ground: Any) -> None:
    for hour, rate in ((0, "0.0001"), (8, "-0.0003"), (16, "0.000123")):
        ground.put(FUNDING, ground.at(0, hour), funding_rate=rate)
    ground.made(DAYS)
    assert ground.ask(
        "select funding_last, funding_sum, funding_count, hour(funding_last_at) from core.market_days"
    ) == [(Decimal("0.000123"), Decimal("-0.000077"), 3, 16)]


def two_weeks(ground: Any, **values: Any) -> Any:
    for day in range(-7, 7):
        ground.put(CANDLES, ground.at(day), interval_s=86_400, open=90, close=100 + day, **values)
        ground.put(FUNDING, ground.at(day), funding_rate="0.0001" if day < 0 else "0.0002")
        ground.put(
            OPEN_INTEREST,
            ground.at(day),
            interval_s=86_400,
            open_interest_usd=200 + day,
            usd_basis="published",
        )
    return ground


def test_a_week_stands_beside_the_week_before(ground: Any) -> None:
    two_weeks(ground).made(WEEKS)
    assert ground.ask(
        """
        select
            price_open, price_close, price_change_pct, price_before,
            open_interest_usd, open_interest_before_usd, open_interest_change_pct,
            funding_mean, funding_before, funding_sum, days_held, days_held_before
        from mart.weekly_market where week = '2022-W24'
        """
    ) == [
        (
            *(90, 106, 17.777778, 99),
            *(206, 199, 3.517588),
            *(Decimal("0.0002"), Decimal("0.0001"), Decimal("0.0014")),
            *(7, 7),
        )
    ]


def test_the_first_week_has_none_before_it(ground: Any) -> None:
    two_weeks(ground).made(WEEKS)
    assert ground.ask(
        """
        select price_before, open_interest_before_usd, open_interest_change_pct, days_held_before
        from mart.weekly_market where week = '2022-W23'
        """
    ) == [(None, None, None, 0)]


def test_the_price_is_that_of_the_market_with_most_volume_and_open_interest_that_of_all(
    ground: Any,
) -> None:
    two_weeks(ground)
    other = {"instrument_id": "binance:BTCUSDC", "scope": "binance:BTCUSDC"}
    ground.put(CANDLES, ground.at(0), interval_s=86_400, close=1, volume_coins=1, **other)
    ground.put(
        OPEN_INTEREST, ground.at(6), open_interest_usd=1000, usd_basis="published", **other
    ).made(WEEKS)
    assert ground.ask(
        """
        select instrument_id, price_close, open_interest_usd, open_interest_markets, open_interest_day
        from mart.weekly_market where week = '2022-W24'
        """
    ) == [("binance:BTCUSDT", 106, 1206, 2, ground.at(6).date())]


def test_volume_in_coins_weighs_as_much_as_volume_in_dollars(ground: Any) -> None:
    ground.put(CANDLES, ground.at(0), volume_coins=1000, close=50)
    inverse = {"instrument_id": "binance:BTCUSD_PERP", "volume_coins": None, "turnover_usd": 49_000}
    ground.put(CANDLES, ground.at(0), **inverse).made(WEEKS)
    assert ground.ask("select instrument_id from mart.weekly_market") == [("binance:BTCUSDT",)]
