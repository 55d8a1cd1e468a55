"""KuCoin: two hosts, one envelope, pages cut so that each holds all it is asked for."""

import itertools
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.kucoin import MANNERS, classify, listed
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

Make = Callable[..., Any]
FIRST, LAST = date(2026, 10, 20), date(2026, 11, 8)  # twenty days
HOUR_MS = 3_600_000
SUBJECT = "XBTUSDTM"


@pytest.mark.parametrize(
    ("status", "code", "words", "kind"),
    [
        (200, "429000", "Too many requests", TooManyRequests),
        (429, "429000", "Too many requests", TooManyRequests),
        (200, "400000", "Bad Request", NotServed),
        (200, "900001", "Unsupported trading pair.", NotServed),
        (200, "400100", "Parameter error.", OurRequest),
        (200, "500000", "Internal Server Error", ServerFault),
        (503, "999999", "a code of tomorrow", ServerFault),
        (200, "999999", "a code of tomorrow", OurRequest),
    ],
)
def test_the_code_decides(status: int, code: str, words: str, kind: type[SourceError]) -> None:
    error = classify(status, {}, json.dumps({"code": code, "msg": words}).encode())
    assert type(error) is kind
    assert words in str(error)


def test_without_a_code_the_status_decides() -> None:
    assert classify(200, {}, b'{"code":"200000","data":[]}') is None
    assert type(classify(200, {}, b'{"code":"200000"}')) is NotAnAnswer
    for body in (b"{}", b"[]", b"7"):
        assert type(classify(200, {}, body)) is NotAnAnswer
    assert type(classify(429, {}, b"")) is TooManyRequests
    assert type(classify(403, {}, b"")) is Blocked


def test_only_the_limit_that_the_budget_keeps_is_heard() -> None:
    left = {"gw-ratelimit-limit": "2000", "gw-ratelimit-remaining": "1990"}
    assert list(MANNERS.hears(left)) == [Heard("weight", used=10)]
    assert list(MANNERS.hears(left | {"gw-ratelimit-limit": "4000"})) == []


def test_contracts_are_listed_by_their_symbols() -> None:
    body = {"code": "200000", "data": [{"symbol": "XBTUSDTM"}, {"symbol": "ETHUSDTM"}, {}, 7]}
    assert listed([json.dumps(body).encode()]) == ("ETHUSDTM", "XBTUSDTM")


def test_liquidations_are_neither_asked_for_nor_heard() -> None:
    names = {d.name for d in CATALOGUE.values() if d.source == "kucoin"}
    assert names == {"instruments", "open_interest", "funding", "candles"}
    assert not [stream for stream in STREAMS.values() if stream.source == "kucoin"]


def _nothing(path: str, params: Any) -> object:
    return {"code": "200000", "data": []}


@pytest.mark.parametrize(
    ("name", "bounds", "most", "host"),
    [
        ("open_interest", ("startAt", "endAt"), 200, "api.kucoin.com"),
        ("funding", ("from", "to"), 100, "api-futures.kucoin.com"),
        ("candles", ("from", "to"), 200, "api-futures.kucoin.com"),
    ],
)
def test_a_question_is_about_no_more_hours_than_a_page_holds(
    asker: Make, name: str, bounds: tuple[str, str], most: int, host: str
) -> None:
    ask = asker("kucoin")
    answers = ask(name, _nothing, FIRST, LAST, [SUBJECT])
    asked = [tuple(int(p[bound]) for bound in bounds) for p in ask.params]
    assert all(end - start + 1 <= most * HOUR_MS for start, end in asked)
    assert all(b[0] == a[1] + 1 for a, b in itertools.pairwise(asked))
    assert asked[-1][1] - asked[0][0] + 1 == 20 * 24 * HOUR_MS
    assert {a.address.split("/")[2] for a in answers} == {host}
    assert {p["symbol"] for p in ask.params} == {SUBJECT}


def test_candles_weigh_three_and_are_hourly(asker: Make) -> None:
    ask = asker("kucoin")
    ask("candles", _nothing, FIRST, FIRST, [SUBJECT])
    assert ask.door.costs == [{"weight": 3}]
    assert ask.params[0]["granularity"] == "60"


def test_a_page_that_turns_back_is_stopped(asker: Make) -> None:
    stamp = {"symbol": SUBJECT, "openInterest": "1"}
    pages = iter([[stamp | {"ts": 2 * HOUR_MS}], [stamp | {"ts": HOUR_MS}]])

    def back(path: str, params: Any) -> object:
        return {"code": "200000", "data": next(pages)}

    with pytest.raises(NotAnAnswer, match="does not lead on"):
        asker("kucoin")("open_interest", back, FIRST, LAST, [SUBJECT])


def test_data_that_are_no_list_are_no_answer(asker: Make) -> None:
    told = {"code": "200000", "data": {"list": "none"}}
    with pytest.raises(NotAnAnswer, match="no list of rows"):
        asker("kucoin")("candles", lambda path, params: told, FIRST, FIRST, [SUBJECT])
