"""Binance USD-M: REST market data with request weights; statistics of the last 30 days only."""

from collections.abc import Mapping

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import DAY_MS
from replica.limits import Limit
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, Field, constant, number, text
from replica.venues.binance_specs import exchange_info, funding_info
from replica.venues.desk import Desk, whole

HOST = "fapi.binance.com"
WEIGHT = Limit("binance weight", cost=2400, window_s=60)
STATISTICS = Limit("binance statistics", cost=1000, window_s=300)
FUNDING = Limit("binance funding", cost=500, window_s=300)
STATISTICS_KEPT_MS = 30 * DAY_MS
PERIODS = ("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d")
PRICES = (
    number("", "time_ms"),
    text("", "open"),
    text("", "high"),
    text("", "low"),
    text("", "close"),
)
CANDLE = (
    *PRICES,
    text("", "volume"),
    number("", "close_ms"),
    text("", "turnover"),
    number("", "trades"),
    text("", "buy_volume"),
    text("", "buy_turnover"),
    constant("", '"0"'),
)
# Mark and index candles have no volume; the eighth value counts the points they were made of.
PRICE_CANDLE = (
    *PRICES,
    constant("", '"0"'),
    number("", "close_ms"),
    constant("", '"0"'),
    constant("", "3600"),
    constant("", '"0"'),
    constant("", '"0"'),
    constant("", '"0"'),
)
CANDLES: Mapping[str, tuple[str, str, tuple[Field, ...]]] = {
    "/fapi/v1/klines": ("price", "symbol", CANDLE),
    "/fapi/v1/markPriceKlines": ("mark", "symbol", PRICE_CANDLE),
    "/fapi/v1/indexPriceKlines": ("index", "pair", PRICE_CANDLE),
}
RATIO = (
    text("longShortRatio", "ratio"),
    text("longAccount", "long"),
    text("shortAccount", "short"),
    number("timestamp", "time_ms"),
)
STATISTIC_ROWS: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "/futures/data/openInterestHist": (
        "venue_open_interest",
        (
            text("sumOpenInterest", "oi"),
            text("sumOpenInterestValue", "oi_usd"),
            number("timestamp", "time_ms"),
        ),
    ),
    "/futures/data/globalLongShortAccountRatio": ("ratio_global", RATIO),
    "/futures/data/topLongShortAccountRatio": ("ratio_top_accounts", RATIO),
    "/futures/data/topLongShortPositionRatio": ("ratio_top_positions", RATIO),
}


def error(code: int, msg: str, status: int = 400) -> Answer:
    return json_answer({"code": code, "msg": msg}, status)


def needed(request: Request, name: str) -> str:
    value = request.params.get(name, "")
    if not value:
        raise RefusedError(
            error(
                -1102,
                f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
            )
        )
    return value


def number_in(request: Request, name: str) -> int | None:
    try:
        return whole(request.params, name)
    except ValueError:
        raise RefusedError(
            error(-1130, f"Data sent for parameter '{name}' is not valid.")
        ) from None


def limit_in(request: Request, default: int, most: int) -> int:
    limit = number_in(request, "limit")
    if limit is None:
        return default
    if not 1 <= limit <= most:
        raise RefusedError(error(-1130, "Data sent for parameter 'limit' is not valid."))
    return limit


def times_in(request: Request) -> tuple[int | None, int | None]:
    start, end = number_in(request, "startTime"), number_in(request, "endTime")
    if start is not None and end is not None and start > end:
        raise RefusedError(error(-1130, "Data sent for parameter 'startTime' is not valid."))
    return start, end


def weight_of(request: Request) -> int:
    """Of a page of candles, by its limit."""
    value = request.params.get("limit", "")
    limit = int(value) if value.isdigit() else 500
    return 1 if limit < 100 else 2 if limit < 500 else 5 if limit <= 1000 else 10


class Binance:
    hosts: tuple[str, ...] = (HOST,)
    home = "/fapi/v1"
    inverse = False
    candles: Mapping[str, tuple[str, str, tuple[Field, ...]]] = CANDLES

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        listing = desk.market.listing("binance")
        self._listing = listing.filter(listing["inverse"] == self.inverse)
        self._symbols = set(self._listing["symbol"])

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status in (418, 429)

    def too_many(self) -> Answer:
        words = "Too many requests; current limit of IP is 2400 request weight per 1 MINUTE."
        return json_answer({"code": -1003, "msg": words}, 429)

    def answer(self, request: Request) -> Answer:
        limit, cost = self._limit_of(request)
        verdict = self._desk.limiter.ask(limit, request.client, cost)
        if not verdict.allowed:
            wait = self._desk.limiter.retry_after(verdict.wait_s)
            return self.too_many().with_headers(("Retry-After", wait))
        try:
            answer = self._data(request)
        except RefusedError as refusal:
            answer = refusal.answer
        used = self._desk.limiter.ask(WEIGHT, request.client, 0).used
        return answer.with_headers(("X-MBX-USED-WEIGHT-1M", str(used)))

    def _limit_of(self, request: Request) -> tuple[Limit, int]:
        if request.path.startswith("/futures/data/"):
            return STATISTICS, 1
        if request.path.startswith(f"{self.home}/funding"):
            return FUNDING, 1
        return WEIGHT, weight_of(request) if request.path in self.candles else 1

    def _data(self, request: Request) -> Answer:
        match request.path.removeprefix(self.home):
            case "/exchangeInfo":
                return self._instruments()
            case "/fundingInfo":
                return json_answer(funding_info(self._listing))
            case "/fundingRate":
                return self._funding(request)
        if request.path in self.candles:
            return self._candles(request)
        if request.path in STATISTIC_ROWS:
            return self._statistics(request)
        return Answer(404, b"<html><body>404 Not Found</body></html>", content_type="text/html")

    def _instruments(self) -> Answer:
        return json_answer(exchange_info(self._listing, self._desk.clock.now_ms()))

    def _known(self, symbol: str) -> str:
        if symbol not in self._symbols:
            raise RefusedError(error(-1121, "Invalid symbol."))
        return symbol

    def _funding(self, request: Request) -> Answer:
        symbol = needed(request, "symbol")
        start, end = times_in(request)
        limit = limit_in(request, 200 if start is None and end is None else 100, 1000)
        fields = (
            constant("symbol", f'"{symbol}"'),
            number("fundingTime", "time_ms"),
            text("fundingRate", "rate"),
            text("markPrice", "mark"),
        )
        return self._rows(Asked("binance", "settlement", symbol), fields, start, end, limit)

    def _candles(self, request: Request) -> Answer:
        dataset, key, fields = self.candles[request.path]
        symbol, interval = self._known(needed(request, key)), self._interval(request)
        start, end = times_in(request)
        asked = Asked("binance", dataset, symbol, interval)
        return self._rows(asked, fields, start, end, limit_in(request, 500, 1500), "[]")

    def _interval(self, request: Request) -> str:
        interval = needed(request, "interval")
        if interval not in INTERVAL_MS:
            raise RefusedError(error(-1120, "Invalid interval."))
        return interval

    def _statistics(self, request: Request) -> Answer:
        dataset, fields = STATISTIC_ROWS[request.path]
        symbol = self._known(needed(request, "symbol"))
        return self._kept(request, dataset, symbol, (constant("symbol", f'"{symbol}"'), *fields))

    def _kept(
        self, request: Request, dataset: str, symbol: str, fields: tuple[Field, ...]
    ) -> Answer:
        """The last thirty days of a statistic."""
        period = needed(request, "period")
        if period not in PERIODS:
            raise RefusedError(error(-1130, "Data sent for parameter 'period' is not valid."))
        start, end = times_in(request)
        oldest = self._desk.clock.now_ms() - STATISTICS_KEPT_MS
        low = oldest if start is None else max(start, oldest)
        limit = limit_in(request, 30, 500)
        asked = Asked("binance", dataset, symbol, period)
        return self._rows(asked, fields, low, end, limit, newest=start is None)

    def _rows(
        self,
        asked: Asked,
        fields: tuple[Field, ...],
        start: int | None,
        end: int | None,
        limit: int,
        brackets: str = "{}",
        newest: bool | None = None,
    ) -> Answer:
        """From a start the first rows, otherwise the newest ones; always ascending."""
        rendered = self._desk.rendered(asked, fields, brackets)
        if rendered is None:
            return paged("[", NO_ROWS, "]")
        now = self._desk.clock.now_ms()
        first, last = rendered.between(start, now if end is None else min(end, now))
        if start is None if newest is None else newest:
            first = max(first, last - limit)
        return paged("[", rendered.page(first, min(last, first + limit)), "]")


ANSWERS = (Binance,)
