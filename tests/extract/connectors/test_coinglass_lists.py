"""CoinGlass beside its series by coin: pairs, lists of the past hours, orders, calendar, mood."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines.extract.asking import Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.coinglass import listed
from pipelines.extract.connectors.coinglass.names import ORDER_VENUES
from pipelines.extract.errors import NotAnAnswer

Make = Callable[..., Any]
NOW = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
TODAY = NOW.date()
DAY_MS = 86_400_000


def _ms(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_MS


def _empty(path: str, params: Any) -> object:
    return {"code": "0", "data": []}


def test_pairs_are_listed_under_their_venues_where_no_answer_lists_coins() -> None:
    pairs = (
        b'{"code": "0", "data": {"OKX": [{"instrument_id": "BTC-USDT-SWAP"}, {}, null],'
        b' "Binance": [{"instrument_id": "BTCUSDT"}], "CME": null}}'
    )
    assert listed([pairs]) == ("Binance:BTCUSDT", "OKX:BTC-USDT-SWAP")
    assert listed([b'{"code": "0", "data": ["BTC"]}', pairs]) == ("BTC",)


def test_a_series_by_pair_names_venue_and_symbol_and_takes_its_subjects_from_the_pairs(
    asker: Make,
) -> None:
    ask, day = asker("coinglass"), date(2026, 11, 10)
    for name, path in (
        ("pair_liquidations", "liquidation/history"),
        ("pair_open_interest", "open-interest/history"),
        ("pair_funding", "funding-rate/history"),
    ):
        (answer,) = ask(name, _empty, day, day, ["Bitget:BTCUSDT_UMCBL"])
        assert answer.address.endswith(f"/api/futures/{path}")
        assert answer.subjects == ("Bitget:BTCUSDT_UMCBL",)
        assert (ask.params[0]["exchange"], ask.params[0]["symbol"]) == ("Bitget", "BTCUSDT_UMCBL")
        dataset = CATALOGUE[f"coinglass/{name}"]
        assert (dataset.subjects_from, dataset.routine) == ("pairs", False)


def test_each_window_of_the_venues_is_a_question_and_all_coins_are_one(asker: Make) -> None:
    ask = asker("coinglass")
    answers = ask("exchange_list", _empty, TODAY, TODAY)
    assert [params["range"] for params in ask.params] == ["1h", "4h", "12h", "24h"]
    assert [answer.page for answer in answers] == [0, 1, 2, 3]
    assert len(ask("coin_list", _empty, TODAY, TODAY)) == 1
    assert CATALOGUE["coinglass/coin_list"].kept is Kept.SNAPSHOT


def _every_hour(path: str, params: Any) -> object:
    """An order of Binance each hour, of which at most 200 are told."""
    first, last = int(params["start_time"]), int(params["end_time"])
    rows = [{"time": at} for at in range(first + -first % 3_600_000, last + 1, 3_600_000)]
    mine = rows if params["exchange"] == "Binance" else []
    return {"code": "0", "data": mine[:200]}


def test_a_window_of_orders_is_halved_until_its_page_is_not_full(asker: Make) -> None:
    ask, first = asker("coinglass"), TODAY - timedelta(days=10)
    last = TODAY - timedelta(days=1)
    answers = ask("orders", _every_hour, first, last, ["BTC"], now=NOW)
    told = [b.count(b"time") for b in (answer.body for answer in answers)]
    assert sum(told) == 240
    assert max(told) < 200
    assert {answer.subjects for answer in answers} == {("BTC",)}
    of_binance = [p for p in ask.params if p["exchange"] == "Binance"]
    spans = [(int(p["start_time"]), int(p["end_time"])) for p in of_binance]
    assert spans[0] == (spans[1][0], spans[2][1])
    assert spans[1][1] + 1 == spans[2][0]
    assert {p["exchange"] for p in ask.params} == set(ORDER_VENUES)
    assert all(p["min_liquidation_amount"] == "1" for p in ask.params)


def test_a_millisecond_that_fills_a_page_is_told_as_such(asker: Make) -> None:
    def full(path: str, params: Any) -> object:
        return {"code": "0", "data": [{"time": int(params["start_time"])}] * 200}

    day = TODAY - timedelta(days=1)
    with pytest.raises(NotAnAnswer, match="one millisecond fills a page"):
        asker("coinglass")("orders", full, day, day, ["BTC"], now=NOW)


def test_orders_are_served_for_a_week() -> None:
    serves = CATALOGUE["coinglass/orders"].serves
    assert serves(TODAY - timedelta(days=6), NOW)
    assert not serves(TODAY - timedelta(days=7), NOW)


def _asked_calendar(asker: Make, first: date, last: date) -> Any:
    ask = asker("coinglass")
    return ask("calendar", _empty, first, last, now=NOW), ask.params


def test_the_calendar_of_past_days_is_asked_for_these_days(asker: Make) -> None:
    first, last = TODAY - timedelta(days=9), TODAY - timedelta(days=3)
    (answer,), (params,) = _asked_calendar(asker, first, last)
    assert (answer.first_day, answer.last_day, answer.subjects) == (first, last, ("*",))
    assert (int(params["start_time"]), int(params["end_time"])) == (
        _ms(first),
        _ms(last) + DAY_MS - 1,
    )


def test_from_the_present_day_the_days_to_come_are_asked_as_well(asker: Make) -> None:
    (answer,), (params,) = _asked_calendar(asker, TODAY - timedelta(days=40), TODAY)
    assert (answer.first_day, answer.last_day) == (date(2026, 11, 4), date(2026, 12, 2))
    assert int(params["end_time"]) - _ms(TODAY) <= 15 * DAY_MS
    assert NOW.timestamp() * 1000 - int(params["start_time"]) <= 15 * DAY_MS


def test_what_the_calendar_no_longer_tells_is_not_asked_for(asker: Make) -> None:
    answers, params = _asked_calendar(asker, date(2026, 10, 1), date(2026, 10, 7))
    assert (answers, params) == ([], [])
    serves = CATALOGUE["coinglass/calendar"].serves
    assert serves(date(2026, 12, 2), NOW)
    assert not serves(date(2026, 11, 3), NOW)


def test_the_mood_is_asked_for_once_whichever_days_are_wanted(asker: Make) -> None:
    ask = asker("coinglass")
    (answer,) = ask("fear_greed", _empty, date(2026, 11, 1), date(2026, 11, 7))
    assert answer.address.endswith("/api/index/fear-greed-history")
    assert ask.params == [{}]
    assert CATALOGUE["coinglass/fear_greed"].subjects_from == ""
