"""Binance over REST: weights, pages, and what its codes mean."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.binance import MANNERS, classify, listed
from pipelines.extract.errors import (
    Blocked,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.manners import Heard
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b'{"code": -1003, "msg": "Too much request weight used"}', TooManyRequests),
        (418, b'{"code": -1003, "msg": "IP banned until 1659146400000"}', Blocked),
        (451, b'{"code": 0, "msg": "restricted location"}', Blocked),
        (403, b"<html>waf</html>", Blocked),
        (400, b'{"code": -1121, "msg": "Invalid symbol."}', NotServed),
        (400, b'{"code": -1130, "msg": "Data sent for parameter is not valid."}', OurRequest),
        (401, b'{"code": -2015, "msg": "Invalid API-key, IP"}', KeyRefused),
        (400, b'{"code": -1001, "msg": "Internal error"}', ServerFault),
        (503, b"", ServerFault),
        (200, b'{"code": -1003, "msg": "Way too many requests"}', TooManyRequests),
        (200, b'{"code": "500", "msg": "Server Error"}', NotAnAnswer),
        (200, b'{"code": -1121, "msg": "Invalid symbol."}', NotServed),
    ],
)
def test_status_and_code_decide(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind


@pytest.mark.parametrize("body", [b"[]", b'{"timezone": "UTC", "symbols": []}'])
def test_an_answer_is_no_refusal(body: bytes) -> None:
    assert classify(200, {}, body) is None


def test_the_used_weight_is_heard() -> None:
    assert list(MANNERS.hears({"X-MBX-USED-WEIGHT-1M": "1234"})) == [Heard("weight", used=1234)]


def test_all_that_trades_or_has_traded_is_listed() -> None:
    body = (
        b'{"symbols": [{"symbol": "BTCUSDT", "status": "TRADING"},'
        b'{"symbol": "OLDUSDT", "status": "SETTLING"},'
        b'{"symbol": "NEWUSDT", "status": "PENDING_TRADING"}]}'
    )
    adjusted = b'[{"symbol": "BTCUSDT", "fundingIntervalHours": 4}]'
    assert listed([body, adjusted]) == ("BTCUSDT", "OLDUSDT")


def _hours(path: str, params: Any) -> object:
    stamps = range(int(params["startTime"]), int(params["endTime"]) + 1, HOUR_MS)
    return [[at, "1", "2", "0.5", "1"] for at in stamps][: int(params["limit"])]


def test_a_week_of_candles_is_one_question_of_weight_two(asker: Make) -> None:
    ask = asker("binance")
    (answer,) = ask("candles", _hours, date(2022, 6, 13), date(2022, 6, 19), ["BTCUSDT"])
    assert answer.address == "https://fapi.binance.com/fapi/v1/klines"
    assert ask.params[0] == {
        "symbol": "BTCUSDT",
        "interval": "1h",
        "startTime": "1655078400000",
        "endTime": "1655683199999",
        "limit": "168",
    }
    assert ask.door.costs == [{"weight": 2}]


def test_a_day_of_candles_weighs_one(asker: Make) -> None:
    ask, day = asker("binance"), date(2022, 6, 13)
    ask("mark_candles", _hours, day, day, ["BTCUSDT"])
    assert ask.door.costs == [{"weight": 1}]


def test_long_ranges_of_candles_follow_each_other_without_a_hole(asker: Make) -> None:
    ask = asker("binance")
    answers = ask("candles", _hours, date(2022, 1, 1), date(2022, 3, 1), ["BTCUSDT"])
    assert [a.last_day for a in answers] == [
        date(2022, 1, 20),
        date(2022, 2, 9),
        date(2022, 3, 1),
    ]
    for before, after in zip(ask.params, ask.params[1:], strict=False):
        assert int(after["startTime"]) == int(before["endTime"]) + 1
    assert all(int(params["limit"]) < 500 for params in ask.params)


def test_the_hour_in_progress_is_not_asked_for(asker: Make) -> None:
    ask, day = asker("binance"), date(2026, 11, 18)
    now = datetime(2026, 11, 18, 6, 59, 59, tzinfo=UTC)
    ask("candles", _hours, day, day, ["BTCUSDT"], now=now)
    assert ask.params[0]["limit"] == "6"
    assert int(ask.params[0]["endTime"]) == int(ask.params[0]["startTime"]) + 6 * HOUR_MS - 1


def test_statistics_have_a_budget_of_their_own_and_a_month(asker: Make) -> None:
    ask = asker("binance")

    def rows(path: str, params: Any) -> object:
        return [{"timestamp": row[0]} for row in _hours(path, params)]  # type: ignore[attr-defined]

    ask("long_short", rows, date(2026, 11, 10), date(2026, 11, 16), ["BTCUSDT"])
    assert [path.rpartition("/")[2] for path, _ in ask.door.asked] == [
        "globalLongShortAccountRatio",
        "topLongShortAccountRatio",
        "topLongShortPositionRatio",
    ]
    assert ask.door.costs == [{"statistics": 1}] * 3
    now = datetime(2026, 11, 18, tzinfo=UTC)
    serves = CATALOGUE["binance/open_interest"].serves
    assert serves(date(2026, 10, 20), now)
    assert not serves(date(2026, 10, 19), now)


def _settlements(every_ms: int) -> Callable[[str, Any], object]:
    def answer(path: str, params: Any) -> object:
        first = -(-int(params["startTime"]) // every_ms) * every_ms
        stamps = range(first, int(params["endTime"]) + 1, every_ms)
        return [{"fundingTime": at, "fundingRate": "0.0001"} for at in stamps][
            : int(params["limit"])
        ]

    return answer


def test_funding_is_paged_forwards_to_the_end(asker: Make) -> None:
    ask = asker("binance")
    answers = ask(
        "funding", _settlements(HOUR_MS), date(2022, 1, 1), date(2022, 4, 10), ["BTCUSDT"]
    )
    assert [(a.page, a.first_day, a.last_day) for a in answers] == [
        (page, date(2022, 1, 1), date(2022, 4, 10)) for page in range(3)
    ]
    assert sum(a.body.count(b"fundingTime") for a in answers) == 100 * 24
    assert ask.door.costs[0] == {"weight": 1, "funding": 1}


def test_funding_that_repeats_its_page_is_stopped(asker: Make) -> None:
    same = [{"fundingTime": 1640995200000 + n, "fundingRate": "0"} for n in range(1000)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("binance")(
            "funding", lambda path, params: same, date(2022, 1, 1), date(2022, 4, 10), ["X"]
        )


def test_rows_that_are_no_list_are_no_answer(asker: Make) -> None:
    day = date(2022, 6, 13)
    with pytest.raises(NotAnAnswer):
        asker("binance")("candles", lambda path, params: {}, day, day, ["BTCUSDT"])


def test_the_socket_is_heard_where_its_maker_moved_it_to() -> None:
    """The old paths shake hands and then say nothing."""
    stream = STREAMS["binance/force_orders"]
    assert stream.path.startswith("/market/stream?streams=!forceOrder@arr/")
    assert list(stream.subscribe(())) == []
    event = b'{"stream":"!forceOrder@arr","data":{"e":"forceOrder"}}'
    life = b'{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate"}}'
    assert [stream.sound(event), stream.sound(life)] == [Sound.EVENT, Sound.LIFE]
