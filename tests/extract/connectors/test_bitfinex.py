"""Bitfinex: refusals inside arrays, one history of all symbols, and one state for each hour."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.extract.asking import EVERYTHING
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.bitfinex import MANNERS, STREAMS, classify, listed
from pipelines.extract.errors import (
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
HOUR_MS = 3_600_000
FIRST, LAST = date(2022, 6, 1), date(2022, 6, 2)
START_MS = 1_654_041_600_000  # 2022-06-01
SUBJECT = "tBTCF0:USTF0"


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (500, ["error", 11010, "ratelimit: error"], TooManyRequests),
        (429, ["error", 11010, "ratelimit: error"], TooManyRequests),
        (500, ["error", 10020, "symbol: invalid"], NotServed),
        (500, ["error", 10020, "limit: invalid"], OurRequest),
        (503, ["error", 20060, "maintenance"], ServerFault),
        (500, ["error", 1, "a code of tomorrow"], ServerFault),
        (200, ["error", 1, "a code of tomorrow"], OurRequest),
        (429, None, TooManyRequests),
        (200, {"message": "no array"}, NotAnAnswer),
    ],
)
def test_the_code_in_the_array_decides(status: int, told: object, kind: type[SourceError]) -> None:
    body = b"" if told is None else json.dumps(told).encode()
    error = classify(status, {}, body)
    assert type(error) is kind
    assert error.retry == (kind in (TooManyRequests, ServerFault, NotAnAnswer))


def test_an_array_of_rows_is_an_answer() -> None:
    assert classify(200, {}, b"[]") is None
    assert classify(200, {}, b'[[["pos",1]]]') is None


def test_three_questions_about_liquidations_are_asked_a_minute() -> None:
    assert [(w.name, w.amount, w.seconds) for w in MANNERS.windows if w.amount == 3] == [
        ("liquidations", 3, 60.0)
    ]


def test_pairs_become_symbols() -> None:
    assert listed([b'[["ETHF0:USTF0","BTCF0:USTF0"]]']) == (SUBJECT, "tETHF0:USTF0")


def test_liquidations_are_asked_about_everything_at_once() -> None:
    assert CATALOGUE["bitfinex/liquidations"].subjects_a_call == ALL_AT_ONCE


def _row(at_ms: int, number: int) -> list[object]:
    return ["pos", number, at_ms, None, SUBJECT, 1, 2, None, 0, 1, None, 3]


def _history(rows: list[list[Any]]) -> Callable[[str, Any], object]:
    def answer(path: str, params: Any) -> object:
        held = [r for r in rows if int(params["start"]) <= r[2] <= int(params["end"])]
        return [[row] for row in sorted(held, key=lambda r: -r[2])[: int(params["limit"])]]

    return answer


def test_a_page_behind_a_full_one_begins_at_its_last_instant_so_that_no_row_is_parted(
    asker: Make,
) -> None:
    rows = [_row(START_MS + number // 2, number) for number in range(1201)]
    ask = asker("bitfinex")
    answers = ask("liquidations", _history(rows), FIRST, LAST)
    told = {row[0][1] for answer in answers for row in json.loads(answer.body)}
    assert told == set(range(1201))
    assert [answer.page for answer in answers] == [0, 1, 2]
    assert {answer.subjects for answer in answers} == {(EVERYTHING,)}
    assert ask.params[0]["sort"] == "-1"
    assert set(map(str, ask.door.costs)) == {"{'liquidations': 1}"}


def test_a_quiet_day_is_one_empty_page(asker: Make) -> None:
    (answer,) = asker("bitfinex")("liquidations", lambda path, params: [], FIRST, LAST)
    assert (answer.body, answer.first_day, answer.last_day) == (b"[]", FIRST, LAST)


def test_a_history_that_does_not_go_back_is_stopped(asker: Make) -> None:
    rows = [[_row(START_MS + 500 - number, number)] for number in range(500)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("bitfinex")("liquidations", lambda path, params: rows, FIRST, LAST)


def test_each_hour_is_asked_for_its_first_state(asker: Make) -> None:
    ask = asker("bitfinex")
    answers = ask(
        "status", lambda path, params: [[int(params["start"]) + 9]], FIRST, LAST, [SUBJECT]
    )
    assert len(answers) == 48
    assert [int(params["start"]) for params in ask.params] == list(
        range(START_MS, START_MS + 48 * HOUR_MS, HOUR_MS)
    )
    assert {int(p["end"]) - int(p["start"]) for p in ask.params} == {HOUR_MS - 1}
    assert {(p["limit"], p["sort"]) for p in ask.params} == {("1", "1")}
    assert ask.door.asked[0][0] == "/v2/status/deriv/tBTCF0%3AUSTF0/hist"


def test_a_state_from_before_the_hour_before_is_no_answer(asker: Make) -> None:
    stamps = iter([START_MS + 9, START_MS])
    with pytest.raises(NotAnAnswer, match="does not lead on"):
        asker("bitfinex")("status", lambda path, params: [[next(stamps)]], FIRST, LAST, [SUBJECT])


def test_a_year_of_candles_is_one_question(asker: Make) -> None:
    ask = asker("bitfinex")
    ask("candles", lambda path, params: [], FIRST, date(2023, 5, 31), [SUBJECT])
    ((path, params),) = ask.door.asked
    assert path == "/v2/candles/trade%3A1h%3AtBTCF0%3AUSTF0/hist"
    assert (params["limit"], params["sort"]) == ("10000", "1")


@pytest.mark.parametrize("subject", ["", ".."])
def test_a_subject_that_leads_elsewhere_is_not_asked(asker: Make, subject: str) -> None:
    with pytest.raises(OurRequest):
        asker("bitfinex")("status", lambda path, params: [], FIRST, LAST, [subject])


@pytest.mark.parametrize(
    ("frame", "sound"),
    [
        (b'[907,[["pos",143679087,1594036710534,null,"tETHF0:USTF0"]]]', Sound.EVENT),
        (b"[127758,[1569715201000,null,173.535]]", Sound.LIFE),
        (b'[907,"hb"]', Sound.LIFE),
        (b'{"event":"subscribed","channel":"status","chanId":5,"key":"liq:global"}', Sound.OTHER),
    ],
)
def test_states_and_heartbeats_are_signs_of_life_and_replies_are_none(
    frame: bytes, sound: Sound
) -> None:
    (stream,) = STREAMS
    assert stream.sound(frame) is sound


def test_the_socket_is_asked_for_liquidations_and_for_one_busy_market() -> None:
    (stream,) = STREAMS
    keys = [json.loads(text)["key"] for text in stream.subscribe(())]
    assert keys == ["liq:global", "deriv:tBTCF0:USTF0"]
