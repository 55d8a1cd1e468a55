"""KuCoin futures: one envelope at two hosts, times in milliseconds, sizes in lots."""

import json
from collections.abc import Mapping

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.digits import plain
from replica.limits import Limit
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, Page, Rendered, constant, number, text
from replica.venues.desk import Desk, whole

FUTURES, UNIFIED = "api-futures.kucoin.com", "api.kucoin.com"
LIMIT = Limit("kucoin", cost=2000, window_s=30)
ROUTES: Mapping[tuple[str, str], int] = {  # what a question weighs
    (FUTURES, "/api/v1/contracts/active"): 1,
    (FUTURES, "/api/v1/contract/funding-rates"): 1,
    (FUTURES, "/api/v1/kline/query"): 3,
    (UNIFIED, "/api/ua/v1/market/open-interest"): 1,
}
INTEREST_INTERVALS: Mapping[str, str] = {
    "5min": "5m",
    "15min": "15m",
    "30min": "30m",
    "1hour": "1h",
    "4hour": "4h",
    "1day": "1d",
}
CANDLE = (
    number("", "time_ms"),
    *(number("", name) for name in ("open", "high", "low", "close")),
    number("", "contracts"),
    number("", "quote"),
)
CANDLES_A_CALL, RATES_A_CALL = 200, 100


class KuCoin:
    hosts: tuple[str, ...] = (FUTURES, UNIFIED)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = list(desk.market.listing("kucoin").iter_rows(named=True))
        self._symbols = {str(row["symbol"]) for row in self._listing}

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429 or b'"429000"' in answer.head

    def too_many(self) -> Answer:
        return _error("429000", "Too many requests in a short period of time", 429)

    def answer(self, request: Request) -> Answer:
        weight = ROUTES.get((request.host, request.path), 1)
        verdict = self._desk.limiter.ask(LIMIT, request.client, weight)
        try:
            answer = self._data(request) if verdict.allowed else self.too_many()
        except RefusedError as refusal:
            answer = refusal.answer
        return answer.with_headers(
            ("gw-ratelimit-limit", str(LIMIT.cost)),
            ("gw-ratelimit-remaining", str(verdict.left)),
            ("gw-ratelimit-reset", str(int(verdict.wait_s * 1000))),
        )

    def _data(self, request: Request) -> Answer:
        match request.host, request.path:
            case "api-futures.kucoin.com", "/api/v1/contracts/active":
                rows = [_contract(row) for row in self._listing]
                return json_answer({"code": "200000", "data": rows})
            case "api-futures.kucoin.com", "/api/v1/contract/funding-rates":
                return self._funding(request)
            case "api-futures.kucoin.com", "/api/v1/kline/query":
                return self._candles(request)
            case "api.kucoin.com", "/api/ua/v1/market/open-interest":
                return self._interest(request)
        return _error("404000", "Not Found", 404)

    def _symbol(self, request: Request) -> str:
        symbol = request.params.get("symbol", "")
        if symbol not in self._symbols:
            raise RefusedError(_error("400000", "Unsupported trading pair."))
        return symbol

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise _bad(name) from None

    def _needed(self, request: Request, name: str) -> int:
        found = self._number(request, name)
        if found is None:
            raise _bad(name)
        return found

    def _between(
        self, rendered: Rendered | None, start: int | None, end: int | None, most: int
    ) -> Page:
        if rendered is None:
            return NO_ROWS
        now_ms = self._desk.clock.now_ms()
        first, last = rendered.between(start, now_ms if end is None else min(end, now_ms))
        return rendered.page(first, min(last, first + most))

    def _interest(self, request: Request) -> Answer:
        """Newest first."""
        symbol = self._symbol(request)
        interval = INTEREST_INTERVALS.get(request.params.get("interval", ""))
        size = self._number(request, "pageSize")
        if interval is None or (size is not None and not 1 <= size <= 200):
            raise _bad("interval" if interval is None else "pageSize")
        start, end = self._number(request, "startAt"), self._number(request, "endAt")
        fields = (
            constant("symbol", f'"{symbol}"'),
            text("openInterest", "contracts"),
            number("ts", "time_ms"),
        )
        asked = Asked("kucoin", "venue_open_interest", symbol, interval)
        rendered = self._desk.rendered(asked, fields, descending=True)
        return _list(self._between(rendered, start, end, size or 50))

    def _funding(self, request: Request) -> Answer:
        """Newest first; both bounds are needed."""
        symbol = self._symbol(request)
        start, end = self._needed(request, "from"), self._needed(request, "to")
        fields = (
            constant("symbol", f'"{symbol}"'),
            number("fundingRate", "rate"),
            number("timepoint", "time_ms"),
        )
        asked = Asked("kucoin", "settlement", symbol)
        rendered = self._desk.rendered(asked, fields, descending=True)
        return _list(self._between(rendered, start, end, RATES_A_CALL))

    def _candles(self, request: Request) -> Answer:
        """Oldest first."""
        symbol = self._symbol(request)
        minutes = self._needed(request, "granularity")
        words = {ms // 60_000: word for word, ms in INTERVAL_MS.items()}
        if minutes not in words:
            raise _bad("granularity")
        start, end = self._number(request, "from"), self._number(request, "to")
        asked = Asked("kucoin", "price", symbol, words[minutes])
        rendered = self._desk.rendered(asked, CANDLE, "[]")
        return _list(self._between(rendered, start, end, CANDLES_A_CALL))


def _contract(row: Mapping[str, object]) -> dict[str, object]:
    inverse, hours, size = bool(row["inverse"]), row["funding_hours"], row["contract_size"]
    multiplier = None if size is None else json.loads(plain(str(size)))
    return {
        "symbol": row["symbol"],
        "rootSymbol": row["base"] if inverse else row["quote"],
        "type": "FFWCSX",
        "firstOpenDate": row["launched_ms"],
        "expireDate": None,
        "baseCurrency": row["base"],
        "quoteCurrency": row["quote"],
        "settleCurrency": row["base"] if inverse else row["quote"],
        "lotSize": 1,
        "multiplier": -multiplier if inverse and multiplier else multiplier,
        "isInverse": inverse,
        "status": "Open",
        "fundingRateGranularity": None if hours is None else int(str(hours)) * 3_600_000,
    }


def _error(code: str, message: str, status: int = 200) -> Answer:
    return json_answer({"code": code, "msg": message}, status)


def _bad(name: str) -> RefusedError:
    return RefusedError(_error("400100", f"The parameter {name} is invalid."))


def _list(page: Page) -> Answer:
    return paged('{"code":"200000","data":[', page, "]}")


ANSWERS = (KuCoin,)
