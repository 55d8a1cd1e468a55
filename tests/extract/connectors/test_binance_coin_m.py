"""Binance COIN-M: statistics by pair, files of its own folder, and limits that are not its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.connectors.binance_coin_m import classify, listed
from pipelines.extract.errors import Blocked, NotAnAnswer, NotServed, SourceError, TooManyRequests

Make = Callable[..., Any]
HOUR_MS = 3_600_000
FIRST, LAST = date(2026, 11, 10), date(2026, 11, 16)
SUBJECTS = ["BTCUSD_261225", "BTCUSD_PERP"]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b'{"code": -1003, "msg": "Too much request weight used"}', TooManyRequests),
        (418, b'{"code": -1003, "msg": "IP banned until 1659146400000"}', Blocked),
        (451, b'{"code": 0, "msg": "restricted location"}', Blocked),
        (400, b'{"code": -1121, "msg": "Invalid symbol."}', NotServed),
        (200, b'{"code": "500", "msg": "Server Error"}', NotAnAnswer),
    ],
)
def test_it_refuses_like_usd_m(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind


def test_its_questions_count_to_the_limits_of_usd_m() -> None:
    ours, theirs = MANNERS["binance_coin_m"], MANNERS["binance"]
    assert ours.shared_with == "binance"
    assert ours.windows == theirs.windows


def test_what_trades_is_told_by_another_field() -> None:
    body = (
        b'{"symbols": [{"symbol": "BTCUSD_PERP", "contractStatus": "TRADING"},'
        b'{"symbol": "OLDUSD_PERP", "contractStatus": "DELIVERED"},'
        b'{"symbol": "NEWUSD_PERP", "contractStatus": "PENDING_TRADING"}]}'
    )
    assert listed([body]) == ("BTCUSD_PERP", "OLDUSD_PERP")


def _hours(path: str, params: Any) -> Any:
    stamps = range(int(params["startTime"]), int(params["endTime"]) + 1, HOUR_MS)
    rows = list(stamps)[: int(params["limit"])]
    return [{"timestamp": at} if "period" in params else [at, "1"] for at in rows]


def test_open_interest_is_asked_by_pair_and_of_perpetuals_alone(asker: Make) -> None:
    ask = asker("binance_coin_m")
    subjects = [one for one in SUBJECTS if CATALOGUE["binance_coin_m/open_interest"].wants(one)]
    (answer,) = ask("open_interest", _hours, FIRST, LAST, subjects)
    assert answer.subjects == ("BTCUSD_PERP",)
    assert answer.address == "https://dapi.binance.com/futures/data/openInterestHist"
    asked = ask.params[0]
    assert (asked["pair"], asked["contractType"], asked["limit"]) == ("BTCUSD", "PERPETUAL", "168")
    assert ask.door.costs == [{"statistics": 1}]


def test_ratios_are_of_a_pair(asker: Make) -> None:
    ask = asker("binance_coin_m")
    assert not CATALOGUE["binance_coin_m/long_short"].wants("BTCUSD_261225")
    ask("long_short", _hours, FIRST, LAST, ["BTCUSD_PERP"])
    assert [(p["pair"], "contractType" in p) for p in ask.params] == [("BTCUSD", False)] * 3


def test_no_question_about_candles_spans_two_hundred_days(asker: Make) -> None:
    """The newest rows before the end are served first, so that a page must hold all of them."""
    ask = asker("binance_coin_m")
    ask("candles", _hours, date(2022, 1, 1), date(2022, 12, 31), ["BTCUSD_261225"])
    for params in ask.params:
        hours = (int(params["endTime"]) + 1 - int(params["startTime"])) // HOUR_MS
        assert int(params["limit"]) == hours <= 499
    assert ask.params[0]["symbol"] == "BTCUSD_261225"


def test_funding_of_a_dated_contract_is_an_empty_list_and_one_answer(asker: Make) -> None:
    ask = asker("binance_coin_m")
    (answer,) = ask("funding", lambda path, params: [], FIRST, LAST, ["BTCUSD_261225"])
    assert answer.body == b"[]"
    assert ask.door.costs == [{"weight": 1, "funding": 1}]


def test_funding_that_repeats_its_page_is_stopped(asker: Make) -> None:
    same = [{"fundingTime": 1794268800000 + n} for n in range(1000)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("binance_coin_m")("funding", lambda path, params: same, FIRST, LAST, ["X"])


def test_its_files_lie_in_a_folder_of_their_own(asker: Make) -> None:
    ask, day = asker("binance_coin_m"), date(2023, 6, 25)
    ask("bulk_liquidations", lambda path, params: None, day, day, ["BTCUSD_PERP"])
    assert [path for path, _ in ask.door.asked] == [
        "/data/futures/cm/daily/liquidationSnapshot/BTCUSD_PERP/"
        "BTCUSD_PERP-liquidationSnapshot-2023-06-25.zip"
    ]


def test_files_of_liquidations_are_served_for_their_own_days_alone() -> None:
    dataset = CATALOGUE["binance_coin_m/bulk_liquidations"]
    now = datetime(2026, 11, 18, tzinfo=UTC)
    days = (date(2023, 6, 24), date(2023, 6, 25), date(2024, 10, 14), date(2024, 10, 15))
    assert [dataset.gives(day, now) for day in days] == [False, True, True, False]
