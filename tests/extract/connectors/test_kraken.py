"""Kraken: the whole tape, page after page, and what stops it."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.kraken import classify, listed
from pipelines.extract.errors import (
    Blocked,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
DAY = date(2026, 10, 10)
START_MS, END_MS = 1791590400000, 1791676800000


def _element(uid: object, at_ms: int) -> object:
    execution = {"uid": f"u{uid}", "timestamp": at_ms, "quantity": "1", "price": "2.5"}
    return {"uid": f"e{uid}", "event": {"Execution": {"execution": execution}}}


class Tape:
    """Fills every second of the day's first hour; newest first, by token."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.stamps = [START_MS + 1000 * second for second in range(3600)][::-1]

    def __call__(self, path: str, params: Any) -> object:
        at = int(params.get("continuation_token", "0"))
        elements = [_element(ms, ms) for ms in self.stamps[at : at + self.page]]
        body: dict[str, object] = {"len": len(elements), "elements": elements}
        if at + self.page < len(self.stamps):
            body["continuationToken"] = str(at + self.page)
        return body


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"result": "error", "error": "apiLimitExceeded"}', TooManyRequests),
        (200, b'{"result": "error", "error": "contractNotFound"}', NotServed),
        (200, b'{"result": "error", "error": "requiredArgumentMissing"}', OurRequest),
        (503, b'{"result": "error", "error": "Unavailable"}', ServerFault),
        (404, b'{"errors": [{"message": "contractNotFound"}]}', NotServed),
        (429, b'{"error": "apiLimitExceeded"}', TooManyRequests),
        (403, b"<html>", Blocked),
        (502, b"", ServerFault),
        (200, b"[]", NotAnAnswer),
        (200, b'{"rows": []}', NotAnAnswer),
    ],
)
def test_result_decides(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind


@pytest.mark.parametrize("body", [b'{"result": "success", "tickers": []}', b'{"elements": []}'])
def test_an_answer_is_no_refusal(body: bytes) -> None:
    assert classify(200, {}, body) is None


def test_contracts_are_listed_and_indices_are_not() -> None:
    body = (
        b'{"result": "success", "instruments": ['
        b'{"symbol": "PI_XBTUSD", "type": "futures_inverse", "tradeable": true},'
        b'{"symbol": "PF_LUNAUSD", "type": "flexible_futures", "tradeable": false},'
        b'{"symbol": "in_xbtusd", "type": "spot index", "tradeable": false}]}'
    )
    assert listed([body]) == ("PF_LUNAUSD", "PI_XBTUSD")


def test_the_tape_is_read_to_its_end(asker: Make) -> None:
    ask = asker("kraken")
    answers = ask("executions", Tape(1000), DAY, DAY, ["PF_XBTUSD"])
    assert [answer.page for answer in answers] == [0, 1, 2, 3]
    assert sum(answer.body.count(b'"quantity"') for answer in answers) == 3600
    assert answers[0].address == (
        "https://futures.kraken.com/api/history/v3/market/PF_XBTUSD/executions"
    )
    assert ask.params[0] == {
        "since": str(START_MS),
        "before": str(END_MS),
        "sort": "desc",
        "count": "1000",
    }
    assert ask.params[1] == ask.params[0] | {"continuation_token": "1000"}


def test_an_empty_tape_is_one_answer(asker: Make) -> None:
    empty = {"len": 0, "elements": [], "continuationToken": "for ever"}
    answers = asker("kraken")("executions", lambda path, params: empty, DAY, DAY, ["PF_XBTUSD"])
    assert len(answers) == 1


def test_a_token_that_comes_twice_stops_the_tape(asker: Make) -> None:
    turns = iter(range(START_MS + 100, START_MS, -1))

    def again(path: str, params: Any) -> object:
        at = next(turns)
        return {"elements": [_element(at, at)], "continuationToken": "again"}

    with pytest.raises(NotAnAnswer, match="a cursor came twice"):
        asker("kraken")("executions", again, DAY, DAY, ["PF_XBTUSD"])


def test_the_first_page_under_new_tokens_stops_the_tape(asker: Make) -> None:
    tokens = iter(range(100))

    def same(path: str, params: Any) -> object:
        elements = [_element(n, START_MS + 500) for n in range(3)]
        return {"elements": elements, "continuationToken": f"t{next(tokens)}"}

    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("kraken")("executions", same, DAY, DAY, ["PF_XBTUSD"])


def test_a_tape_that_runs_forward_again_is_stopped(asker: Make) -> None:
    stamps = iter([START_MS + 900, START_MS + 950])

    def forward(path: str, params: Any) -> object:
        at = next(stamps)
        return {"elements": [_element(at, at)], "continuationToken": f"t{at}"}

    with pytest.raises(NotAnAnswer, match="does not lead on"):
        asker("kraken")("executions", forward, DAY, DAY, ["PF_XBTUSD"])


def test_fills_of_one_moment_may_lie_on_two_pages(asker: Make) -> None:
    def halves(path: str, params: Any) -> object:
        second = "continuation_token" in params
        page = {"elements": [_element(second, START_MS + 7)]}
        return page if second else page | {"continuationToken": "t"}

    assert len(asker("kraken")("executions", halves, DAY, DAY, ["PF_XBTUSD"])) == 2


def test_a_tape_that_ignores_the_range_is_left_where_the_range_ends(asker: Make) -> None:
    ask = asker("kraken")
    stamps = iter([START_MS + 5, START_MS - 5, START_MS - 10])

    def endless(path: str, params: Any) -> object:
        at = next(stamps)
        return {"elements": [_element(at, at)], "continuationToken": f"t{at}"}

    assert len(ask("executions", endless, DAY, DAY, ["PF_XBTUSD"])) == 2


def test_open_interest_is_one_answer_about_everything(asker: Make) -> None:
    tickers = {"result": "success", "tickers": []}
    (answer,) = asker("kraken")("open_interest", lambda path, params: tickers, DAY, DAY, ["a", "b"])
    assert answer.subjects == ("*",)
    assert answer.address.endswith("/derivatives/api/v3/tickers")


@pytest.mark.parametrize(
    "body",
    [
        b'{"candles": [], "more_candles": false}',
        b'{"rates": []}',
        b'{"result": {"timestamp": [], "more": false, "data": []}, "errors": []}',
    ],
)
def test_an_answer_of_the_charts_is_no_refusal(body: bytes) -> None:
    assert classify(200, {}, body) is None


class Analytics:
    """Hours from ``since`` on, a hundred a page."""

    def __call__(self, path: str, params: Any) -> object:
        stamps = range(-(-int(params["since"]) // 3600) * 3600, int(params["to"]) + 1, 3600)
        page = stamps[:100]
        result = {"timestamp": list(page), "data": [1] * len(page), "more": len(stamps) > 100}
        return {"result": result, "errors": []}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("open_interest_history", "open-interest"),
        ("liquidation_volume", "liquidation-volume"),
        ("long_short", "long-short-ratio"),
    ],
)
def test_analytics_are_followed_while_they_say_that_more_is_there(
    asker: Make, name: str, kind: str
) -> None:
    ask = asker("kraken")
    answers = ask(name, Analytics(), date(2026, 10, 1), date(2026, 10, 10), ["PF_XBTUSD"])
    assert [answer.page for answer in answers] == [0, 1, 2]
    told = [stamp for a in answers for stamp in json.loads(a.body)["result"]["timestamp"]]
    assert told == list(range(told[0], told[0] + 240 * 3600, 3600))
    assert answers[0].address.endswith(f"/api/charts/v1/analytics/PF_XBTUSD/{kind}")
    assert {params["interval"] for params in ask.params} == {"3600"}


def test_analytics_that_say_more_and_do_not_lead_on_are_stopped(asker: Make) -> None:
    stuck = {"result": {"timestamp": [START_MS // 1000], "data": [1], "more": True}, "errors": []}
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("kraken")("long_short", lambda path, params: stuck, DAY, DAY, ["PF_XBTUSD"])
    empty = {"result": {"timestamp": [], "data": [], "more": True}, "errors": []}
    with pytest.raises(NotAnAnswer):
        asker("kraken")("long_short", lambda path, params: empty, DAY, DAY, ["PF_XBTUSD"])


def test_candles_are_asked_at_most_two_thousand_at_a_time_in_seconds(asker: Make) -> None:
    ask = asker("kraken")
    none = {"candles": [], "more_candles": False}
    ask("candles", lambda path, params: none, date(2026, 1, 1), date(2026, 6, 30), ["PI_XBTUSD"])
    spans = [(int(params["from"]), int(params["to"])) for params in ask.params]
    assert len(spans) == 3
    assert all((last + 1 - first) // 3600 <= 2000 for first, last in spans)
    assert spans[0][0] == 1767225600
    assert ask.door.asked[0][0] == "/api/charts/v1/trade/PI_XBTUSD/1h"


def test_funding_is_all_of_it_at_once_and_of_perpetuals_alone(asker: Make) -> None:
    ask = asker("kraken")
    wants = CATALOGUE["kraken/funding"].wants
    subjects = [one for one in ("FF_XBTUSD_261225", "PF_XBTUSD") if wants(one)]
    (answer,) = ask("funding", lambda path, params: {"rates": []}, DAY, DAY, subjects)
    assert answer.subjects == ("PF_XBTUSD",)
    assert ask.params == [{"symbol": "PF_XBTUSD"}]


def test_a_sum_that_nobody_can_read_is_not_asked_for_every_day() -> None:
    assert not CATALOGUE["kraken/liquidation_volume"].routine


def test_the_socket_is_told_every_product_and_a_forced_trade_is_the_event() -> None:
    stream = STREAMS["kraken/trade"]
    products = [f"PF_{n}USD" for n in range(120)]
    said = [json.loads(message) for message in stream.subscribe(products)]
    named = [one for told in said if told["feed"] == "trade" for one in told["product_ids"]]
    assert named == products
    sounds = [
        stream.sound(json.dumps({"feed": "trade", "type": kind}).encode())
        for kind in ("liquidation", "fill", "assignment")
    ]
    assert sounds == [Sound.EVENT, Sound.LIFE, Sound.OTHER]
    assert stream.sound(b'{"feed":"ticker","product_id":"PF_XBTUSD"}') is Sound.LIFE
    assert stream.sound(b'{"event":"subscribed","feed":"trade"}') is Sound.OTHER
