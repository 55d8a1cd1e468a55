"""The server itself: how it starts, counts and tells the truth."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import requests

from replica.digits import plain, shortest


def test_the_ready_line_names_every_host_under_its_port(simulated: Any) -> None:
    ready = simulated.ready
    assert ready["now"] == "2026-11-18T06:00:00Z"
    assert set(ready["hosts"]) >= {
        "fapi.binance.com",
        "data.binance.vision",
        "api.bybit.com",
        "futures.kraken.com",
        "open-api-v4.coinglass.com",
        "api.coinalyze.net",
    }
    assert set(ready["sockets"]) >= {"fstream.binance.com", "stream.bybit.com"}
    for host, base in ready["hosts"].items():
        assert base == f"http://127.0.0.1:{ready['port']}/{host}"


def test_counts_name_the_endpoint_and_not_the_symbol(simulated: Any) -> None:
    simulated.get("futures.kraken.com", "/api/history/v3/market/PF_XBTUSD/executions", count=1)
    counts = simulated.own("counts")["futures.kraken.com"]
    assert counts["/api/history/v3/market/{symbol}/executions"]["asked"] >= 1


def test_the_truth_of_a_week_is_the_sum_of_its_rows(simulated: Any) -> None:
    truth = simulated.own("truth?week=2026-W46")
    days = {row["day"] for row in truth["rows"]}
    assert (min(days), max(days)) == ("2026-11-09", "2026-11-15")
    assert truth["events"] == sum(row["events"] for row in truth["rows"])
    total = sum(float(usd) for usd in truth["by_venue"].values())
    assert float(truth["total_usd"]) == pytest.approx(total, abs=0.1)
    assert simulated.session.get(f"{simulated.base}/_replica/truth?week=W46").status_code == 400


def test_an_unknown_host_is_said_to_be_unknown(simulated: Any) -> None:
    assert simulated.get("api.example.com", "/").status_code == 404


def test_a_connection_serves_many_requests_one_after_another(simulated: Any) -> None:
    path = b"/api.bybit.com/v5/market/kline?category=spot"
    ask = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", simulated.ready["port"])) as connection:
        for _ in range(3):
            connection.sendall(ask)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_threads_get_the_same_answers(simulated: Any) -> None:
    markets = simulated.json("api.coinalyze.net", "/v1/future-markets")[:8]

    def ask(symbol: str) -> str:
        url = f"{simulated.base}/api.coinalyze.net/v1/open-interest-history"
        params = {"symbols": symbol, "interval": "4hour", "from": "0", "to": "9999999999"}
        answer = requests.get(url, params=params, headers={"api_key": "k"}, timeout=10)
        assert answer.status_code == 200
        assert len(answer.content) > 1000
        return answer.text

    symbols = [market["symbol"] for market in markets]
    with ThreadPoolExecutor(8) as pool:
        once, again = (list(pool.map(ask, symbols)) for _ in range(2))
    assert once == again
    assert len(set(once)) == len(symbols)


def test_instants_beyond_all_data_are_no_trouble(simulated: Any) -> None:
    asked = {"symbol": "BTCUSDT", "interval": "1h", "startTime": 0, "endTime": 10**30}
    assert len(simulated.json("fapi.binance.com", "/fapi/v1/klines", **asked)) == 500


def test_the_same_seed_gives_the_same_market(simulated: Any, start: Any) -> None:
    asked = ("open-api-v4.coinglass.com", "/api/futures/liquidation/aggregated-history")
    params = {"symbol": "SOL", "interval": "1d", "exchange_list": "OKX"}
    with start("--market", "simulated:7", "--size", "small") as again:
        same = again.get(*asked, **params).text
    with start("--market", "simulated:8", "--size", "small") as other:
        different = other.get(*asked, **params).text
    assert simulated.get(*asked, **params).text == same != different


@pytest.mark.parametrize(
    "words",
    [
        ["--market", "recorded:/no/such/folder"],
        ["--market", "dreamed"],
        ["--market", "simulated:x"],
    ],
)
def test_a_market_that_does_not_exist_is_one_line(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "replica", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=20,
    )
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1


def test_digits_are_the_shortest_and_plain() -> None:
    column = pl.Series([0.1 + 0.2, 1e22, -8.22e-06, None, 16544.0])
    assert shortest(column).to_list() == [
        "0.30000000000000004",
        "10000000000000000000000",
        "-0.00000822",
        None,
        "16544.0",
    ]
    assert plain("1.5e-3") == "0.0015"
