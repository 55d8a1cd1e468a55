"""What was asked, what came, and which hours and shares are not in the figures."""

from typing import Any

from pipelines.tables import (
    ASKINGS,
    CANDLES,
    INSTRUMENTS,
    LISTENING,
    OPEN_INTEREST,
    QUARANTINE,
)

COVERAGE, HOURS = "mart.source_coverage", "mart.missing_hours"
UNASKED = "mart.unasked_open_interest"


def put_hours(ground: Any, hours: range | set[int], **values: Any) -> Any:
    """Hourly candles at these hours, counted from Monday."""
    for hour in hours:
        ground.put(CANDLES, ground.at(hour // 24, hour % 24), **values)
    return ground


def missing(ground: Any) -> list[tuple[int, int, bool]]:
    """Hour of the week and length of each gap, and whether nothing at all was held."""
    rows = ground.ask("select first_hour, last_hour, hours, is_whole from mart.missing_hours")
    for first, last, hours, _ in rows:
        assert int((last - first).total_seconds()) == (hours - 1) * 3600
    nth = [int((first - ground.at(0)).total_seconds()) // 3600 for first, *_ in rows]
    return [(n, hours, whole) for n, (_, _, hours, whole) in zip(nth, rows, strict=True)]


def test_a_day_without_a_whole_answer_is_missing_whoever_else_was_asked(ground: Any) -> None:
    for day in range(6):
        ground.put(ASKINGS, ground.at(day))
        ground.put(ASKINGS, ground.at(day), subject="ETH", is_complete=day != 3)
    ground.put(ASKINGS, ground.at(6), is_complete=False, outcome="key refused").made(COVERAGE)
    assert ground.ask(
        """
        select days_expected, days_held, missing_days, subjects, subjects_incomplete, hours_expected
        from mart.source_coverage
        """
    ) == [(7, 6, "2022-06-19", 2, 1, None)]


def test_a_dataset_of_which_nothing_came_is_there_with_no_day_held(ground: Any) -> None:
    ground.put(ASKINGS, ground.at(0), is_complete=False, outcome="not served").made(COVERAGE)
    assert ground.ask(
        "select days_held, subjects, subjects_incomplete from mart.source_coverage"
    ) == [(0, 1, 0)]


def test_a_whole_week_of_hours_misses_none(ground: Any) -> None:
    put_hours(ground, range(168)).put(ASKINGS, ground.at(0), source="binance", dataset="candles")
    ground.made(COVERAGE)
    assert missing(ground) == []
    assert ground.ask("select hours_expected, hours_held from mart.source_coverage") == [(168, 168)]


def test_missing_hours_that_follow_each_other_are_one_gap_even_over_midnight(ground: Any) -> None:
    put_hours(ground, set(range(168)) - {22, 23, 24, 25, 100})
    ground.put(ASKINGS, ground.at(0), source="binance", dataset="candles").made(COVERAGE)
    assert missing(ground) == [(22, 4, True), (100, 1, True)]
    assert ground.ask("select hours_held from mart.source_coverage") == [(163,)]


def test_days_that_were_never_held_are_missing_hours_too(ground: Any) -> None:
    put_hours(ground, range(24, 144)).made(HOURS)
    assert missing(ground) == [(0, 24, True), (144, 24, True)]


def test_an_hour_that_one_market_lacks_between_others_is_a_gap(ground: Any) -> None:
    put_hours(ground, range(168))
    put_hours(ground, set(range(168)) - {5, 23, 24}, instrument_id="binance:ETHUSDT").made(HOURS)
    assert missing(ground) == [(5, 1, False), (23, 2, False)]


def test_a_market_that_was_listed_in_the_week_lacks_nothing_before_that(ground: Any) -> None:
    put_hours(ground, range(168))
    put_hours(ground, range(30, 168), instrument_id="binance:NEWUSDT").made(HOURS)
    assert missing(ground) == []


def test_a_capture_misses_the_hours_in_which_it_heard_nothing(ground: Any) -> None:
    for hour in range(168):
        ground.put(
            LISTENING, ground.at(hour // 24, hour % 24), minutes_heard=0 if hour in (0, 60) else 30
        )
    ground.made(COVERAGE)
    assert missing(ground) == [(0, 1, True), (60, 1, True)]
    assert ground.ask("select days_held, hours_held from mart.source_coverage") == [(7, 166)]


def test_daily_datasets_have_no_hours(ground: Any) -> None:
    put_hours(ground, {0}, interval_s=86_400).made(HOURS)
    assert missing(ground) == []


def listed(ground: Any, *symbols: str, **values: Any) -> Any:
    for symbol in symbols:
        market = f"binance:{symbol}"
        ground.put(INSTRUMENTS, ground.at(0), source_symbol=symbol, instrument_id=market, **values)
    return ground


def put_open(ground: Any, symbol: str, dollars: int) -> Any:
    market = f"binance:{symbol}"
    return ground.put(
        OPEN_INTEREST,
        ground.at(0),
        instrument_id=market,
        scope=market,
        open_interest_usd=dollars,
        usd_basis="published",
    )


def test_the_share_that_was_not_asked_is_weighed_by_open_interest(ground: Any) -> None:
    listed(ground, "BTCUSDT", "ETHUSDT", "XRPUSDT")
    for symbol, dollars in (("BTCUSDT", 75), ("ETHUSDT", 25)):
        put_open(ground, symbol, dollars)
        ground.put(ASKINGS, ground.at(0), source="binance", dataset="open_interest", subject=symbol)
    ground.put(ASKINGS, ground.at(0), source="binance", dataset="funding", subject="BTCUSDT")
    ground.made(UNASKED)
    assert ground.ask("select * exclude (week, source) from mart.unasked_open_interest") == [
        (3, 1, 1, 100, 75, 25.0)
    ]


def test_what_was_left_out_without_a_weight_is_of_unknown_share_and_not_of_none(
    ground: Any,
) -> None:
    listed(ground, "BTCUSDT", "XRPUSDT")
    put_open(ground, "BTCUSDT", 75)
    ground.put(ASKINGS, ground.at(0), source="binance", dataset="funding", subject="BTCUSDT")
    ground.made(UNASKED)
    assert ground.ask(
        "select instruments_unweighed, not_asked_pct from mart.unasked_open_interest"
    ) == [(1, None)]


def test_a_share_of_nothing_known_is_not_known(ground: Any) -> None:
    listed(ground, "BTCUSDT", "ETHUSDT")
    ground.put(ASKINGS, ground.at(0), source="binance", dataset="funding", subject="BTCUSDT")
    ground.made(UNASKED)
    assert ground.ask(
        "select open_interest_listed_usd, not_asked_pct from mart.unasked_open_interest"
    ) == [(None, None)]


def test_a_source_that_adds_venues_up_is_weighed_by_coin(ground: Any) -> None:
    whole = {"source": "coinglass", "venue": "several"}
    for coin in ("BTC", "ETH"):
        ground.put(
            INSTRUMENTS,
            ground.at(0),
            source_symbol=coin,
            instrument_id=f"several:{coin}",
            coin=coin,
            **whole,
        )
        ground.put(
            OPEN_INTEREST,
            ground.at(0),
            instrument_id=None,
            scope="total: x",
            coin=coin,
            open_interest_usd=50,
            usd_basis="published",
            **whole,
        )
    ground.put(INSTRUMENTS, ground.at(0), source="coinglass", source_symbol="Binance:BTCUSDT")
    ground.put(ASKINGS, ground.at(0)).made(UNASKED)
    assert ground.ask(
        "select instruments_listed, not_asked_pct from mart.unasked_open_interest"
    ) == [(2, 50.0)]


def test_refused_rows_are_counted_by_reason(ground: Any) -> None:
    for nth in range(3):
        ground.put(QUARANTINE, ground.at(0), nth=nth, part="liquidations")
    ground.put(QUARANTINE, ground.at(1), reason="no price", part="liquidations")
    ground.made("mart.quarantined")
    assert ground.ask("select week, reason, rows from mart.quarantined") == [
        ("2022-W24", "no price", 1),
        ("2022-W24", "unknown side 'HOLD'", 3),
    ]
