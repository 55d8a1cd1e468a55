"""Gate: hours of forced orders, statistics from a beginning, candles as far back as they go."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

HOST = "api.gateio.ws"
BASE = "/api/v4/futures/usdt"
DAY = date(2026, 11, 12)
T0, HOUR = 1_794_441_600, 3600  # 2026-11-12
BTC = {"contract": "BTC_USDT"}


def _rows(served: Any, endpoint: str, **params: object) -> list[dict[str, Any]]:
    answer = served.get(HOST, f"{BASE}/{endpoint}", **params)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def _refusal(served: Any, endpoint: str, **params: object) -> tuple[int, str, str]:
    answer = served.get(HOST, f"{BASE}/{endpoint}", **params)
    return answer.status_code, answer.json()["label"], answer.json()["message"]


def test_an_hour_of_orders_is_the_longest_that_is_served(simulated: Any) -> None:
    asked = {**BTC, "from_": T0}
    for row in _rows(simulated, "liq_orders", **asked, to=T0 + HOUR):
        assert T0 <= row["time"] <= T0 + HOUR
    told = _refusal(simulated, "liq_orders", **asked, to=T0 + HOUR + 1)
    assert told == (400, "INVALID_PARAM_VALUE", "range from/to must in 1 hour")


def test_an_order_goes_against_its_position(simulated: Any, truly_forced: Any) -> None:
    orders = truly_forced("gate", DAY).filter(symbol="BTC_USDT")
    true = orders.row(0, named=True)
    second = true["time_ms"] // 1000
    row = next(
        r
        for r in _rows(simulated, "liq_orders", **BTC, from_=second, to=second)
        if r["fill_price"] == true["fill"]
    )
    assert row["size"] == int(true["size"]) * (1 if true["position"] == "long" else -1)
    assert row["order_size"] == -row["size"]


def test_statistics_run_forward_from_a_beginning_and_are_the_newest_without(simulated: Any) -> None:
    rows = _rows(simulated, "contract_stats", **BTC, interval="1h", from_=T0, limit=5)
    assert [row["time"] for row in rows] == [T0 + n * HOUR for n in range(5)]
    newest = _rows(simulated, "contract_stats", **BTC, interval="1h")
    assert len(newest) == 30
    assert newest[-1]["time"] > rows[-1]["time"]


def test_statistics_add_up_the_orders_of_the_hour(simulated: Any, truly_forced: Any) -> None:
    orders = truly_forced("gate", DAY).filter(symbol="BTC_USDT")
    rows = _rows(simulated, "contract_stats", **BTC, interval="1h", from_=T0, limit=24)
    for side in ("long", "short"):
        true = orders.filter(position=side)["size"].cast(pl.Int64).sum()
        assert sum(row[f"{side}_liq_size"] for row in rows) == true


@pytest.mark.parametrize(
    ("endpoint", "asked", "label"),
    [
        ("liq_orders", {"contract": "NO_USDT", "from_": T0, "to": T0 + 60}, "CONTRACT_NOT_FOUND"),
        ("liq_orders", {**BTC, "limit": 1001}, "INVALID_PARAM_VALUE"),
        ("liq_orders", {**BTC, "from_": "noon"}, "INVALID_PARAM_VALUE"),
        ("contract_stats", {**BTC, "interval": "2h"}, "INVALID_PARAM_VALUE"),
        ("candlesticks", {**BTC, "interval": "1h", "from_": T0, "limit": 3}, "INVALID_PARAM_VALUE"),
        ("candlesticks", {**BTC, "interval": "1h", "from_": T0 - 2000 * HOUR, "to": T0},
         "INVALID_PARAM_VALUE"),
        ("funding_rate", {"contract": ""}, "CONTRACT_NOT_FOUND"),
    ],
)  # fmt: skip
def test_bad_parameters_have_a_label(
    simulated: Any, endpoint: str, asked: dict[str, object], label: str
) -> None:
    assert _refusal(simulated, endpoint, **asked)[:2] == (400, label)


def test_candles_end_ten_thousand_points_back(simulated: Any) -> None:
    asked = {**BTC, "interval": "1h", "from_": T0 - 10_000 * HOUR, "to": T0 - 9_000 * HOUR}
    assert "Maximum 10000 points ago" in _refusal(simulated, "candlesticks", **asked)[2]


def test_a_mark_candle_has_no_volume(simulated: Any) -> None:
    asked = {"interval": "1h", "from_": T0, "to": T0 + HOUR}
    last = _rows(simulated, "candlesticks", contract="BTC_USDT", **asked)
    mark = _rows(simulated, "candlesticks", contract="mark_BTC_USDT", **asked)
    assert [set(row) for row in last] == [{"t", "c", "h", "l", "o", "v", "sum"}] * 2
    assert [set(row) for row in mark] == [{"t", "c", "h", "l", "o"}] * 2
    assert [row["t"] for row in last] == [T0, T0 + HOUR]


def test_what_is_left_of_the_limit_is_told_and_nothing_settles_in_bitcoin(simulated: Any) -> None:
    answer = simulated.get(HOST, "/api/v4/futures/btc/contracts")
    assert answer.json() == []
    assert answer.headers["X-Gate-RateLimit-Limit"] == "200"
    assert 0 <= int(answer.headers["X-Gate-RateLimit-Requests-Remain"]) < 200


def test_a_market_of_recordings_has_none_of_it(recorded: Any) -> None:
    assert _rows(recorded, "contracts") == []
    assert _refusal(recorded, "liq_orders", **BTC)[1] == "CONTRACT_NOT_FOUND"


@pytest.fixture
def subjects(simulated: Any) -> tuple[str, ...]:
    return tuple(f"usdt:{row['name']}" for row in _rows(simulated, "contracts"))


def test_the_orders_of_a_day_come_back_as_they_were(
    through: Any, truly_forced: Any, subjects: tuple[str, ...]
) -> None:
    orders = truly_forced("gate", DAY)
    found = through("gate/liquidations", DAY, DAY, subjects)
    assert found.refused.is_empty()
    true = Counter(
        (
            f"gate:{row['symbol']}",
            datetime.fromtimestamp(row["time_ms"] // 1000, UTC),
            row["position"],
            Decimal(row["size"]),
            Decimal(row["base"]),
            Decimal(row["fill"]),
        )
        for row in orders.iter_rows(named=True)
    )
    names = ("instrument_id", "time", "position", "size", "size_coins", "price")
    assert Counter(found.rows.select(names).iter_rows()) == true
    assert len(true) > 20
    usd = found.rows["notional_usd"].sum()
    assert abs(usd - sum(map(Decimal, orders["usd"]))) < Decimal("0.01")


def test_the_venues_own_sums_come_back_and_agree_with_its_orders(
    through: Any, truly_forced: Any, subjects: tuple[str, ...]
) -> None:
    found = through("gate/contract_stats", DAY, DAY, subjects, table="liquidation_totals")
    assert found.refused.is_empty()
    assert found.rows.height == len(subjects) * 24 * 2
    for side in ("long", "short"):
        orders = truly_forced("gate", DAY).filter(position=side)
        summed = found.rows.filter(pl.col("position") == side)["notional_usd"].sum()
        assert summed == sum(map(Decimal, orders["usd"]))


@pytest.mark.parametrize(
    ("dataset", "table", "rows_of_a_market"),
    [
        ("contract_stats", "open_interest", 24),
        ("contract_stats", "long_short_ratios", 72),
        ("candles", "candles", 24),
        ("mark_candles", "candles", 24),
        ("index_candles", "candles", 24),
    ],
)
def test_every_hour_of_a_day_is_held(
    through: Any, dataset: str, table: str, rows_of_a_market: int
) -> None:
    found = through(f"gate/{dataset}", DAY, DAY, ("usdt:BTC_USDT", "usdt:PEPE_USDT"), table=table)
    assert found.refused.is_empty()
    assert found.rows.height == 2 * rows_of_a_market


def test_open_interest_in_coins_is_that_of_the_market(through: Any, world: Any) -> None:
    found = through(
        "gate/contract_stats", DAY, DAY, ("usdt:BTC_USDT",), table="open_interest"
    ).rows.sort("time")
    true = world.open_interest("gate", "BTC_USDT").filter(pl.col("time_ms") == T0 * 1000)
    first = found.row(0, named=True)
    assert float(first["open_interest_coins"]) == pytest.approx(true["oi_base"][0])
    assert float(first["open_interest_usd"]) == pytest.approx(true["oi_usd"][0])


def test_funding_of_a_day_is_settled_three_times(through: Any) -> None:
    found = through("gate/funding", DAY, DAY, ("usdt:BTC_USDT",))
    assert found.rows["time"].dt.hour().sort().to_list() == [0, 8, 16]
    assert found.refused.is_empty()
