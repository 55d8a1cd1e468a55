"""Kraken spot: hours of two pairs, and how it refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.kraken_spot import classify, listed
from pipelines.extract.errors import (
    Blocked,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)

Make = Callable[..., Any]
DAY, NEXT = date(2026, 11, 10), date(2026, 11, 11)
DAY_S = 1794268800


def nothing(path: str, params: Any) -> object:
    return {"error": [], "result": {"USDTZUSD": [], "last": 0}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"error": ["EGeneral:Too many requests"]}', TooManyRequests),
        (200, b'{"error": ["EAPI:Rate limit exceeded"]}', TooManyRequests),
        (200, b'{"error": ["EQuery:Unknown asset pair"]}', NotServed),
        (200, b'{"error": ["EService:Unavailable"]}', ServerFault),
        (200, b'{"error": ["EGeneral:Internal error"]}', ServerFault),
        (200, b'{"error": ["EGeneral:Invalid arguments"]}', OurRequest),
        (429, b'{"error": []}', TooManyRequests),
        (403, b"<html>", Blocked),
        (502, b"", ServerFault),
        (200, b'{"result": {}}', NotAnAnswer),
        (200, b"[]", NotAnAnswer),
    ],
)
def test_the_list_of_errors_decides(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind


def test_an_empty_list_of_errors_is_no_refusal() -> None:
    assert classify(200, {}, b'{"error": [], "result": {}}') is None


def test_what_is_no_json_is_left_to_the_door() -> None:
    assert classify(200, {}, b"<html>") is None


def test_pairs_are_listed_by_the_names_they_are_asked_for() -> None:
    body = b'{"error": [], "result": {"USDTZUSD": {"altname": "USDTUSD"}, "B": {}, "C": "x"}}'
    assert listed([body]) == ("USDTUSD",)
    assert listed([b'{"error": [], "result": []}']) == ()


def test_a_pair_is_one_answer_from_before_its_first_hour(asker: Make) -> None:
    ask = asker("kraken_spot")
    answers = ask("stable_candles", nothing, DAY, NEXT, ["USDTUSD", "USDCUSD"])
    assert [answer.subjects for answer in answers] == [("USDTUSD",), ("USDCUSD",)]
    assert (answers[0].first_day, answers[0].last_day) == (DAY, NEXT)
    # the bound is exclusive
    assert ask.params[0] == {"pair": "USDTUSD", "interval": "60", "since": str(DAY_S - 1)}


def test_days_that_have_not_begun_are_not_asked_about(asker: Make) -> None:
    ask = asker("kraken_spot")
    later = date(2026, 11, 20)
    assert ask("stable_candles", nothing, later, later, ["USDTUSD"]) == []


def test_a_day_further_back_than_its_last_720_hours_is_not_served() -> None:
    candles = CATALOGUE["kraken_spot/stable_candles"]
    now = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
    assert candles.gives(date(2026, 11, 1), now)
    assert not candles.gives(date(2026, 10, 31), now)


def test_both_pairs_are_asked_for_in_one_listing(asker: Make) -> None:
    ask = asker("kraken_spot")
    (answer,) = ask("instruments", nothing, DAY, DAY)
    assert answer.subjects == ("*",)
    assert ask.params == [{"pair": "USDTUSD,USDCUSD"}]
