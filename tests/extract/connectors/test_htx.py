"""HTX: three dialects of refusal, two hours of orders at a time, last points, numbered pages."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.htx import MANNERS, SINCE, STREAMS, classify, listed
from pipelines.extract.errors import (
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.inflate import frame_undone
from pipelines.extract.streams import Sound
from pipelines.sources import SOURCES

Make = Callable[..., Any]
HOUR_MS = 3_600_000
DAY = date(2026, 11, 10)
T0 = 1_794_268_800_000
NOW = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
BTC, COIN = "linear:BTC-USDT", "inverse:BTC-USD"


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (
            200,
            {"status": "error", "err_code": 1032, "err_msg": "exceeds the limit"},
            TooManyRequests,
        ),
        (200, {"code": 1032, "msg": "exceeds the limit"}, TooManyRequests),
        (200, {"status": "error", "err_code": 1014, "err_msg": "contract not found"}, NotServed),
        (200, {"status": "error", "err_code": 1014, "err_msg": "Missing parameter"}, OurRequest),
        (200, {"status": "error", "err_code": 1030, "err_msg": "bad input"}, OurRequest),
        (200, {"code": 1030, "message": "bad input", "data": []}, OurRequest),
        (200, {"code": 403, "msg": "invalid id"}, KeyRefused),
        (
            200,
            {"status": "error", "err-code": "invalid-parameter", "err-msg": "period"},
            OurRequest,
        ),
        (200, {"status": "maintain", "data": []}, OurRequest),
        (502, {"status": "error", "err_code": 9999, "err_msg": "of tomorrow"}, ServerFault),
        (200, {"status": "ok"}, NotAnAnswer),
        (200, [], NotAnAnswer),
        (429, {"data": []}, TooManyRequests),
    ],
)
def test_a_status_or_a_code_decides(status: int, told: Any, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, json.dumps(told).encode())) is kind


@pytest.mark.parametrize(
    "told",
    [
        {"status": "ok", "data": []},
        {"code": 200, "msg": "", "data": []},
        {"ch": "market.BTC-USDT.mark_price.60min", "data": []},
    ],
)
def test_each_dialect_has_its_own_way_to_say_yes(told: Any) -> None:
    assert classify(200, {}, json.dumps(told).encode()) is None


def test_without_json_the_http_status_decides() -> None:
    assert type(classify(429, {}, b"")) is TooManyRequests
    assert type(classify(503, {}, b"<html>")) is ServerFault


def test_swaps_are_listed_by_their_margin_and_dated_contracts_are_not() -> None:
    codes = ("BTC-USDT", "BTC-USD", "BTC-USDT-261225", "BTC261225")
    bodies = [
        json.dumps({"status": "ok", "data": [{"contract_code": code}, "x"]}).encode()
        for code in codes
    ]
    assert listed(bodies) == (COIN, BTC)
    assert listed([]) == ()


@pytest.mark.parametrize("subject", ["BTC-USDT", "spot:BTC-USDT", "linear:"])
@pytest.mark.parametrize("name", ["candles", "liquidations", "liquidations_v5"])
def test_a_subject_without_a_margin_is_refused(asker: Make, name: str, subject: str) -> None:
    with pytest.raises(OurRequest):
        asker("htx")(name, lambda path, params: {"status": "ok", "data": []}, DAY, DAY, [subject])


def test_both_listings_are_asked(asker: Make) -> None:
    ask = asker("htx")
    ask("instruments", lambda path, params: {"status": "ok", "data": []}, DAY, DAY)
    assert [path for path, _ in ask.door.asked] == [
        "/linear-swap-api/v1/swap_contract_info",
        "/swap-api/v1/swap_contract_info",
    ]


def _orders(ids: list[int], most: int, name: str, after: str) -> Make:
    """The first two hours of the day hold so many orders, given in rising pages."""

    def answers(path: str, params: Any) -> object:
        held = ids if int(params["start_time"]) == T0 else []
        rest = [one for one in held if one > int(params.get(after, "0"))]
        return {"code": 200, "data": [{name: one} for one in rest[:most]], "ts": 1}

    return answers


def test_orders_are_asked_two_hours_at_a_time_until_a_page_is_empty(asker: Make) -> None:
    ask = asker("htx")
    answers = ask("liquidations", _orders([5, 7, 9], 2, "query_id", "from_id"), DAY, DAY, [BTC])
    windows = {(int(p["start_time"]), int(p["end_time"])) for p in ask.params}
    starts = range(T0, T0 + 24 * HOUR_MS, 2 * HOUR_MS)
    assert windows == {(start, start + 2 * HOUR_MS - 1) for start in starts}
    assert [p.get("from_id") for p in ask.params[:4]] == [None, "7", "9", None]
    assert len(answers) == 12 + 2
    assert {p["contract"] for p in ask.params} == {"BTC-USDT"}
    assert {(a.first_day, a.last_day) for a in answers} == {(DAY, DAY)}


def test_coin_margined_orders_are_asked_at_their_own_path(asker: Make) -> None:
    ask = asker("htx")
    ask("liquidations", _orders([], 2, "query_id", "from_id"), DAY, DAY, [COIN])
    assert {path for path, _ in ask.door.asked} == {"/swap-api/v3/swap_liquidation_orders"}
    assert len(ask.params) == 12


def test_a_short_page_of_the_newer_form_is_the_last(asker: Make) -> None:
    ask = asker("htx")
    many = list(range(1, 151))
    ask("liquidations_v5", _orders(many, 100, "id", "from"), DAY, DAY, [BTC, COIN])
    assert [p.get("from") for p in ask.params[:3]] == [None, "100", None]
    assert len(ask.params) == 12 + 1
    assert {path for path, _ in ask.door.asked} == {"/v5/market/liquidation_orders"}


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ([5, 7], "a page came twice"),
        ([7, 5], "whose ids do not rise"),
        (["x"], "whose ids do not rise"),
    ],
)
def test_orders_that_lead_nowhere_are_stopped(asker: Make, page: list[Any], why: str) -> None:
    told = {"code": 200, "data": [{"query_id": one} for one in page]}
    with pytest.raises(NotAnAnswer, match=why):
        asker("htx")("liquidations", lambda path, params: told, DAY, DAY, [BTC])


def test_orders_are_served_for_ninety_days_back_from_the_moment() -> None:
    gives = CATALOGUE["htx/liquidations"].gives
    assert gives(date(2026, 8, 21), NOW)
    assert not gives(date(2026, 8, 20), NOW)


@pytest.mark.parametrize(
    ("name", "day", "size"),
    [
        ("open_interest", date(2026, 11, 17), 31),
        ("open_interest", date(2026, 11, 11), 175),
        ("mark_candles", date(2026, 8, 28), 1975),
    ],
)
def test_as_many_last_points_are_asked_as_reach_back(
    asker: Make, name: str, day: date, size: int
) -> None:
    ask = asker("htx")
    found = {"status": "ok", "data": {"tick": []} if name == "open_interest" else []}
    (answer,) = ask(name, lambda path, params: found, day, day, [BTC])
    assert int(ask.params[0]["size"]) == size
    assert (answer.first_day, answer.last_day) == (day, day)
    assert CATALOGUE[f"htx/{name}"].gives(day, NOW)


def test_what_the_last_points_cannot_reach_is_not_served() -> None:
    assert not CATALOGUE["htx/open_interest"].gives(date(2026, 11, 10), NOW)
    assert not CATALOGUE["htx/mark_candles"].gives(date(2026, 8, 27), NOW)


def _rates(pages: int) -> Make:
    """Settlements every eight hours back from noon of 2026-11-18, 50 a page."""

    def answers(path: str, params: Any) -> object:
        first = (int(params["page_index"]) - 1) * 50
        stamps = [T0 + 8 * 24 * HOUR_MS - n * 8 * HOUR_MS for n in range(first, first + 50)]
        rows = [{"funding_time": str(ms), "contract_code": "BTC-USDT"} for ms in stamps]
        return {"status": "ok", "data": {"total_page": pages, "data": rows}}

    return answers


def test_funding_is_read_back_to_the_first_day_and_no_further(asker: Make) -> None:
    ask = asker("htx")
    first = date(2026, 10, 30)
    answers = ask("funding", _rates(99), first, DAY, [BTC])
    assert [p["page_index"] for p in ask.params] == ["1", "2"]
    assert [(a.page, a.first_day, a.last_day) for a in answers] == [
        (0, first, DAY),
        (1, first, DAY),
    ]


def test_the_last_numbered_page_is_the_last(asker: Make) -> None:
    ask = asker("htx")
    ask("funding", _rates(2), date(2022, 1, 1), DAY, [COIN])
    assert len(ask.params) == 2
    assert ask.door.asked[0][0] == "/swap-api/v1/swap_historical_funding_rate"


def test_a_numbered_page_that_comes_twice_is_stopped(asker: Make) -> None:
    rows = [{"funding_time": str(T0)}]
    told = {"status": "ok", "data": {"total_page": 9, "data": rows}}
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("htx")("funding", lambda path, params: told, date(2026, 11, 1), DAY, [BTC])


def test_candles_are_asked_by_bounds_in_seconds_and_without_a_size(asker: Make) -> None:
    ask = asker("htx")
    told = {"status": "ok", "data": []}
    ask("candles", lambda path, params: told, date(2026, 8, 1), DAY, [BTC])
    assert [(int(p["from"]), int(p["to"])) for p in ask.params] == [
        (1_785_542_400, 1_785_542_400 + 83 * 86_400 - 1),
        (1_785_542_400 + 83 * 86_400, T0 // 1000 + 86_399),
    ]
    assert all("size" not in p and p["period"] == "60min" for p in ask.params)
    assert ask.door.costs == [{"market": 1}] * 2


def test_both_ratios_make_one_dataset(asker: Make) -> None:
    ask = asker("htx")
    told = {"status": "ok", "data": {"list": []}}
    ask("long_short", lambda path, params: told, DAY, DAY, [COIN])
    assert [path for path, _ in ask.door.asked] == [
        "/swap-api/v1/swap_elite_account_ratio",
        "/swap-api/v1/swap_elite_position_ratio",
    ]
    assert ask.door.costs == [{"info": 1}] * 2


def test_data_without_its_list_is_no_answer(asker: Make) -> None:
    for told in ({"status": "ok", "data": {}}, {"status": "ok", "data": None}):
        with pytest.raises(NotAnAnswer, match="no list"):
            asker("htx")("open_interest", lambda path, params, told=told: told, DAY, DAY, [BTC])


def test_the_limits_are_those_of_the_document() -> None:
    assert [(w.name, w.amount, w.seconds) for w in MANNERS.windows] == [
        ("info", 240, 3.0),
        ("market", 800, 1.0),
    ]
    assert SOURCES["htx"].since == SINCE


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_frames_are_told_apart_packed_or_not(stream: Any, pack: Callable[[bytes], bytes]) -> None:
    sounds = {
        b'{"op":"notify","topic":"public.BTC-USDT.liquidation_orders","data":[]}': Sound.EVENT,
        b'{"op":"notify","topic":"public.BTC-USDT.funding_rate","data":[]}': Sound.LIFE,
        b'{"op":"ping","ts":"1492420473058"}': Sound.LIFE,
        b'{"op":"sub","err-code":0}': Sound.OTHER,
    }
    for frame, sound in sounds.items():
        assert stream.sound(pack(frame)) is sound
    assert stream.answers(pack(b'{"op":"ping","ts":"1492420473058"}')) == (
        '{"op": "pong", "ts": 1492420473058}'
    )
    assert stream.answers(pack(b'{"op":"ping"}')) is None
    assert stream.answers(pack(b'{"op":"close"}')) is None


def test_each_socket_asks_for_all_orders_and_one_busy_channel() -> None:
    topics = {s.name: [json.loads(m)["topic"] for m in s.subscribe(())] for s in STREAMS}
    assert topics == {
        "liquidation_orders": ["public.*.liquidation_orders", "public.BTC-USDT.funding_rate"],
        "liquidation_orders_coin": ["public.*.liquidation_orders", "public.BTC-USD.funding_rate"],
    }


def test_a_frame_that_is_no_whole_gzip_is_of_another_kind() -> None:
    whole = gzip.compress(b'{"op":"ping","ts":1}')
    for frame in (whole[:-3], whole[:12] + b"\xff\xff" + whole[14:], whole + b"x", b"\x1f\x8b"):
        with pytest.raises(ValueError, match="gzip"):
            frame_undone(frame)
        assert STREAMS[0].sound(frame) is Sound.OTHER
        assert STREAMS[0].answers(frame) is None


def test_a_frame_that_inflates_beyond_any_frame_is_not_undone() -> None:
    with pytest.raises(ValueError, match="larger"):
        frame_undone(gzip.compress(bytes(17 << 20)))
