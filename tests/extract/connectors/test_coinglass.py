"""CoinGlass: its refusals, which all come with status 200, and its pages."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract.connectors.coinglass import EXCHANGE_LIST, MANNERS, classify, listed
from pipelines.extract.errors import (
    KeyMissing,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    PlanTooLow,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.manners import Heard

Make = Callable[..., Any]
BODIES = Path(__file__).parents[4] / "shared" / "wire" / "coinglass_error_bodies.jsonl"
DAY_MS = 86_400_000


REFUSALS = [
    ("aggregated_stablecoin_margin_history_ohlc", "500", "Server Error", ServerFault),
    ("bitfinex_margin_long_short", "400", "Too Many Requests", TooManyRequests),
    (
        "category_exchange_open_interest_history",
        "400",
        "Required String parameter 'symbol' is not present",
        OurRequest,
    ),
    (
        "category_option_max_pain",
        "400",
        "Required String parameter 'symbol' is not present",
        OurRequest,
    ),
    ("coin_aggregated_orderbook_bid_ask_range", "400", "Too Many Requests", TooManyRequests),
    ("coin_liquidation_heatmap_model2", "400", "Too Many Requests", TooManyRequests),
    ("coin_liquidation_history", "500", "Server Error", ServerFault),
    ("coin_orderbook_bid_ask_range", "400", "Too Many Requests", TooManyRequests),
    ("coin_taker_buy_sell_volume_history", "400", "Too Many Requests", TooManyRequests),
    ("coins_markets", "400", "Too Many Requests", TooManyRequests),
    (
        "cumulative_exchange_list",
        "400",
        "Required String parameter 'range' is not present",
        OurRequest,
    ),
    ("exchange_balance_chart", "400", "Too Many Requests", TooManyRequests),
    (
        "exchange_history_chart",
        "400",
        "Required String parameter 'range' is not present",
        OurRequest,
    ),
    ("exchange_on_chain_transfers_erc_20", "400", "Too Many Requests", TooManyRequests),
    (
        "exchange_taker_buy_sell_ratio",
        "400",
        "Required String parameter 'symbol' is not present",
        OurRequest,
    ),
    ("funding_rate_history_ohlc", "500", "Server Error", ServerFault),
    ("global_account_ratio", "500", "Server Error", ServerFault),
    ("hyperliquid_whale_alert", "400", "Too Many Requests", TooManyRequests),
    ("large_orderbook", "400", "Too Many Requests", TooManyRequests),
    ("liquidation_history", "500", "Server Error", ServerFault),
    ("oi_weight_history_ohlc", "500", "Server Error", ServerFault),
    ("option_max_pain", "400", "Required String parameter 'symbol' is not present", OurRequest),
    ("orderbook_heatmap", "400", "Too Many Requests", TooManyRequests),
    ("pair_liquidation_heatmap_model2", "400", "Too Many Requests", TooManyRequests),
    ("pair_liquidation_map", "400", "Too Many Requests", TooManyRequests),
    ("pair_taker_buy_sell_history", "400", "Too Many Requests", TooManyRequests),
    ("pairs_markets", "400", "Too Many Requests", TooManyRequests),
    ("price_history_ohlc", "500", "Server Error", ServerFault),
    ("top_account_ratio_history", "500", "Server Error", ServerFault),
    ("vol_weight_history_ohlc", "500", "Server Error", ServerFault),
]


def _refusal(code: str, words: str, status: int = 200) -> SourceError | None:
    return classify(status, {}, json.dumps({"code": code, "msg": words}).encode())


def _kind_of(code: str, words: str) -> type[SourceError]:
    return type(_refusal(code, words))  # type: ignore[return-value]


@pytest.mark.parametrize(("endpoint", "code", "words", "kind"), REFUSALS)
def test_thirty_refusals_that_really_came_are_understood(
    endpoint: str, code: str, words: str, kind: type[SourceError]
) -> None:
    assert _kind_of(code, words) is kind


@pytest.mark.skipif(not BODIES.exists(), reason="the recorded error bodies are not here")
def test_the_thirty_are_all_that_came() -> None:
    told = [json.loads(line) for line in BODIES.read_text().splitlines()]
    came = [(one["endpoint"], one["body"]["code"], one["body"]["msg"]) for one in told]
    assert came == [refusal[:3] for refusal in REFUSALS]
    assert len(came) == 30


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        ("400", "Too Many Requests", TooManyRequests),
        ("429", "slow down", TooManyRequests),
        ("400", "Required String parameter 'symbol' is not present", OurRequest),
        ("400", "Please upgrade to standard", PlanTooLow),
        ("403", "Upgrade plan", PlanTooLow),
        ("401", "API key missing.", KeyMissing),
        ("401", "Invalid API key", KeyRefused),
        ("404", "no such path", NotServed),
        ("408", "timeout", ServerFault),
        ("500", "Server Error", ServerFault),
        ("422", "unprocessable", OurRequest),
        ("400", "The plan of this chart is a parameter", OurRequest),
    ],
)
def test_code_and_words_decide_together(code: str, words: str, kind: type[SourceError]) -> None:
    error = _refusal(code, words)
    assert type(error) is kind
    assert words in str(error)


def test_what_may_pass_is_asked_again_and_what_may_not_is_not() -> None:
    again = {("400", "Too Many Requests"): True, ("500", "Server Error"): True}
    again |= {("400", "Please upgrade to standard"): False, ("401", "API key missing."): False}
    for (code, words), retry in again.items():
        error = _refusal(code, words)
        assert error is not None
        assert error.retry is retry


def test_an_answer_without_code_or_data_is_none() -> None:
    assert type(classify(200, {}, b'{"data": []}')) is NotAnAnswer
    assert type(classify(200, {}, b'{"code": "0"}')) is NotAnAnswer
    assert type(classify(200, {}, b"[]")) is NotAnAnswer
    assert type(classify(502, {}, b"<html>")) is ServerFault
    assert type(classify(500, {}, b'{"code": "0", "data": []}')) is ServerFault
    assert classify(200, {}, b'{"code": "0", "data": []}') is None


def test_the_plan_s_rate_is_heard() -> None:
    heard = list(MANNERS.hears({"API-KEY-MAX-LIMIT": "80", "API-KEY-USE-LIMIT": "3"}))
    assert heard == [Heard("requests", amount=80, used=3)]
    assert list(MANNERS.hears({"API-KEY-MAX-LIMIT": "-1"})) == [Heard("requests")]


def test_coins_are_listed_and_venues_are_not() -> None:
    coins = b'{"code": "0", "data": ["ETH", "BTC", "ETH", null]}'
    pairs = b'{"code": "0", "data": {"Binance": [{"instrument_id": "BTCUSD_PERP"}]}}'
    assert listed([coins, pairs]) == ("BTC", "ETH")


def _days(path: str, params: Any) -> object:
    start, end, limit = (int(params[name]) for name in ("start_time", "end_time", "limit"))
    rows = [{"time": at, "long": 1} for at in range(start, end + 1, DAY_MS)][:limit]
    return {"code": "0", "msg": "success", "data": rows}


def test_a_range_is_asked_at_once(asker: Make) -> None:
    ask = asker("coinglass")
    answers = ask("liquidations_daily", _days, date(2022, 6, 13), date(2022, 6, 19), ["BTC", "ETH"])
    assert [answer.subjects for answer in answers] == [("BTC",), ("ETH",)]
    assert {(a.first_day, a.last_day, a.page) for a in answers} == {
        (date(2022, 6, 13), date(2022, 6, 19), 0)
    }
    assert ask.params[0] == {
        "exchange_list": EXCHANGE_LIST,
        "symbol": "BTC",
        "interval": "1d",
        "limit": "1000",
        "start_time": "1655078400000",
        "end_time": "1655683199999",
    }
    assert "Bitmex" not in EXCHANGE_LIST
    assert len(EXCHANGE_LIST.split(",")) == 28


def test_the_venues_asked_for_are_a_setting(asker: Make) -> None:
    ask = asker("coinglass")
    day = date(2022, 6, 13)
    ask("taker_volume", _days, day, day, ["BTC"], settings={"exchange_list": "OKX,Bybit"})
    assert ask.params[0]["exchange_list"] == "OKX,Bybit"


def test_more_than_a_page_is_asked_in_days_that_follow_each_other(asker: Make) -> None:
    ask = asker("coinglass")
    answers = ask("liquidations_hourly", _days, date(2026, 8, 1), date(2026, 9, 30), ["BTC"])
    assert [(a.first_day, a.last_day) for a in answers] == [
        (date(2026, 8, 1), date(2026, 9, 10)),
        (date(2026, 9, 11), date(2026, 9, 30)),
    ]
    assert int(ask.params[1]["start_time"]) == int(ask.params[0]["end_time"]) + 1
    assert {params["interval"] for params in ask.params} == {"1h"}


def test_a_day_that_is_not_over_is_not_asked_for(asker: Make) -> None:
    ask = asker("coinglass")
    now = datetime(2022, 6, 19, 13, 5, tzinfo=UTC)
    answers = ask("price", _days, date(2022, 6, 18), date(2022, 6, 25), ["BTC"], now=now)
    assert [a.last_day for a in answers] == [date(2022, 6, 18)]
    ask("price", _days, date(2022, 6, 19), date(2022, 6, 25), ["BTC"], now=now)
    assert ask.params == []


def test_the_first_page_again_is_noticed(asker: Make) -> None:
    def same(path: str, params: Any) -> object:
        return {"code": "0", "data": [{"time": 1785542400000}, {"time": 1785546000000}]}

    with pytest.raises(NotAnAnswer, match="does not lead on"):
        asker("coinglass")(
            "liquidations_hourly", same, date(2026, 8, 1), date(2026, 10, 30), ["BTC"]
        )


def test_three_series_of_open_interest_and_of_ratios_are_asked(asker: Make) -> None:
    ask, day = asker("coinglass"), date(2022, 6, 13)
    ask("open_interest", _days, day, day, ["BTC"])
    assert [(path.rpartition("/")[2], "exchange_list" in p) for path, p in ask.door.asked] == [
        ("aggregated-history", False),
        ("aggregated-stablecoin-history", True),
        ("aggregated-coin-margin-history", True),
    ]
    ask("long_short", _days, day, day, ["BTC"])
    assert [path.split("/")[3] for path, _ in ask.door.asked] == [
        "global-long-short-account-ratio",
        "top-long-short-account-ratio",
        "top-long-short-position-ratio",
    ]
    assert {(p["exchange"], p["symbol"]) for p in ask.params} == {("Binance", "BTCUSDT")}


def test_the_listing_is_three_answers_the_delisted_last(asker: Make) -> None:
    day = date(2022, 6, 13)
    answers = asker("coinglass")("instruments", _empty, day, day)
    assert [a.address.rpartition("/")[2] for a in answers] == [
        "supported-coins",
        "supported-exchange-pairs",
        "delisted-exchange-pairs",
    ]


def _empty(path: str, params: Any) -> object:
    return {"code": "0", "data": []}
