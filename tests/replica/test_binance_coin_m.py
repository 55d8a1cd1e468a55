"""Binance COIN-M: contracts of dollars, pairs, and one budget with USD-M."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

HOST, OTHER = "dapi.binance.com", "fapi.binance.com"
BULK = "data.binance.vision"
HOUR = 3_600_000
MONDAY = 1794182400000
DAY = date(2026, 11, 12)
PAIR = {"pair": "BTCUSD", "period": "1h"}


def test_a_contract_is_a_hundred_dollars_of_bitcoin(simulated: Any) -> None:
    symbols = simulated.json(HOST, "/dapi/v1/exchangeInfo")["symbols"]
    sizes = {one["symbol"]: one["contractSize"] for one in symbols}
    assert sizes == {"BTCUSD_PERP": 100, "ETHUSD_PERP": 10}
    assert {one["contractStatus"] for one in symbols} == {"TRADING"}
    others = simulated.json(OTHER, "/fapi/v1/exchangeInfo")["symbols"]
    assert not {one["symbol"] for one in others} & set(sizes)


def test_open_interest_counts_contracts_and_coins(simulated: Any) -> None:
    asked = {**PAIR, "contractType": "PERPETUAL", "limit": 1}
    (row,) = simulated.json(HOST, "/futures/data/openInterestHist", **asked)
    contracts, coins = Decimal(row["sumOpenInterest"]), Decimal(row["sumOpenInterestValue"])
    asked_price = {"symbol": "BTCUSD_PERP", "interval": "1h", "limit": 1}
    (candle,) = simulated.json(HOST, "/dapi/v1/klines", **asked_price)
    assert Decimal("0.97") < contracts * 100 / coins / Decimal(candle[4]) < Decimal("1.03")


def test_the_newest_candles_before_the_end_are_given(simulated: Any) -> None:
    asked = {"symbol": "BTCUSD_PERP", "interval": "1h", "startTime": MONDAY, "limit": 2}
    rows = simulated.json(HOST, "/dapi/v1/klines", **asked, endTime=MONDAY + 9 * HOUR)
    assert [row[0] for row in rows] == [MONDAY + 8 * HOUR, MONDAY + 9 * HOUR]


def test_its_refusals_are_those_of_usd_m(simulated: Any) -> None:
    candles = {"symbol": "BTCUSD_PERP", "interval": "1h"}
    long = {"startTime": MONDAY - 201 * 24 * HOUR, "endTime": MONDAY}
    for path, asked, code in (
        ("/dapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1h"}, -1121),
        ("/dapi/v1/klines", {**candles, **long}, -1130),
        ("/dapi/v1/fundingRate", {"symbol": "NOPE"}, -1121),
        ("/futures/data/openInterestHist", {"period": "1h"}, -1102),
        ("/futures/data/openInterestHist", {**PAIR, "contractType": "WEEKLY"}, -1130),
    ):
        answer = simulated.get(HOST, path, **asked)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_weight_is_one_for_both_hosts(start: Any) -> None:
    with start("--market", "simulated", "--size", "small") as served:
        asked = {"interval": "1h", "limit": 1500}
        first = served.get(HOST, "/dapi/v1/klines", symbol="BTCUSD_PERP", **asked)
        second = served.get(OTHER, "/fapi/v1/klines", symbol="BTCUSDT", **asked)
    used = [int(one.headers["X-MBX-USED-WEIGHT-1M"]) for one in (first, second)]
    assert used == [10, 20]


def test_its_files_lie_under_cm(simulated: Any) -> None:
    name = "BTCUSD_PERP-metrics-2026-11-12.zip"
    for path, status in (
        (f"cm/daily/metrics/BTCUSD_PERP/{name}", 200),
        (f"um/daily/metrics/BTCUSD_PERP/{name}", 404),
        (f"cm/daily/metrics/BTCUSDT/{name.replace('USD_PERP', 'USDT')}", 404),
        (f"cm/daily/liquidationSnapshot/BTCUSD_PERP/{name.replace('metrics', 'x')}", 404),
    ):
        assert simulated.get(BULK, f"/data/futures/{path}").status_code == status, path


def test_our_reading_agrees_with_its_files_and_with_rest(simulated: Any, through: Any) -> None:
    subjects = ("BTCUSD_PERP",)
    rest = through("binance_coin_m/open_interest", DAY, DAY, subjects).rows.sort("time")
    bulk = through(
        "binance_coin_m/bulk_metrics", DAY, DAY, subjects, table="open_interest"
    ).rows.sort("time")
    assert (rest.height, bulk.height) == (24, 288)
    told = ("time", "open_interest_coins", "open_interest_usd")
    hourly = bulk.filter(bulk["time"].is_in(rest["time"].implode()))
    assert hourly.select(told).rows() == rest.select(told).rows()
    path = "cm/daily/metrics/BTCUSD_PERP/BTCUSD_PERP-metrics-2026-11-12.zip"
    packed = simulated.get(BULK, f"/data/futures/{path}").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()[1:]
    contracts = [Decimal(line.split(",")[2]) for line in lines]
    assert bulk["open_interest_usd"].to_list() == [100 * amount for amount in contracts]


def test_each_order_of_a_file_of_liquidations_stands_twice_and_is_read_once(
    simulated: Any, through: Any
) -> None:
    day, subjects = date(2024, 10, 14), ("BTCUSD_PERP",)
    folder = "/data/futures/cm/daily/liquidationSnapshot/BTCUSD_PERP"
    name = f"BTCUSD_PERP-liquidationSnapshot-{day}"
    with zipfile.ZipFile(io.BytesIO(simulated.get(BULK, f"{folder}/{name}.zip").content)) as packed:
        lines = packed.read(f"{name}.csv").decode().splitlines()[1:]
    orders = [line.split(",") for line in lines[::2]]
    assert lines[::2] == lines[1::2]
    rows = through("binance_coin_m/bulk_liquidations", day, day, subjects).rows.sort("time")
    assert rows["notional_usd"].to_list() == [100 * Decimal(order[9]) for order in orders]
    sides = {"SELL": "long", "BUY": "short"}
    assert rows["position"].to_list() == [sides[order[1]] for order in orders]
    over = through(
        "binance_coin_m/bulk_liquidations", date(2024, 10, 15), date(2024, 10, 15), subjects
    )
    assert over.rows.is_empty()
    assert simulated.get(BULK, f"{folder}/{name.replace('-14', '-15')}.zip").status_code == 404


def test_candles_are_read_as_they_were_served(simulated: Any, through: Any) -> None:
    rows = through("binance_coin_m/candles", DAY, DAY, ("BTCUSD_PERP",)).rows.sort("time")
    start = 1794441600000
    asked = {"symbol": "BTCUSD_PERP", "interval": "1h", "startTime": start}
    served = simulated.json(HOST, "/dapi/v1/klines", **asked, endTime=start + 24 * HOUR - 1)
    told = rows.select("close", "turnover_usd", "volume_coins").rows()
    assert told == [(Decimal(r[4]), 100 * Decimal(r[5]), Decimal(r[7])) for r in served]
    assert len(told) == 24


def test_every_order_that_the_merged_feed_showed_is_given_back(
    through: Any, truly_forced: Any, captured: Path
) -> None:
    told = through("binance/force_orders", DAY, DAY, captures=captured, table="liquidations")
    shown = truly_forced("binance", DAY, shown=True)
    ours = [
        (int(r["time"].timestamp() * 1000), r["instrument_id"], r["position"], r["size"])
        for r in told.rows.iter_rows(named=True)
    ]
    theirs = [
        (r["time_ms"], f"binance:{r['symbol']}", r["position"], Decimal(r["size"]))
        for r in shown.iter_rows(named=True)
    ]
    assert sorted(ours) == sorted(theirs)
    assert any(instrument.endswith("USD_PERP") for _, instrument, *_ in ours)
    assert told.refused.is_empty()
