"""HTX: orders two hours at a time, last points without a start, volumes of both sides."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from replica.market import Asked
from replica.simulated.world import World
from replica.views.market import SimulatedMarket

HOST = "api.hbdm.com"
HOUR = 3_600_000
DAY = date(2026, 11, 10)  # of the cascade
DAY_MS = 1_794_268_800_000
V3 = "/linear-swap-api/v3/swap_liquidation_orders"
V5 = "/v5/market/liquidation_orders"
BTC = {"contract_code": "BTC-USDT"}
BOTH = ("linear:BTC-USDT", "inverse:BTC-USD")


@pytest.fixture
def orders(truly_forced: Any) -> pl.DataFrame:
    """The day's forced orders, as the market itself has them."""
    held: pl.DataFrame = truly_forced("htx", DAY)
    return held


def _busiest(orders: pl.DataFrame) -> int:
    """The beginning of the two hours with most orders of BTC-USDT."""
    ours = orders.filter(pl.col("symbol") == "BTC-USDT")
    return int(str((ours["time_ms"] // (2 * HOUR)).mode()[0])) * 2 * HOUR


def test_orders_are_turned_by_id_in_both_directions(simulated: Any, orders: pl.DataFrame) -> None:
    start = _busiest(orders)
    asked = {"contract": "BTC-USDT", "trade_type": 0, "start_time": start}
    asked["end_time"] = start + 2 * HOUR
    found: dict[str, list[int]] = {}
    for direct, edge in (("next", max), ("prev", min)):
        ids: list[int] = []
        after: dict[str, int] = {}
        while rows := simulated.json(HOST, V3, **asked, direct=direct, **after)["data"]:
            ids += [row["query_id"] for row in rows]
            after = {"from_id": edge(ids)}
        found[direct] = ids
    assert found["next"] == sorted(set(found["next"]))
    assert found["prev"] == found["next"][::-1]
    assert len(found["next"]) > 2 * 50  # more than two pages


def test_the_newer_form_names_both_sides(simulated: Any, orders: pl.DataFrame) -> None:
    start = _busiest(orders)
    rows = simulated.json(HOST, V5, **BTC, start_time=start, end_time=start + 2 * HOUR)["data"]
    assert {(row["side"], row["position_side"]) for row in rows} <= {
        ("sell", "long"),
        ("buy", "short"),
    }
    assert rows
    assert all(row["amount"] == row["volume"] for row in rows)


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        (V3, {"contract": "BTC-USDT", "trade_type": 0, "end_time": DAY_MS + 3 * HOUR}, 1030),
        (V3, {"contract": "BTC-USDT", "trade_type": 9}, 1030),
        (V3, {"contract": "BTC-USD", "trade_type": 0}, 1014),
        (V5, {"contract_code": "BTC-USDT", "limit": 101}, 1030),
        (V5, {}, 1014),
    ],
)
def test_the_newer_paths_refuse_with_a_code(
    simulated: Any, path: str, asked: dict[str, Any], code: int
) -> None:
    answer = simulated.get(HOST, path, **{"start_time": DAY_MS} | asked)
    assert (answer.status_code, answer.json()["code"]) == (200, code)


def test_orders_older_than_ninety_days_are_not_served(simulated: Any) -> None:
    old = DAY_MS - 90 * 24 * HOUR
    asked = {"contract": "BTC-USDT", "trade_type": 0, "start_time": old, "end_time": old + HOUR}
    assert simulated.json(HOST, V3, **asked)["code"] == 1030


def test_the_older_paths_refuse_with_a_status(simulated: Any) -> None:
    path = "/linear-swap-api/v1/swap_his_open_interest"
    unknown = simulated.json(HOST, path, contract_code="NONE-USDT", period="60min", amount_type=1)
    assert (unknown["status"], unknown["err_code"]) == ("error", 1014)
    wide = simulated.json(HOST, path, **BTC, period="60min", amount_type=1, size=201)
    assert (wide["status"], wide["err_code"]) == ("error", 1030)
    candles = simulated.json(HOST, "/linear-swap-ex/market/history/kline", **BTC, period="1h")
    assert (candles["status"], candles["err-code"]) == ("error", 1030)


def test_a_size_overrides_the_bounds_of_candles(simulated: Any) -> None:
    path, asked = "/linear-swap-ex/market/history/kline", {**BTC, "period": "60min"}
    bounds = {"from_": DAY_MS // 1000, "to": (DAY_MS + 3 * HOUR) // 1000}
    rows = simulated.json(HOST, path, **asked, **bounds)["data"]
    assert [row["id"] for row in rows] == [DAY_MS // 1000 + n * 3600 for n in range(4)]
    assert len(simulated.json(HOST, path, **asked, **bounds, size=2)["data"]) == 2
    assert simulated.json(HOST, path, **asked)["data"] == []


def test_volumes_count_both_sides(simulated: Any, world: World) -> None:
    path = "/linear-swap-ex/market/history/kline"
    bounds = {"from_": DAY_MS // 1000, "to": DAY_MS // 1000}
    (row,) = simulated.json(HOST, path, **BTC, period="60min", **bounds)["data"]
    bars = SimulatedMarket(world).series(Asked("htx", "price", "BTC-USDT", "1h"))
    assert bars is not None
    bar = bars.filter(pl.col("time_ms") == DAY_MS).row(0, named=True)
    assert row["vol"] == 2 * int(bar["contracts"])
    assert Decimal(str(row["amount"])) == 2 * Decimal(bar["base"])


def test_funding_comes_in_numbered_pages(simulated: Any) -> None:
    path = "/swap-api/v1/swap_historical_funding_rate"
    pages = [
        simulated.json(HOST, path, contract_code="BTC-USD", page_index=n, page_size=20)["data"]
        for n in (1, 2)
    ]
    times = [int(row["funding_time"]) for page in pages for row in page["data"]]
    assert times == sorted(set(times), reverse=True)
    assert pages[0]["total_page"] >= 2


def test_the_orders_of_a_day_come_back_as_they_were(through: Any, orders: pl.DataFrame) -> None:
    symbols = orders["symbol"].unique().to_list()
    subjects = [f"{'linear' if one.endswith('T') else 'inverse'}:{one}" for one in symbols]
    found = through("htx/liquidations", DAY, DAY, tuple(subjects))
    assert found.refused.is_empty()
    told = found.rows.select(
        pl.col("time").dt.epoch("ms"), "instrument_id", "position", "size", "price"
    )
    true = [
        (at, f"htx:{symbol}", position, Decimal(size), Decimal(price))
        for at, symbol, position, size, price in orders.select(
            "time_ms", "symbol", "position", "size", "bankruptcy"
        ).rows()
    ]
    assert sorted(told.rows()) == sorted(true) != []
    worth = orders.filter(pl.col("symbol").str.ends_with("USDT"))
    quotes = [Decimal(b) * Decimal(p) for b, p in worth.select("base", "bankruptcy").rows()]
    ours = found.rows.filter(pl.col("instrument_id").str.ends_with("USDT"))
    assert sorted(ours["notional_quote"]) == sorted(quotes)
    dollars = orders.filter(pl.col("symbol").str.ends_with("USD"))["usd"].to_list()
    coined = found.rows.filter(pl.col("instrument_id").str.ends_with("USD"))
    assert sorted(coined["notional_usd"]) == sorted(map(Decimal, dollars))


@pytest.mark.parametrize(
    ("dataset", "rows_of_a_market"),
    [("open_interest", 24), ("candles", 24), ("mark_candles", 24), ("funding", 3)],
)
def test_every_hour_of_a_day_is_held(through: Any, dataset: str, rows_of_a_market: int) -> None:
    found = through(f"htx/{dataset}", DAY, DAY, BOTH)
    assert found.refused.is_empty()
    held = found.rows.group_by("instrument_id").len()
    wanted = {"htx:BTC-USDT": rows_of_a_market, "htx:BTC-USD": rows_of_a_market}
    assert dict(held.rows()) == wanted


def test_both_ratios_of_yesterday_are_held(through: Any) -> None:
    yesterday = date(2026, 11, 17)
    found = through("htx/long_short", yesterday, yesterday, BOTH)
    assert found.refused.is_empty()
    btc = found.rows.filter(pl.col("instrument_id") == "htx:BTC-USDT")
    assert dict(btc.group_by("who").len().rows()) == {"top_accounts": 24, "top_positions": 24}
