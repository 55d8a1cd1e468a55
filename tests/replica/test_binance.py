"""Binance: candles as lists, statistics of the last 30 days, bulk files with checksums."""

import hashlib
import io
import zipfile
from itertools import pairwise
from typing import Any

HOST = "fapi.binance.com"
BULK = "data.binance.vision"
UM = "/data/futures/um"
HOUR = 3_600_000
MONDAY = 1794182400000


def test_candles_ascend_from_the_start_with_both_bounds(simulated: Any) -> None:
    asked = {"symbol": "BTCUSDT", "interval": "1h", "startTime": MONDAY}
    rows = simulated.json(HOST, "/fapi/v1/klines", **asked, endTime=MONDAY + 2 * HOUR)
    assert [row[0] for row in rows] == [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR]
    assert rows[0][6] == MONDAY + HOUR - 1
    assert len(rows[0]) == 12
    assert isinstance(rows[0][4], str)
    assert len(simulated.json(HOST, "/fapi/v1/klines", **asked, limit=2)) == 2


def test_a_four_hour_candle_is_made_of_its_hours(simulated: Any) -> None:
    asked = {"symbol": "ETHUSDT", "startTime": MONDAY}
    (whole,) = simulated.json(HOST, "/fapi/v1/klines", **asked, interval="4h", limit=1)
    hours = simulated.json(HOST, "/fapi/v1/klines", **asked, interval="1h", limit=4)
    assert (whole[1], whole[4]) == (hours[0][1], hours[-1][4])
    assert float(whole[2]) == max(float(hour[2]) for hour in hours)


def test_mark_and_index_candles_have_no_volume(simulated: Any) -> None:
    for path, name in (("markPriceKlines", "symbol"), ("indexPriceKlines", "pair")):
        asked = {name: "BTCUSDT", "interval": "1h", "limit": 1}
        (row,) = simulated.json(HOST, f"/fapi/v1/{path}", **asked)
        assert (row[5], row[7]) == ("0", "0")


def test_settlements_page_forward_without_a_gap(simulated: Any) -> None:
    times: list[int] = []
    start = MONDAY
    while rows := simulated.json(
        HOST, "/fapi/v1/fundingRate", symbol="BTCUSDT", startTime=start, limit=5
    ):
        times += [row["fundingTime"] for row in rows]
        start = times[-1] + 1
    assert times == sorted(set(times))
    assert times[0] == MONDAY
    assert {later - earlier for earlier, later in pairwise(times)} == {8 * HOUR}


def test_statistics_give_thirty_rows_by_default_and_at_most_500(simulated: Any) -> None:
    path = "/futures/data/openInterestHist"
    asked = {"symbol": "BTCUSDT", "period": "5m"}
    assert len(simulated.json(HOST, path, **asked)) == 30
    assert simulated.get(HOST, path, **asked, limit=501).json()["code"] == -1130
    rows = simulated.json(HOST, path, **asked, limit=500, startTime=MONDAY)
    assert (len(rows), rows[0]["timestamp"]) == (500, MONDAY)


def test_statistics_older_than_thirty_days_are_gone(start: Any) -> None:
    words = ("--market", "simulated", "--size", "small", "--now", "2026-12-10T00:00:00Z")
    with start(*words) as later:
        path, asked = (
            "/futures/data/globalLongShortAccountRatio",
            {"symbol": "BTCUSDT", "period": "1h"},
        )
        rows = later.json(HOST, path, **asked, startTime=MONDAY - 7 * 24 * HOUR, limit=5)
    assert 0 <= rows[0]["timestamp"] - 1794268800000 < HOUR + 60_000


def test_errors_have_a_code_and_status_400(simulated: Any) -> None:
    for asked, code in (
        ({"symbol": "NOPE", "interval": "1h"}, -1121),
        ({"symbol": "BTCUSDT"}, -1102),
        ({"symbol": "BTCUSDT", "interval": "7m"}, -1120),
        ({"symbol": "BTCUSDT", "interval": "1h", "limit": 1501}, -1130),
    ):
        answer = simulated.get(HOST, "/fapi/v1/klines", **asked)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_bulk_file_agrees_with_its_checksum_and_with_rest(simulated: Any) -> None:
    name = "BTCUSDT-metrics-2026-11-12.zip"
    packed = simulated.get(BULK, f"{UM}/daily/metrics/BTCUSDT/{name}").content
    line = simulated.get(BULK, f"{UM}/daily/metrics/BTCUSDT/{name}.CHECKSUM").text
    assert line == f"{hashlib.sha256(packed).hexdigest()}  {name}\n"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()
    assert len(lines) == 1 + 288
    asked = {"symbol": "BTCUSDT", "period": "5m", "startTime": 1794441600000, "limit": 1}
    (row,) = simulated.json(HOST, "/futures/data/openInterestHist", **asked)
    assert lines[1].split(",")[:3] == ["2026-11-12 00:00:00", "BTCUSDT", row["sumOpenInterest"]]


def test_bulk_files_exist_only_in_their_own_period_and_a_day_later(simulated: Any) -> None:
    for path, status in (
        ("monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2026-10.zip", 200),
        ("daily/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2026-11-12.zip", 404),
        ("daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11-16.zip", 200),
        ("daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11-17.zip", 404),
        ("monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2026-10.zip", 200),
        ("monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11.zip", 404),
        ("daily/metrics/NOPEUSDT/NOPEUSDT-metrics-2026-11-12.zip", 404),
        ("daily/metrics/BTCUSDT/BTCUSDT-metrics-2026-02-31.zip", 404),
    ):
        assert simulated.get(BULK, f"{UM}/{path}").status_code == status, path


def test_a_listing_tells_the_thousand_in_the_symbol(simulated: Any) -> None:
    symbols = simulated.json(HOST, "/fapi/v1/exchangeInfo")["symbols"]
    assert "1000PEPE" in {symbol["baseAsset"] for symbol in symbols}
