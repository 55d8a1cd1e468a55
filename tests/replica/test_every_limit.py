"""Every source of the replica refuses one question more than its limit, in its own words.

The limits stand here once more, as the sources' documents give them; "assumed" is said of those
that no document gives. Questions go to the router itself: thousands of them take a second.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipelines.extract.catalogue import MANNERS
from pipelines.extract.errors import Blocked, TooManyRequests
from pipelines.extract.manners import classifier
from pipelines.sources import SOURCES
from replica.answer import Answer, Request
from replica.clock import Clock
from replica.control import Control
from replica.faults import FaultBook
from replica.limits import Limiter
from replica.routes import Router
from replica.simulated.world import World
from replica.venues.desk import Desk
from replica.views.market import SimulatedMarket

WITHOUT_LIMIT = {"data.binance.vision"}  # none is documented, and none is assumed
KEY = {"cg-api-key": "a-key", "api_key": "a-key"}


class SetClock(Clock):
    """Moved by hand."""

    seconds = 0.0

    def elapsed_s(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Case:
    """``allowed`` questions are answered within ``seconds``; the next is refused."""

    source: str
    host: str
    path: str
    allowed: int
    seconds: float
    status: int
    words: str
    params: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[str, object] | None = None
    barred_s: float = 0.0

    def __str__(self) -> str:
        return f"{self.source}{self.path}"


OKX = ("okx", "www.okx.com")
HTX = ("htx", "api.hbdm.com")
BITFINEX = ("bitfinex", "api-pub.bitfinex.com")
BITGET = ("bitget", "api.bitget.com")
TOO_MANY = (429, '"50011"')
HTX_TOO_MANY = (200, "1032")
RATELIMIT = (429, '["error",11010,"ratelimit: error"]')
BUSY = (429, '"429"')
SHOUT = (429, "-1003")
TEN = {"symbol": "NONE", "interval": "1h", "limit": "1500"}  # a question that weighs ten
DYDX, DERIBIT = "/v4/perpetualMarkets/none", "/api/v2/public/none"
BY_TWENTY = {"symbols": ",".join(f"X{n}.A" for n in range(20)), "interval": "daily"}

CASES = (
    Case("binance", "fapi.binance.com", "/fapi/v1/klines", 240, 60, *SHOUT, TEN),
    Case("binance", "fapi.binance.com", "/futures/data/openInterestHist", 1000, 300, *SHOUT),
    Case("binance", "fapi.binance.com", "/fapi/v1/fundingRate", 500, 300, *SHOUT),
    Case("binance_coin_m", "dapi.binance.com", "/dapi/v1/klines", 240, 60, *SHOUT, TEN),
    Case("binance_coin_m", "dapi.binance.com", "/futures/data/openInterestHist", 1000, 300, *SHOUT),
    Case("bybit", "api.bybit.com", "/v5/none", 600, 5, 403, "access too frequent", barred_s=600),
    Case(*OKX, "/api/v5/public/instruments", 20, 2, *TOO_MANY),  # assumed
    Case(*OKX, "/api/v5/market/history-candles", 20, 2, *TOO_MANY),
    Case(*OKX, "/api/v5/market/history-mark-price-candles", 10, 2, *TOO_MANY),  # assumed
    Case(*OKX, "/api/v5/rubik/stat/contracts/open-interest-history", 10, 2, *TOO_MANY),
    Case(*OKX, "/api/v5/rubik/stat/contracts/long-short-account-ratio-contract", 5, 2, *TOO_MANY),
    Case(*OKX, "/api/v5/public/funding-rate-history", 10, 2, *TOO_MANY),
    Case(*OKX, "/api/v5/public/liquidation-orders", 40, 2, *TOO_MANY),
    Case("deribit", "www.deribit.com", DERIBIT, 100, 5, 429, "too_many_requests"),
    Case("deribit", "history.deribit.com", DERIBIT, 100, 5, 429, "too_many_requests"),
    Case("gate", "api.gateio.ws", "/api/v4/futures/usdt/liq_orders", 200, 10, 429, "TOO_MANY"),
    Case(*HTX, "/linear-swap-api/v1/swap_his_open_interest", 240, 3, *HTX_TOO_MANY),
    Case(*HTX, "/linear-swap-ex/market/history/kline", 800, 1, *HTX_TOO_MANY),
    Case(*BITFINEX, "/v2/liquidations/hist", 3, 60, *RATELIMIT),
    Case(*BITFINEX, "/v2/status/deriv/none/hist", 90, 60, *RATELIMIT),
    Case(*BITFINEX, "/v2/candles/trade:1h:none/hist", 30, 60, *RATELIMIT),
    Case(*BITFINEX, "/v2/conf/none", 90, 60, *RATELIMIT),  # assumed
    Case("kraken", "futures.kraken.com", "/none", 500, 10, 200, "apiLimitExceeded"),  # assumed
    Case("kraken_spot", "api.kraken.com", "/0/none", 15, 15, 200, "EAPI:Rate limit"),  # assumed
    Case("kucoin", "api-futures.kucoin.com", "/api/v1/kline/query", 666, 30, 429, '"429000"'),
    Case("kucoin", "api.kucoin.com", "/api/ua/v1/none", 2000, 30, 429, '"429000"'),
    Case("hyperliquid", "api.hyperliquid.xyz", "/info", 60, 60, 429, "null", posted={"type": "x"}),
    Case(*BITGET, "/api/v2/mix/market/none", 20, 1, *BUSY),  # remembered
    Case(*BITGET, "/api/v3/market/liquidations", 5, 1, *BUSY),
    Case(*BITGET, "/api/v2/mix/market/account-long-short", 1, 1, *BUSY),
    Case("dydx", "indexer.dydx.trade", DYDX, 100, 10, 429, "Too many requests"),
    Case("coinglass", "open-api-v4.coinglass.com", "/api/none", 300, 60, 200, "Too Many Requests"),
    Case("coinalyze", "api.coinalyze.net", "/v1/none", 40, 60, 429, "Too Many Requests"),
    Case(
        "coinalyze",
        "api.coinalyze.net",
        "/v1/ohlcv-history",
        2,
        60,
        429,
        "Too Many Requests",
        BY_TWENTY,
    ),
    Case("fear_greed", "api.alternative.me", "/none", 60, 60, 429, "Too many"),  # assumed
    Case("tardis", "datasets.tardis.dev", "/none", 600, 60, 429, "Too many"),  # assumed
    Case("tardis", "api.tardis.dev", "/none", 600, 60, 429, "Too many"),  # assumed
)


@dataclass
class Asked:
    """One router, whose clock is moved by hand."""

    clock: SetClock
    router: Router
    control: Control

    def once(self, case: Case, client: str = "here") -> tuple[Answer, bool]:
        """The answer, and whether the router counted it as a refusal."""
        before = self.refusals(case)
        query = "&".join(f"{name}={value}" for name, value in case.params.items())
        request = Request(case.host, case.path, query, case.params, KEY, client, case.posted)
        answer, _ = self.router.answer(request, "nowhere")
        return answer, self.refusals(case) > before

    def refusals(self, case: Case) -> int:
        own = Request("_replica", "/counts", "", {}, {}, "here")
        counts: dict[str, dict[str, dict[str, int]]] = json.loads(
            self.control.answer(own, "GET", b"").body()
        )
        return sum(row["refused"] for row in counts.get(case.host, {}).values())

    def until_refused(self, case: Case, client: str = "here") -> Answer:
        """All that is allowed, of which nothing is refused, and one question more."""
        query = "&".join(f"{name}={value}" for name, value in case.params.items())
        request = Request(case.host, case.path, query, case.params, KEY, client, case.posted)
        before = self.refusals(case)
        for _ in range(case.allowed):
            self.router.answer(request, "nowhere")
        assert self.refusals(case) == before, "refused within the limit"
        answer, was_counted = self.once(case, client)
        assert was_counted
        return answer


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(World(7, "small"))


@pytest.fixture
def asked(market: SimulatedMarket) -> Asked:
    clock = SetClock(market.now_ms)
    desk = Desk(market, clock, Limiter(clock, 1.0))
    router = Router(desk, FaultBook())
    return Asked(clock, router, Control(market, desk, router, FaultBook()))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_question_too_many_is_refused_in_the_source_s_own_way(asked: Asked, case: Case) -> None:
    answer = asked.until_refused(case)
    assert answer.status == case.status
    assert case.words in answer.body().decode()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_another_window_or_the_end_of_a_bar_opens_again(asked: Asked, case: Case) -> None:
    asked.until_refused(case)
    asked.clock.seconds = case.seconds * 0.98
    assert asked.once(case)[1]
    asked.clock.seconds = case.seconds * 1.02 + 1e-6
    assert asked.once(case)[1] == bool(case.barred_s)
    asked.clock.seconds = 2 * (case.seconds + case.barred_s)
    assert not asked.once(case)[1]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_our_connector_takes_the_refusal_for_what_it_is(asked: Asked, case: Case) -> None:
    answer = asked.until_refused(case)
    classify = classifier(MANNERS[case.source].judge)
    error: Any = classify(answer.status, dict(answer.headers), answer.body())
    kind = Blocked if case.barred_s else TooManyRequests
    assert isinstance(error, kind)
    assert error.retry or error.shuts_s >= case.barred_s > 0


def test_each_host_of_the_replica_has_a_limit_and_belongs_to_a_source(asked: Asked) -> None:
    assert {case.host for case in CASES} | WITHOUT_LIMIT == set(asked.router.hosts)
    for case in CASES:
        assert case.host in SOURCES[case.source].hosts


def test_usd_and_coin_margined_contracts_of_binance_share_their_weight(asked: Asked) -> None:
    usd, coin = CASES[0], CASES[3]
    asked.until_refused(usd)
    assert asked.once(coin)[1]


@pytest.mark.parametrize("source", ["coinglass", "coinalyze"])
def test_limits_of_a_key_count_the_key_and_all_others_the_address(
    asked: Asked, source: str
) -> None:
    by_key = next(case for case in CASES if case.source == source)
    by_address = next(case for case in CASES if case.source == "gate")
    asked.until_refused(by_key)
    asked.until_refused(by_address)
    assert asked.once(by_key, client="elsewhere")[1]
    assert not asked.once(by_address, client="elsewhere")[1]


def test_open_interest_of_okx_is_counted_for_each_contract(asked: Asked) -> None:
    case = next(case for case in CASES if case.path.endswith("open-interest-history"))
    asked.until_refused(case)
    other = Case(*OKX, case.path, 10, 2, *TOO_MANY, {"instId": "ETH-USDT-SWAP"})
    assert not asked.once(other)[1]


def test_a_family_of_gate_s_paths_has_its_own_window(asked: Asked) -> None:
    case = next(case for case in CASES if case.source == "gate")
    asked.until_refused(case)
    other = "/api/v4/futures/usdt/contract_stats"
    assert not asked.once(Case("gate", case.host, other, 200, 10, 429, "TOO_MANY"))[1]
