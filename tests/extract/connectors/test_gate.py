"""Gate: an hour a call, pages without an end, and what labels mean."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.asking import Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.gate import MANNERS, STREAMS, classify, listed
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
from pipelines.extract.manners import Heard
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
DAY, NEXT = date(2026, 11, 10), date(2026, 11, 11)
T0, HOUR = 1_794_268_800, 3600
SUBJECT = "usdt:BTC_USDT"


@pytest.mark.parametrize(
    ("status", "label", "words", "kind"),
    [
        (400, "INVALID_PARAM_VALUE", "range from/to must in 1 hour", OurRequest),
        (
            400,
            "INVALID_PARAM_VALUE",
            "Candlestick too long ago. Maximum 10000 points ago are allowed",
            NotServed,
        ),
        (400, "CONTRACT_NOT_FOUND", "contract not found", NotServed),
        (429, "TOO_MANY_REQUESTS", "slow down", TooManyRequests),
        (400, "TOO_FAST", "slow down", TooManyRequests),
        (401, "INVALID_KEY", "no such key", KeyRefused),
        (500, "SERVER_ERROR", "ours", ServerFault),
        (400, "A_LABEL_OF_TOMORROW", "what", OurRequest),
        (503, "A_LABEL_OF_TOMORROW", "what", ServerFault),
        (200, "A_LABEL_OF_TOMORROW", "what", OurRequest),
    ],
)
def test_the_label_decides(status: int, label: str, words: str, kind: type[SourceError]) -> None:
    error = classify(status, {}, json.dumps({"label": label, "message": words}).encode())
    assert type(error) is kind
    assert words in str(error)


def test_without_a_label_the_status_decides_and_only_a_list_is_an_answer() -> None:
    assert classify(200, {}, b"[]") is None
    assert type(classify(200, {}, b"{}")) is NotAnAnswer
    assert type(classify(200, {}, b"7")) is NotAnAnswer
    assert type(classify(429, {}, b"")) is TooManyRequests
    assert type(classify(403, {}, b"")) is Blocked


def test_only_the_limit_that_the_budget_keeps_is_heard() -> None:
    left = {"x-gate-ratelimit-limit": "200", "x-gate-ratelimit-requests-remain": "150"}
    assert list(MANNERS.hears(left)) == [Heard("requests", used=50)]
    assert list(MANNERS.hears(left | {"x-gate-ratelimit-limit": "900"})) == []


def test_a_subject_carries_what_it_settles_in() -> None:
    bodies = [
        json.dumps([{"name": "BTC_USD"}]).encode(),
        json.dumps([{"name": "PEPE_USDT"}, {"name": "BTC_USDT"}, {"name": "BTC_USD1"}, 7]).encode(),
    ]
    assert listed(bodies) == ("btc:BTC_USD", "usdt:BTC_USDT", "usdt:PEPE_USDT")


@pytest.mark.parametrize("subject", ["BTC_USDT", "usd1:BTC_USD1", "usdt:"])
def test_a_subject_without_what_it_settles_in_is_refused(asker: Make, subject: str) -> None:
    for name in ("liquidations", "candles", "contract_stats"):
        with pytest.raises(OurRequest):
            asker("gate")(name, lambda path, params: [], DAY, DAY, [subject])


def test_both_settling_coins_are_listed(asker: Make) -> None:
    ask = asker("gate")
    ask("instruments", lambda path, params: [], DAY, DAY)
    paths = [path for path, _ in ask.door.asked]
    assert paths == ["/api/v4/futures/btc/contracts", "/api/v4/futures/usdt/contracts"]


def _orders(stamps: Any) -> Callable[[str, Any], object]:
    """A venue with an order at each of these seconds: newest first, both bounds included."""

    def answers(path: str, params: Any) -> object:
        start, end = int(params["from"]), int(params["to"])
        assert end - start <= HOUR
        assert params["contract"]
        inside = sorted((s for s in stamps if start <= s <= end), reverse=True)
        return [{"time": s} for s in inside[: int(params["limit"])]]

    return answers


def test_a_contract_and_day_take_24_calls_of_an_hour_each(asker: Make) -> None:
    ask = asker("gate")
    answers = ask("liquidations", _orders([T0 + 5, T0 + 30 * HOUR]), DAY, NEXT, [SUBJECT])
    asked = [(int(p["from"]), int(p["to"])) for p in ask.params]
    assert asked == [(T0 + n * HOUR, T0 + (n + 1) * HOUR) for n in range(48)]
    assert [a.page for a in answers] == [*range(24)] * 2
    assert [a.first_day for a in answers] == [DAY] * 24 + [NEXT] * 24
    assert {a.subjects for a in answers} == {(SUBJECT,)}
    assert {path for path, _ in ask.door.asked} == {"/api/v4/futures/usdt/liq_orders"}


def test_an_hour_with_more_orders_than_a_page_is_asked_in_parts(asker: Make) -> None:
    stamps = [T0 + n % HOUR for n in range(0, 2 * 1500, 2)]
    ask = asker("gate")
    answers = ask("liquidations", _orders(stamps), DAY, DAY, [SUBJECT])
    assert len(ask.params) == 24 + 2
    assert len(answers) == 24 + 1
    told = {row["time"] for a in answers for row in json.loads(a.body)}
    assert told == set(stamps)


def test_a_second_with_more_orders_than_a_page_is_not_passed_off_as_whole(asker: Make) -> None:
    with pytest.raises(NotAnAnswer, match="one second holds more"):
        asker("gate")("liquidations", _orders([T0 + 7] * 1000), DAY, DAY, [SUBJECT])


def test_an_answer_about_another_time_is_no_answer(asker: Make) -> None:
    later = [{"time": T0 + 3 * HOUR}]
    with pytest.raises(NotAnAnswer, match="outside of the time"):
        asker("gate")("liquidations", lambda path, params: later, DAY, DAY, [SUBJECT])


def test_an_unfinished_day_is_asked_up_to_now(asker: Make) -> None:
    ask = asker("gate")
    now = datetime(2026, 11, 10, 2, 30, 0, 500_000, tzinfo=UTC)
    ask("liquidations", _orders([]), DAY, DAY, [SUBJECT], now=now)
    asked = [(int(p["from"]) - T0, int(p["to"]) - T0) for p in ask.params]
    assert asked == [(0, HOUR), (HOUR, 2 * HOUR), (2 * HOUR, 2 * HOUR + 1801)]


def _hours_from(begins: int) -> Callable[[str, Any], object]:
    """A venue whose contract began then: so many buckets as are asked for, oldest first."""

    def answers(path: str, params: Any) -> object:
        first = max(int(params["from"]), begins)
        return [{"time": first + n * HOUR} for n in range(int(params["limit"]))]

    return answers


def test_statistics_are_asked_by_count_and_no_further_than_the_days(asker: Make) -> None:
    ask = asker("gate")
    answers = ask("contract_stats", _hours_from(0), DAY, date(2026, 11, 16), [SUBJECT])
    asked = [((int(p["from"]) - T0) // HOUR, int(p["limit"])) for p in ask.params]
    assert asked == [(0, 100), (100, 68)]
    assert [a.page for a in answers] == [0, 1]
    assert ask.params[0]["interval"] == "1h"


def test_statistics_of_a_contract_that_began_later_are_read_all_the_same(asker: Make) -> None:
    ask = asker("gate")
    begins = T0 + 90 * HOUR
    answers = ask("contract_stats", _hours_from(begins), DAY, date(2026, 11, 16), [SUBJECT])
    assert [json.loads(a.body)[0]["time"] for a in answers] == [begins]


def test_statistics_that_do_not_lead_on_are_stopped(asker: Make) -> None:
    rows = [{"time": T0 + n * HOUR} for n in range(100)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("gate")(
            "contract_stats", lambda path, params: rows, DAY, date(2026, 11, 16), [SUBJECT]
        )


def test_funding_fits_a_page_even_if_it_is_settled_every_hour(asker: Make) -> None:
    ask = asker("gate")
    ask("funding", lambda path, params: [], date(2026, 9, 1), DAY, [SUBJECT])
    lengths = [int(p["to"]) - int(p["from"]) for p in ask.params]
    assert len(lengths) == 2
    assert max(lengths) < 1000 * HOUR
    assert {p["limit"] for p in ask.params} == {"1000"}


@pytest.mark.parametrize(
    ("name", "contract"),
    [("candles", "BTC_USD"), ("mark_candles", "mark_BTC_USD"), ("index_candles", "index_BTC_USD")],
)
def test_candles_are_asked_without_a_count(asker: Make, name: str, contract: str) -> None:
    ask = asker("gate")
    ask(name, lambda path, params: [], date(2026, 8, 1), DAY, ["btc:BTC_USD"])
    assert [set(p) for p in ask.params] == [{"contract", "interval", "from", "to"}] * 2
    assert {p["contract"] for p in ask.params} == {contract}
    assert {path for path, _ in ask.door.asked} == {"/api/v4/futures/btc/candlesticks"}
    spans = [(int(p["to"]) - int(p["from"])) // HOUR + 1 for p in ask.params]
    assert max(spans) <= 2000


def test_candles_of_the_latest_ten_thousand_hours_are_served_and_no_older() -> None:
    candles, now = CATALOGUE["gate/candles"], datetime(2026, 11, 18, 23, 59, tzinfo=UTC)
    oldest = date(2025, 9, 29)
    hours = (now - datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC)).total_seconds()
    assert hours / HOUR <= 10_000
    assert candles.gives(oldest, now)
    assert not candles.gives(date(2025, 9, 28), now)


def test_the_dataset_with_open_interest_is_asked_for_every_market() -> None:
    weighing = {d.name for d in CATALOGUE.values() if d.source == "gate" and d.weighs}
    assert weighing == {"contract_stats", "candles"}


def test_each_socket_makes_a_dataset_of_its_own() -> None:
    sockets = {stream.name: stream.path for stream in STREAMS}
    assert sockets == {
        "public_liquidates": "/v4/ws/usdt",
        "public_liquidates_btc": "/v4/ws/btc",
    }
    for name in sockets:
        assert CATALOGUE[f"gate/{name}"].kept is Kept.CAPTURE
    messages = [json.loads(message) for message in STREAMS[1].subscribe(())]
    assert [(m["channel"], m["payload"]) for m in messages] == [
        ("futures.public_liquidates", ["!all"]),
        ("futures.tickers", ["BTC_USD"]),
    ]


@pytest.mark.parametrize(
    ("frame", "sound"),
    [
        ({"channel": "futures.public_liquidates", "event": "update", "result": []}, Sound.EVENT),
        ({"channel": "futures.tickers", "event": "update", "result": []}, Sound.LIFE),
        ({"channel": "futures.pong", "event": "", "result": None}, Sound.OTHER),
    ],
)
def test_a_frame_sounds_as_its_channel_says(frame: object, sound: Sound) -> None:
    assert STREAMS[0].sound(json.dumps(frame).encode()) is sound
