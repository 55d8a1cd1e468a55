"""Coinalyze: up to twenty markets a question, each of which costs a call."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.coinalyze import classify, listed
from pipelines.extract.errors import (
    KeyRefused,
    NotAnAnswer,
    OurRequest,
    SourceError,
    TooManyRequests,
)

Make = Callable[..., Any]
MARKETS = tuple(f"COIN{number}USDT_PERP.A" for number in range(25))


def _no_rows(path: str, params: Any) -> object:
    return [{"symbol": market, "history": []} for market in params.get("symbols", "").split(",")]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"message": "Invalid API key"}', KeyRefused),
        (429, b'{"message": "Too many requests"}', TooManyRequests),
        (400, b'{"message": "bad interval"}', OurRequest),
        (200, b'{"message": "maintenance"}', NotAnAnswer),
    ],
)
def test_status_decides(status: int, body: bytes, kind: type[SourceError]) -> None:
    error = classify(status, {}, body)
    assert type(error) is kind
    assert json.loads(body)["message"] in str(error)


def test_an_empty_list_is_an_answer() -> None:
    assert classify(200, {}, b"[]") is None


def test_perpetual_markets_are_listed_and_dated_ones_are_not() -> None:
    venues = b'[{"name": "Binance", "code": "A"}]'
    markets = (
        b'[{"symbol": "ETHUSDT_PERP.A", "is_perpetual": true},'
        b'{"symbol": "BTCUSD_261225.6", "is_perpetual": false},'
        b'{"symbol": "BTCUSDT_PERP.A", "is_perpetual": true}]'
    )
    assert listed([venues, markets]) == ("BTCUSDT_PERP.A", "ETHUSDT_PERP.A")


def test_each_market_costs_a_call(asker: Make) -> None:
    ask = asker("coinalyze")
    answers = ask("liquidations", _no_rows, date(2022, 6, 13), date(2022, 6, 19), MARKETS)
    assert [len(answer.subjects) for answer in answers] == [20, 5]
    assert ask.door.costs == [{"calls": 20}, {"calls": 5}]
    assert ask.params[1] == {
        "symbols": ",".join(MARKETS[20:]),
        "interval": "daily",
        "from": "1655078400",
        "to": "1655683199",
        "convert_to_usd": "false",
    }


def test_hours_are_asked_up_to_the_one_in_progress(asker: Make) -> None:
    ask = asker("coinalyze")
    now = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    day = date(2026, 11, 18)
    ask("liquidations_hourly", _no_rows, day, day, MARKETS[:1], now=now)
    assert ask.params[0]["interval"] == "1hour"
    assert int(ask.params[0]["to"]) - int(ask.params[0]["from"]) == 6 * 3600 - 1


def test_hours_are_served_for_two_months_and_days_for_ever() -> None:
    now = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    hourly = CATALOGUE["coinalyze/liquidations_hourly"].serves
    daily = CATALOGUE["coinalyze/liquidations"].serves
    assert hourly(date(2026, 9, 19), now)
    assert not hourly(date(2026, 9, 18), now)
    assert daily(date(2020, 1, 1), now)
    assert not daily(date(2026, 11, 18), now)


def test_only_what_has_a_unit_is_asked_in_its_own(asker: Make) -> None:
    day = date(2022, 6, 13)
    for name, has_unit in (("open_interest", True), ("funding", False), ("price", False)):
        ask = asker("coinalyze")
        ask(name, _no_rows, day, day, MARKETS[:1])
        assert ("convert_to_usd" in ask.params[0]) is has_unit


def test_the_listing_is_venues_and_markets(asker: Make) -> None:
    day = date(2022, 6, 13)
    answers = asker("coinalyze")("instruments", _no_rows, day, day)
    assert [a.address for a in answers] == [
        "https://api.coinalyze.net/v1/exchanges",
        "https://api.coinalyze.net/v1/future-markets",
    ]
