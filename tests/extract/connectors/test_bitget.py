"""Bitget: product types, cursors and numbered pages, and what its codes mean."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.asking import EVERYTHING
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.bitget import STREAMS, classify, listed
from pipelines.extract.errors import (
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 17)
START_MS = 1_794_787_200_000  # 2026-11-16
NOW_MS = START_MS + 2 * DAY_MS + 6 * HOUR_MS
SUBJECT = "USDT-FUTURES:BTCUSDT"
PRODUCTS = ["USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES"]


def _data(data: object) -> dict[str, object]:
    return {"code": "00000", "msg": "success", "requestTime": 1, "data": data}


@pytest.mark.parametrize(
    ("status", "code", "words", "kind"),
    [
        (429, "429", "Too Many Requests", TooManyRequests),
        (400, "40309", "The symbol has been removed", NotServed),
        (400, "40034", "Parameter symbol does not exist", NotServed),
        (400, "40034", "Parameter pageSize does not exist", OurRequest),
        (400, "40017", "Parameter verification failed", OurRequest),
        (400, "400172", "Parameter verification failed", OurRequest),
        (200, "40725", "service return an error", ServerFault),
        (503, "99999", "a code of tomorrow", ServerFault),
        (200, "99999", "a code of tomorrow", OurRequest),
    ],
)
def test_the_code_decides(status: int, code: str, words: str, kind: type[SourceError]) -> None:
    body = json.dumps({"code": code, "msg": words, "data": None}).encode()
    error = classify(status, {}, body)
    assert type(error) is kind
    assert words in str(error)


def test_without_a_code_the_status_decides() -> None:
    assert type(classify(429, {}, b"")) is TooManyRequests
    assert type(classify(200, {}, b"{}")) is NotAnAnswer
    assert type(classify(200, {}, b"[]")) is NotAnAnswer
    assert type(classify(200, {}, b'{"code":"00000","data":null}')) is NotAnAnswer
    assert classify(200, {}, b'{"code":"00000","data":[]}') is None


def test_a_subject_carries_the_product_type_that_its_quote_tells() -> None:
    rows = [("BTCUSDT", "USDT"), ("BTCUSD", "USD"), ("BTCPERP", "USDC"), ("BTCEUR", "EUR")]
    body = _data([{"symbol": symbol, "quoteCoin": quote} for symbol, quote in rows])
    assert listed([json.dumps(body).encode()]) == (
        "COIN-FUTURES:BTCUSD",
        "USDC-FUTURES:BTCPERP",
        SUBJECT,
    )


@pytest.mark.parametrize("subject", ["BTCUSDT", "SPOT:BTCUSDT", "USDT-FUTURES:"])
def test_a_subject_without_a_product_type_is_refused(asker: Make, subject: str) -> None:
    with pytest.raises(OurRequest):
        asker("bitget")("candles", lambda path, params: _data([]), FIRST, LAST, [subject])


@pytest.mark.parametrize("name", ["instruments", "open_interest"])
def test_what_speaks_of_everything_is_asked_once_a_product_type(asker: Make, name: str) -> None:
    ask = asker("bitget")
    answers = ask(name, lambda path, params: _data([]), LAST, LAST)
    assert [params["productType"] for params in ask.params] == PRODUCTS
    assert {answer.subjects for answer in answers} == {(EVERYTHING,)}


def _events(path: str, params: Any) -> object:
    """One every half an hour, newest first, and a cursor for as long as something follows."""
    if params["category"] != PRODUCTS[0]:
        return _data({"list": [], "cursor": ""})
    stamps = range(NOW_MS, NOW_MS - 3 * DAY_MS, -HOUR_MS // 4)
    at = int(params.get("cursor", "0"))
    page = stamps[at : at + int(params["limit"])]
    rows = [{"ts": str(ms), "symbol": "BTCUSDT"} for ms in page]
    return _data({"list": rows, "cursor": str(at + len(page)) if page else ""})


def test_liquidations_are_turned_back_to_the_first_day_and_no_further(asker: Make) -> None:
    ask = asker("bitget")
    answers = ask("liquidations", _events, FIRST, LAST)
    asked = [(p["category"], p.get("cursor")) for p in ask.params]
    turned = [(PRODUCTS[0], cursor) for cursor in (None, "100", "200")]
    assert asked == [*turned, (PRODUCTS[1], None), (PRODUCTS[2], None)]
    assert [answer.page for answer in answers] == [0, 1, 2, 0, 0]
    assert {(a.subjects, a.first_day, a.last_day) for a in answers} == {
        ((EVERYTHING,), FIRST, LAST)
    }
    assert set(map(str, ask.door.costs)) == {"{'liquidations': 1}"}


def test_a_page_without_rows_is_the_last_whatever_its_cursor_says(asker: Make) -> None:
    ask = asker("bitget")
    ask("liquidations", lambda path, params: _data({"list": [], "cursor": "9"}), FIRST, LAST)
    assert len(ask.params) == len(PRODUCTS)


def test_a_cursor_that_comes_twice_is_stopped(asker: Make) -> None:
    stamps = iter(range(NOW_MS, 0, -1))

    def again(path: str, params: Any) -> object:
        return _data({"list": [{"ts": str(next(stamps))}], "cursor": "again"})

    with pytest.raises(NotAnAnswer, match="a cursor came twice"):
        asker("bitget")("liquidations", again, FIRST, LAST)


def test_only_days_that_are_still_kept_whole_are_asked_about() -> None:
    dataset, now = CATALOGUE["bitget/liquidations"], datetime(2026, 11, 18, 6, tzinfo=UTC)
    days = [date(2026, 11, day) for day in range(14, 20) if dataset.gives(date(2026, 11, day), now)]
    assert [day.day for day in days] == [16, 17, 18]


def _settlements(path: str, params: Any) -> object:
    stamps = range(NOW_MS, NOW_MS - 40 * DAY_MS, -HOUR_MS)
    at = (int(params["pageNo"]) - 1) * int(params["pageSize"])
    page = stamps[at : at + int(params["pageSize"])]
    return _data([{"symbol": params["symbol"], "fundingTime": str(ms)} for ms in page])


def test_funding_is_turned_by_numbers_to_the_first_day(asker: Make) -> None:
    ask = asker("bitget")
    answers = ask("funding", _settlements, date(2026, 11, 8), LAST, [SUBJECT])
    assert [(p["pageNo"], p["pageSize"]) for p in ask.params] == [
        ("1", "100"),
        ("2", "100"),
        ("3", "100"),
    ]
    assert [answer.page for answer in answers] == [0, 1, 2]
    assert ask.params[0]["productType"] == PRODUCTS[0]


def test_a_page_of_funding_that_is_not_full_is_the_last(asker: Make) -> None:
    ask = asker("bitget")
    rows = [{"fundingTime": str(NOW_MS)}]
    assert len(ask("funding", lambda path, params: _data(rows), FIRST, LAST, [SUBJECT])) == 1


def test_funding_whose_pages_do_not_lead_on_is_stopped(asker: Make) -> None:
    rows = [{"fundingTime": str(NOW_MS - number)} for number in range(100)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("bitget")("funding", lambda path, params: _data(rows), FIRST, LAST, [SUBJECT])


@pytest.mark.parametrize(
    ("name", "path"),
    [("candles", "history-candles"), ("mark_candles", "history-mark-candles")],
)
def test_candles_are_asked_two_hundred_hours_at_most(asker: Make, name: str, path: str) -> None:
    ask = asker("bitget")
    ask(name, lambda path, params: _data([]), date(2026, 11, 1), date(2026, 11, 17), [SUBJECT])
    assert {asked for asked, _ in ask.door.asked} == {f"/api/v2/mix/market/{path}"}
    widths = [int(p["endTime"]) + 1 - int(p["startTime"]) for p in ask.params]
    assert sum(widths) == 17 * DAY_MS
    assert max(widths) <= 200 * HOUR_MS
    assert {(p["granularity"], p["limit"]) for p in ask.params} == {("1H", "200")}


def test_ratios_are_asked_of_contracts_in_usdt_alone(asker: Make) -> None:
    ask = asker("bitget")
    subjects = ["COIN-FUTURES:BTCUSD", SUBJECT]
    answers = ask("long_short", lambda path, params: _data([]), LAST, LAST, subjects)
    assert ask.params == [{"symbol": "BTCUSDT", "period": "1h"}]
    assert [answer.subjects for answer in answers] == [(SUBJECT,)]


def test_an_answer_without_its_list_is_none(asker: Make) -> None:
    with pytest.raises(NotAnAnswer):
        asker("bitget")("liquidations", lambda path, params: _data({}), FIRST, LAST)


def test_the_socket_is_asked_for_every_product_type_and_for_one_busy_market() -> None:
    (stream,) = STREAMS
    (text,) = stream.subscribe(())
    args = json.loads(text)["args"]
    assert [(a["instType"], a["topic"]) for a in args] == [
        *[(product.lower(), "liquidation") for product in PRODUCTS],
        ("usdt-futures", "ticker"),
    ]
    assert args[-1]["symbol"] == "BTCUSDT"
    assert stream.ping == "ping"


@pytest.mark.parametrize(
    ("frame", "sound"),
    [
        (
            b'{"action":"update","arg":{"instType":"usdt-futures","topic":"liquidation"}}',
            Sound.EVENT,
        ),
        (b'{"action":"snapshot","arg":{"instType":"usdt-futures","topic":"ticker"}}', Sound.LIFE),
        (b"pong", Sound.OTHER),
    ],
)
def test_a_pong_is_no_sign_that_tickers_still_come(frame: bytes, sound: Sound) -> None:
    (stream,) = STREAMS
    assert stream.sound(frame) is sound
