"""Deribit: pages of trades that overlap, two hosts for one tape, and codes of JSON-RPC."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.deribit import classify, listed
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
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 14)
START_MS = 1_793_491_200_000  # 2026-11-01
PERPETUAL = "BTC-PERPETUAL"


def ok(result: object, **more: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "result": result, "usOut": START_MS * 1000, **more}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, 10028, TooManyRequests),
        (200, 10028, TooManyRequests),
        (400, 10066, TooManyRequests),
        (400, -32602, OurRequest),
        (400, 13020, NotServed),
        (401, 13009, KeyRefused),
        (403, 13021, Blocked),
        (400, 11050, OurRequest),
        (503, 99999, ServerFault),
        (200, 99999, OurRequest),
    ],
)
def test_the_code_of_an_error_decides(status: int, code: int, kind: type[SourceError]) -> None:
    body = {"jsonrpc": "2.0", "error": {"code": code, "message": "why"}}
    error = classify(status, {}, json.dumps(body).encode())
    assert type(error) is kind
    assert "why" in str(error)


def test_what_has_neither_error_nor_result_is_no_answer() -> None:
    assert type(classify(200, {}, b'{"jsonrpc":"2.0"}')) is NotAnAnswer
    assert type(classify(200, {}, b"[]")) is NotAnAnswer
    assert type(classify(502, {}, b"")) is ServerFault
    assert classify(200, {}, json.dumps(ok([])).encode()) is None


def test_a_future_is_listed_until_some_weeks_after_it_expired() -> None:
    def future(name: str, expired_days_ago: int) -> dict[str, object]:
        at = START_MS - expired_days_ago * DAY_MS
        return {"instrument_name": name, "expiration_timestamp": at}

    rows = [future("BTC-30OCT26", 2), future("BTC-25SEP26", 37), future(PERPETUAL, -9000)]
    assert listed([json.dumps(ok(rows)).encode()]) == ("BTC-30OCT26", PERPETUAL)


def test_every_currency_is_asked_for_what_trades_and_what_expired(asker: Make) -> None:
    ask = asker("deribit")
    ask("instruments", lambda path, params: ok([]), FIRST, LAST)
    asked = [(p["currency"], p["kind"], p["expired"]) for p in ask.params]
    assert asked == [
        (currency, "future", expired)
        for expired in ("false", "true")
        for currency in ("BTC", "ETH", "USDC")
    ]


def trades(path: str, params: Any) -> object:
    """Three trades share each instant; both bounds are included, oldest first."""
    start, end, count = (int(params[n]) for n in ("start_timestamp", "end_timestamp", "count"))
    first = -(-(start - START_MS) // HOUR_MS)
    stamps = [START_MS + n * HOUR_MS for n in range(max(first, 0), 24 * 14) for _ in "abc"]
    inside = [ms for ms in stamps if ms <= end]
    rows = [
        {"trade_id": f"{ms}{'abc'[n % 3]}", "timestamp": ms}
        for n, ms in enumerate(inside[: min(count, 100)])
    ]
    return ok({"trades": rows, "has_more": len(inside) > 100})


def test_a_page_begins_with_the_last_instant_of_the_one_before(asker: Make) -> None:
    answers = asker("deribit")("liquidations", trades, FIRST, LAST, [PERPETUAL])
    seen: set[str] = set()
    told: list[str] = []
    for one in answers:
        result = json.loads(one.body)["result"]
        last = result["trades"][-1]["timestamp"] if result["has_more"] else None
        told += [t["trade_id"] for t in result["trades"] if t["timestamp"] != last]
        seen |= {t["trade_id"] for t in result["trades"]}
    assert len(told) == len(set(told)) == len(seen) == 3 * 24 * 14
    assert [a.page for a in answers] == list(range(len(answers)))


def test_what_lies_back_a_little_is_asked_of_the_host_of_history(asker: Make) -> None:
    ask = asker("deribit")
    none = ok({"trades": [], "has_more": False})
    answers = ask("liquidations", lambda p, q: none, date(2026, 11, 10), date(2026, 11, 17), ["X"])
    told = [(a.address.split("/")[2], a.first_day.day, a.last_day.day) for a in answers]
    assert told == [("history.deribit.com", 10, 15), ("www.deribit.com", 16, 17)]
    assert [params.get("include_old") for params in ask.params] == ["true", None]
    assert {(p["count"], p["sorting"]) for p in ask.params} == {("1000", "asc")}


def test_trades_that_do_not_lead_on_are_stopped(asker: Make) -> None:
    stuck = ok({"trades": [{"trade_id": "1", "timestamp": START_MS}], "has_more": True})
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("deribit")("liquidations", lambda p, q: stuck, FIRST, LAST, [PERPETUAL])
    empty = ok({"trades": [], "has_more": True})
    with pytest.raises(NotAnAnswer, match="gives nothing"):
        asker("deribit")("liquidations", lambda p, q: empty, FIRST, LAST, [PERPETUAL])


def test_funding_is_asked_of_perpetuals_at_most_744_hours_at_a_time(asker: Make) -> None:
    ask = asker("deribit")
    wanted = list(filter(CATALOGUE["deribit/funding"].wants, ["BTC-25DEC26", PERPETUAL]))
    answers = ask("funding", lambda p, q: ok([]), date(2026, 9, 1), date(2026, 10, 31), wanted)
    assert [(a.subjects, a.first_day, a.last_day) for a in answers] == [
        ((PERPETUAL,), date(2026, 9, 1), date(2026, 10, 1)),
        ((PERPETUAL,), date(2026, 10, 2), date(2026, 10, 31)),
    ]
    bounds = [int(p["end_timestamp"]) - int(p["start_timestamp"]) for p in ask.params]
    assert bounds[0] == 744 * HOUR_MS  # neither of them on an hour
    assert int(ask.params[0]["start_timestamp"]) % HOUR_MS == HOUR_MS - 1


def test_bars_are_asked_in_hours_and_none_may_come(asker: Make) -> None:
    ask = asker("deribit")
    none = ok({"status": "no_data"})
    answers = ask("candles", lambda p, q: none, date(2026, 1, 1), LAST, [PERPETUAL])
    assert len(answers) == 2  # 208 days are nearly 5,000 hours
    assert {params["resolution"] for params in ask.params} == {"60"}
    bars = ok({"status": "ok", "ticks": [START_MS]})
    assert len(ask("candles", lambda p, q: bars, FIRST, FIRST, [PERPETUAL])) == 1


def test_open_interest_is_one_question_a_currency(asker: Make) -> None:
    ask = asker("deribit")
    answers = ask("open_interest", lambda p, q: ok([]), LAST, LAST)
    assert [params["currency"] for params in ask.params] == ["BTC", "ETH", "USDC"]
    assert {answer.subjects for answer in answers} == {("*",)}


def test_the_stream_hears_trades_of_all_futures_and_a_ticker_for_life() -> None:
    stream = STREAMS["deribit/trades"]
    (message,) = stream.subscribe(())
    assert json.loads(message)["params"]["channels"] == [
        "trades.future.BTC.100ms",
        "trades.future.ETH.100ms",
        "trades.future.USDC.100ms",
        "ticker.BTC-PERPETUAL.100ms",
    ]
    forced = b'{"params":{"channel":"trades.future.BTC.100ms","data":[{"liquidation":"T"}]}}'
    assert stream.sound(forced) is Sound.EVENT
    assert stream.sound(b'{"params":{"channel":"ticker.BTC-PERPETUAL.100ms"}}') is Sound.LIFE
    ordinary = b'{"params":{"channel":"trades.future.BTC.100ms","data":[{"price":1}]}}'
    assert stream.sound(ordinary) is Sound.OTHER
