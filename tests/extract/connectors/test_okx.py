"""OKX: pages turned backwards, bounds between the hours, and what its codes mean."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.okx import classify, listed
from pipelines.extract.errors import (
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
HOUR_MS = 3_600_000
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 14)
START_MS = 1_793_491_200_000  # 2026-11-01
HOURS = 14 * 24
SWAP = "BTC-USDT-SWAP"
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


def ok(data: list[Any]) -> dict[str, object]:
    return {"code": "0", "msg": "", "data": data}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (200, "50011", TooManyRequests),
        (429, "50011", TooManyRequests),
        (429, "50013", ServerFault),
        (400, "50014", OurRequest),
        (410, "50005", NotServed),
        (400, "51000", OurRequest),
        (200, "51001", NotServed),
        (401, "50110", KeyRefused),
        (401, "50111", KeyRefused),
        (401, "50113", KeyRefused),
        (200, "59999", OurRequest),
        (503, "59999", ServerFault),
    ],
)
def test_the_code_decides_whatever_the_status(
    status: int, code: str, kind: type[SourceError]
) -> None:
    error = classify(status, {}, json.dumps({"code": code, "msg": "why", "data": []}).encode())
    assert type(error) is kind
    assert "why" in str(error)


def test_an_envelope_without_its_parts_is_no_answer() -> None:
    assert type(classify(200, {}, b"[1]")) is NotAnAnswer
    assert type(classify(200, {}, b'{"code":"0"}')) is NotAnAnswer
    assert type(classify(429, {}, b"")) is TooManyRequests
    assert classify(200, {}, json.dumps(ok([])).encode()) is None


def test_swaps_and_dated_contracts_are_listed() -> None:
    bodies = [ok([{"instId": SWAP}, {"instId": ""}]), ok([{"instId": "BTC-USD-261225"}, "x"])]
    assert listed([json.dumps(b).encode() for b in bodies]) == ("BTC-USD-261225", SWAP)


def test_both_kinds_are_asked_for_their_contracts(asker: Make) -> None:
    ask = asker("okx")
    ask("instruments", lambda path, params: ok([]), FIRST, LAST)
    assert ask.params == [{"instType": "SWAP"}, {"instType": "FUTURES"}]


def hourly(newer: str, older: str, places: int, *, inclusive: bool) -> Callable[..., object]:
    """Hours without a beginning, newest first, whose bounds are rows or are not."""

    def answers(path: str, params: Any) -> object:
        low, high = int(params.get(newer, START_MS - 5000 * HOUR_MS)), int(params[older])
        shift = 0 if inclusive else 1
        first = -(-(low + shift) // HOUR_MS) * HOUR_MS
        stamps = list(range(first, high + 1 - shift, HOUR_MS))[::-1]
        return ok([[str(ms)] + ["1"] * places for ms in stamps[: int(params["limit"])]])

    return answers


@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize(
    ("name", "bounds", "pages", "word"),
    [
        ("candles", ("before", "after"), 2, "bar"),
        ("mark_candles", ("before", "after"), 4, "bar"),
        ("open_interest", ("begin", "end"), 4, "period"),
        ("long_short", ("begin", "end"), 4, "period"),
    ],
)
def test_each_hour_comes_once_whether_or_not_bounds_are_included(
    asker: Make, name: str, bounds: tuple[str, str], pages: int, word: str, inclusive: bool
) -> None:
    ask = asker("okx")
    answers = ask(name, hourly(*bounds, 8, inclusive=inclusive), FIRST, LAST, [SWAP])
    stamps = [int(row[0]) for a in answers for row in json.loads(a.body)["data"]]
    ours = [ms for ms in stamps if START_MS <= ms < START_MS + HOURS * HOUR_MS]
    assert sorted(ours) == [START_MS + n * HOUR_MS for n in range(HOURS)]
    assert len(answers) == pages
    assert {params[word] for params in ask.params} == {"1H"}  # never a bar of UTC+8
    assert [list(cost or {}) for cost in ask.door.costs] == [[name]] * pages


def test_only_perpetuals_are_asked_for_funding(asker: Make) -> None:
    ask = asker("okx")
    subjects = ["BTC-USD-261225", "BTC-USD_UM_XPERP-310404", SWAP]
    wanted = list(filter(CATALOGUE["okx/funding"].wants, subjects))
    assert wanted == subjects[1:]
    ask("funding", lambda path, params: ok([]), FIRST, LAST, wanted)
    assert ask.params[0]["limit"] == "400"


def test_a_page_that_comes_twice_is_stopped(asker: Make) -> None:
    rows = [[str(START_MS + n * HOUR_MS), "1"] for n in range(30, 330)][::-1]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("okx")("candles", lambda path, params: ok(rows), FIRST, LAST, [SWAP])


def forced(path: str, params: Any) -> object:
    """A liquidation every hour, newest first, as details of one contract."""
    stamps = range(START_MS + 5, int(params["after"]), HOUR_MS)
    details = [{"ts": str(ms)} for ms in stamps[::-1][:100]]
    return ok([{"instId": SWAP, "details": details}] if details else [])


def test_liquidations_are_asked_by_family_and_paged_by_their_details(asker: Make) -> None:
    ask = asker("okx")
    answers = ask("liquidations", forced, FIRST, LAST, [SWAP])
    assert sum(a.body.count(b'"ts"') for a in answers) == HOURS
    assert len(answers) == 4
    first = ask.params[0]
    assert (first["instType"], first["instFamily"], first["state"]) == (
        "SWAP",
        "BTC-USDT",
        "filled",
    )
    ask("liquidations", lambda path, params: ok([]), FIRST, LAST, ["BTC-USD-261225"])
    assert (ask.params[0]["instType"], ask.params[0]["instFamily"]) == ("FUTURES", "BTC-USD")


def test_an_empty_page_is_the_last(asker: Make) -> None:
    assert len(asker("okx")("liquidations", lambda p, q: ok([]), FIRST, LAST, [SWAP])) == 1


@pytest.mark.parametrize(
    ("name", "served", "gone"),
    [
        ("open_interest", date(2026, 9, 20), date(2026, 9, 19)),
        ("funding", date(2026, 8, 21), date(2026, 8, 20)),
        ("liquidations", date(2026, 11, 12), date(2026, 11, 11)),
        ("candles", date(2020, 1, 1), date(2019, 12, 31)),
    ],
)
def test_a_day_is_asked_for_as_long_as_it_is_served(name: str, served: date, gone: date) -> None:
    dataset = CATALOGUE[f"okx/{name}"]
    assert dataset.gives(served, NOW)
    assert not dataset.gives(gone, NOW)


def test_the_stream_asks_for_both_kinds_and_for_a_sign_of_life() -> None:
    stream = STREAMS["okx/liquidation_orders"]
    (message,) = stream.subscribe(())
    told = json.loads(message)
    assert [one["channel"] for one in told["args"]] == ["liquidation-orders"] * 2 + [
        "open-interest"
    ]
    assert {one.get("instType") for one in told["args"]} == {"SWAP", "FUTURES", None}
    event = b'{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[]}'
    assert stream.sound(event) is Sound.EVENT
    assert stream.sound(b'{"arg":{"channel":"open-interest"},"data":[]}') is Sound.LIFE
    assert stream.sound(b"pong") is Sound.OTHER
