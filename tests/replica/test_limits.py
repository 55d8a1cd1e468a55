"""Each source refuses too much in its own words, and says when to come back."""

from collections.abc import Iterator
from typing import Any

import pytest

from replica.limits import Limit, Limiter


class Elapsed:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def elapsed_s(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def busy(start: Any) -> Iterator[Any]:
    with start("--market", "simulated", "--size", "small") as served:
        yield served


def _until_refused(served: Any, most: int, host: str, path: str, **params: object) -> Any:
    """Asks until an answer has another status or says so in its body."""
    for _ in range(most):
        answer = served.get(host, path, **params)
        if answer.status_code != 200 or b"Too Many" in answer.content:
            return answer
        if b"apiLimitExceeded" in answer.content:
            return answer
    raise AssertionError("never refused")


def test_binance_counts_weights_and_sends_retry_after(busy: Any) -> None:
    asked = {"symbol": "BTCUSDT", "interval": "1h", "limit": 1500}
    first = busy.get("fapi.binance.com", "/fapi/v1/klines", **asked)
    assert first.headers["X-MBX-USED-WEIGHT-1M"] == "10"
    answer = _until_refused(busy, 500, "fapi.binance.com", "/fapi/v1/klines", **asked)
    assert (answer.status_code, answer.json()["code"]) == (429, -1003)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_coinglass_refuses_with_status_200(busy: Any) -> None:
    host = "open-api-v4.coinglass.com"
    answer = _until_refused(busy, 610, host, "/api/futures/supported-coins")
    assert answer.json() == {"code": "400", "msg": "Too Many Requests"}
    assert answer.headers["API-KEY-MAX-LIMIT"] == answer.headers["API-KEY-USE-LIMIT"] == "300"
    counts = busy.own("counts")[host]["/api/futures/supported-coins"]
    assert counts["refused"] == 1
    assert counts["asked"] >= 301


def test_coinalyze_counts_each_symbol(busy: Any) -> None:
    asked = {"symbols": ",".join(f"X{n}.A" for n in range(20)), "interval": "daily"}
    answer = _until_refused(
        busy, 5, "api.coinalyze.net", "/v1/funding-rate-history", **asked, from_=1, to=2
    )
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_bybit_bars_who_asks_too_often(start: Any) -> None:
    asked = ("api.bybit.com", "/v5/market/instruments-info")
    # a window of a hundred seconds, so that no machine is too slow to fill it
    with start("--market", "simulated", "--size", "small", "--scale", "0.05") as slow:
        headers = slow.get(*asked, category="inverse").headers
        assert (headers["X-Bapi-Limit"], headers["X-Bapi-Limit-Status"]) == ("600", "599")
        answer = _until_refused(slow, 1210, *asked, category="inverse")
    assert (answer.status_code, answer.text) == (403, "access too frequent")


def test_kraken_says_so_in_the_body(busy: Any) -> None:
    path = "/derivatives/api/v3/instruments"
    answer = _until_refused(busy, 1010, "futures.kraken.com", path)
    assert answer.status_code == 200
    assert answer.json()["result"] == "error"


def test_a_window_empties_and_keys_do_not_share_it() -> None:
    clock = Elapsed()
    limiter = Limiter(clock, scale=1.0)  # type: ignore[arg-type]
    limit = Limit("some", cost=2, window_s=60)
    assert [limiter.ask(limit, "one", 1).allowed for _ in range(3)] == [True, True, False]
    assert limiter.ask(limit, "two", 1).allowed
    clock.seconds = 61
    assert limiter.ask(limit, "one", 1).allowed


def test_a_scale_shortens_windows_and_the_wait_that_is_told() -> None:
    clock = Elapsed()
    limiter = Limiter(clock, scale=60.0)  # type: ignore[arg-type]
    limit = Limit("some", cost=1, window_s=60)
    limiter.ask(limit, "one", 1)
    verdict = limiter.ask(limit, "one", 1)
    assert not verdict.allowed
    assert verdict.wait_s == pytest.approx(1.0)
    assert float(limiter.retry_after(verdict.wait_s)) < 1.1
    clock.seconds = 1.01
    assert limiter.ask(limit, "one", 1).allowed


def test_limits_begin_again_at_another_scale(start: Any) -> None:
    host, path = "api-pub.bitfinex.com", "/v2/liquidations/hist"
    with start("--market", "simulated", "--size", "small", "--scale", "0.001") as served:
        assert [served.get(host, path).status_code for _ in range(4)] == [200, 200, 200, 429]
        scale = f"{served.base}/_replica/scale"
        assert served.session.post(scale, data="0.002", timeout=10).json() == {"scale": 0.002}
        assert [served.get(host, path).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert [served.session.post(scale, data=d, timeout=10).status_code for d in ("0", "x")] == [
            400,
            400,
        ]


def test_a_breach_bars_for_longer_than_the_window() -> None:
    clock = Elapsed()
    limiter = Limiter(clock, scale=1.0)  # type: ignore[arg-type]
    limit = Limit("some", cost=1, window_s=5, barred_s=600)
    limiter.ask(limit, "one", 1)
    assert not limiter.ask(limit, "one", 1).allowed
    clock.seconds = 599
    assert not limiter.ask(limit, "one", 1).allowed
    clock.seconds = 601
    assert limiter.ask(limit, "one", 1).allowed
