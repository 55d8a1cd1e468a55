"""alternative.me: one list, counted back from the present day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.connectors.fear_greed import classify, listed
from pipelines.extract.errors import NotAnAnswer, OurRequest, SourceError, TooManyRequests

NOW = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)


def _days(path: str, params: Any) -> object:
    return {"name": "Fear and Greed Index", "data": [], "metadata": {"error": None}}


@pytest.mark.parametrize(("first", "limit"), [(date(2026, 11, 18), "1"), (date(2026, 11, 9), "10")])
def test_as_many_days_are_asked_as_reach_the_first_one(
    asker: Callable[..., Any], first: date, limit: str
) -> None:
    ask = asker("fear_greed")
    (answer,) = ask("fear_greed", _days, first, date(2026, 11, 18), now=NOW)
    assert ask.params == [{"limit": limit}]
    assert (answer.subjects, answer.first_day) == (("*",), first)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b"", TooManyRequests),
        (200, b'{"data": [], "metadata": {"error": "bad limit"}}', OurRequest),
        (200, b'{"name": "x"}', NotAnAnswer),
        (200, b"[]", NotAnAnswer),
    ],
)
def test_refusals(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind


def test_a_list_of_no_days_is_an_answer() -> None:
    assert classify(200, {}, b'{"data": [], "metadata": {"error": null}}') is None


def test_it_is_of_no_instrument() -> None:
    assert listed([b'{"data": []}']) == ()
