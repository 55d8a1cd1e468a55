"""Bybit: cursors, pages that run backwards, and what retCode means."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.bybit import MANNERS, classify, listed
from pipelines.extract.errors import (
    Blocked,
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
FIRST, LAST = date(2022, 6, 1), date(2022, 6, 30)
SUBJECT = "linear:BTCUSDT"


def _result(rows: list[Any], **more: object) -> dict[str, object]:
    return {"retCode": 0, "retMsg": "OK", "result": {"list": rows, **more}, "time": 1}


@pytest.mark.parametrize(
    ("status", "code", "words", "kind"),
    [
        (200, 10006, "Too many visits!", TooManyRequests),
        (200, 10018, "Exceeded the IP Rate Limit", TooManyRequests),
        (200, 10001, "params error: symbol invalid", NotServed),
        (200, 10001, "params error: interval", OurRequest),
        (200, 10009, "restricted for region", Blocked),
        (200, 10024, "compliance", Blocked),
        (200, 10016, "Server error.", ServerFault),
        (200, 10017, "Route not found.", NotServed),
        (200, 99999, "a code of tomorrow", OurRequest),
    ],
)
def test_ret_code_decides(status: int, code: int, words: str, kind: type[SourceError]) -> None:
    body = json.dumps({"retCode": code, "retMsg": words, "result": {}}).encode()
    error = classify(status, {}, body)
    assert type(error) is kind
    assert words in str(error)


def test_without_a_ret_code_the_status_decides() -> None:
    assert type(classify(200, {}, b"{}")) is NotAnAnswer
    assert type(classify(200, {}, b'{"retCode": 0}')) is NotAnAnswer
    assert type(classify(429, {}, b"")) is TooManyRequests
    shut_out = classify(403, {}, b"access too frequent")
    assert type(shut_out) is Blocked
    assert shut_out.shuts_s == 600


def test_only_the_limit_that_the_budget_keeps_is_heard() -> None:
    left = {"X-Bapi-Limit": "600", "X-Bapi-Limit-Status": "590"}
    assert list(MANNERS.hears(left)) == [Heard("requests", used=10)]
    assert list(MANNERS.hears(left | {"X-Bapi-Limit": "50"})) == []


def test_a_subject_carries_its_category() -> None:
    linear = _result([{"symbol": "BTCUSDT"}, {"symbol": "BTCPERP"}], category="linear")
    inverse = _result([{"symbol": "BTCUSD"}], category="inverse")
    bodies = [json.dumps(body).encode() for body in (inverse, linear)]
    assert listed(bodies) == ("inverse:BTCUSD", "linear:BTCPERP", "linear:BTCUSDT")


@pytest.mark.parametrize("subject", ["BTCUSDT", "spot:BTCUSDT", "linear:"])
def test_a_subject_without_a_category_is_refused(asker: Make, subject: str) -> None:
    with pytest.raises(OurRequest):
        asker("bybit")("candles", lambda path, params: _result([]), FIRST, LAST, [subject])


def test_every_status_of_both_categories_is_listed(asker: Make) -> None:
    def pages(path: str, params: Any) -> object:
        if params["status"] != "Closed":
            return _result([{"symbol": "A"}], category=params["category"], nextPageCursor="")
        more = "cursor" not in params
        rows = [{"symbol": "B" if more else "C"}]
        return _result(rows, category=params["category"], nextPageCursor="c" if more else "")

    ask = asker("bybit")
    answers = ask("instruments", pages, FIRST, LAST)
    asked = [(p["category"], p["status"], p.get("cursor")) for p in ask.params]
    assert asked == [
        (category, status, cursor)
        for category in ("linear", "inverse")
        for status, cursor in (
            ("Trading", None),
            ("PreLaunch", None),
            ("Closed", None),
            ("Closed", "c"),
        )
    ]
    assert [answer.page for answer in answers] == [0, 0, 0, 1] * 2


def _hourly(path: str, params: Any) -> object:
    """Newest first, with a cursor that is there even when nothing follows."""
    stamps = range(int(params["startTime"]), int(params["endTime"]) + 1, HOUR_MS)[::-1]
    at, limit = int(params.get("cursor", "0")), int(params["limit"])
    rows = [{"openInterest": "1", "timestamp": str(ms)} for ms in stamps[at : at + limit]]
    return _result(rows, nextPageCursor=str(at + limit) if rows else "")


@pytest.mark.parametrize(("name", "pages"), [("open_interest", 4), ("long_short", 2)])
def test_statistics_are_read_to_the_first_hour_and_no_further(
    asker: Make, name: str, pages: int
) -> None:
    ask = asker("bybit")
    answers = ask(name, _hourly, FIRST, LAST, [SUBJECT])
    assert len(answers) == pages
    assert sum(answer.body.count(b"timestamp") for answer in answers) == 30 * 24
    assert {(a.first_day, a.last_day, a.subjects) for a in answers} == {(FIRST, LAST, (SUBJECT,))}
    assert ask.params[0]["category"] == "linear"
    assert ask.params[0]["symbol"] == "BTCUSDT"


def test_a_cursor_that_comes_twice_is_stopped(asker: Make) -> None:
    stamps = iter(range(1656633600000, 0, -HOUR_MS))

    def again(path: str, params: Any) -> object:
        return _result([{"timestamp": str(next(stamps))}], nextPageCursor="again")

    with pytest.raises(NotAnAnswer, match="a cursor came twice"):
        asker("bybit")("open_interest", again, FIRST, LAST, [SUBJECT])


def _settlements(path: str, params: Any) -> object:
    every = HOUR_MS
    stamps = range(int(params["startTime"]), int(params["endTime"]) + 1, every)[::-1]
    return _result([{"fundingRateTimestamp": str(ms)} for ms in stamps[: int(params["limit"])]])


def test_funding_is_paged_backwards_to_the_start(asker: Make) -> None:
    ask = asker("bybit")
    answers = ask("funding", _settlements, FIRST, LAST, [SUBJECT])
    assert [answer.page for answer in answers] == [0, 1, 2, 3]
    assert sum(answer.body.count(b"Timestamp") for answer in answers) == 30 * 24
    assert len({params["startTime"] for params in ask.params}) == 1
    ends = [int(params["endTime"]) for params in ask.params]
    assert ends == sorted(ends, reverse=True)


def test_funding_that_does_not_go_back_is_stopped(asker: Make) -> None:
    rows = [{"fundingRateTimestamp": str(1656547200000 - n)} for n in range(200)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("bybit")("funding", lambda path, params: _result(rows), FIRST, LAST, [SUBJECT])


def test_candles_are_asked_a_thousand_hours_at_a_time(asker: Make) -> None:
    ask = asker("bybit")
    answers = ask(
        "mark_candles", lambda path, params: _result([]), FIRST, date(2022, 8, 1), [SUBJECT]
    )
    assert [(a.first_day, a.last_day) for a in answers] == [
        (FIRST, date(2022, 7, 11)),
        (date(2022, 7, 12), date(2022, 8, 1)),
    ]
    assert ask.door.asked[0][0] == "/v5/market/mark-price-kline"
    assert {params["interval"] for params in ask.params} == {"60"}
    assert all(int(params["limit"]) <= 1000 for params in ask.params)


def test_a_result_without_a_list_is_no_answer(asker: Make) -> None:
    empty = {"retCode": 0, "result": {}}
    with pytest.raises(NotAnAnswer):
        asker("bybit")("candles", lambda path, params: empty, FIRST, LAST, [SUBJECT])


@pytest.mark.parametrize(
    ("name", "category", "busy"),
    [("all_liquidation", "linear", "BTCUSDT"), ("all_liquidation_inverse", "inverse", "BTCUSD")],
)
def test_each_category_has_a_socket_of_its_own(name: str, category: str, busy: str) -> None:
    stream = STREAMS[f"bybit/{name}"]
    subjects = ["inverse:ETHUSD", "linear:ETHUSDT"]
    wanted = [subject for subject in subjects if stream.wants(subject)]
    assert [subject.partition(":")[0] for subject in wanted] == [category]
    assert stream.path == f"/v5/public/{category}"
    topics = [json.loads(message)["args"] for message in stream.subscribe(wanted)]
    symbol = wanted[0].partition(":")[2]
    assert topics == [[f"tickers.{busy}"], [f"allLiquidation.{symbol}"]]
    assert (json.loads(stream.ping), stream.ping_s) == ({"op": "ping"}, 20)
    assert CATALOGUE[stream.id].since == date(2025, 2, 20)


def test_a_liquidation_is_an_event_and_a_ticker_a_sign_of_life() -> None:
    stream = STREAMS["bybit/all_liquidation"]
    assert stream.sound(b'{"topic":"allLiquidation.BTCUSDT","data":[]}') is Sound.EVENT
    assert stream.sound(b'{"topic":"tickers.BTCUSDT","data":{}}') is Sound.LIFE
    assert stream.sound(b'{"success":true,"op":"subscribe"}') is Sound.OTHER
