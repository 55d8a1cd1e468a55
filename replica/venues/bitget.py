"""Bitget: one envelope, product types, and lists that are turned by cursors or by numbers."""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, TIME, Field, Page, Rendered, constant, joined, text
from replica.template import filled
from replica.venues.desk import Desk, whole

HOST = "api.bitget.com"
USUAL = Limit("bitget", cost=20, window_s=1)
LIMITS: Mapping[str, Limit] = {
    "/api/v3/market/liquidations": Limit("bitget liquidations", cost=5, window_s=1),
    "/api/v2/mix/market/account-long-short": Limit("bitget ratios", cost=1, window_s=1),
}
LINEAR: Final = "USDT-FUTURES"  # only these have contracts here
PRODUCTS: Final = (LINEAR, "COIN-FUTURES", "USDC-FUTURES")
DAY_MS: Final = 86_400_000
EVENTS_KEPT_MS: Final = 3 * DAY_MS
WIDEST_MS: Final = 90 * DAY_MS
# How many hours of ratios are given is not documented; this is an assumption.
RATIOS_GIVEN: Final = 100
GRAINS: Mapping[str, str] = {
    "1m": "1m", "5m": "5m", "15m": "15m", "30m": "30m", "1H": "1h", "4H": "4h", "1Dutc": "1d",
}  # fmt: skip
PERIODS = ("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d")
EVENT = (
    '{"symbol":"<symbol>","side":"<side>","price":"<bankruptcy>","amount":"<base>",'
    '"ts":"<time_ms>"}'
)
PRICES = (
    text("", TIME),
    text("", "open"),
    text("", "high"),
    text("", "low"),
    text("", "close"),
)
CANDLES: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "/api/v2/mix/market/history-candles": (
        "price",
        (*PRICES, text("", "base"), text("", "quote")),
    ),
    "/api/v2/mix/market/history-mark-candles": (
        "mark",
        (*PRICES, constant("", '"0"'), constant("", '"0"')),
    ),
}
SHARES = (
    text("longAccountRatio", "long"),
    text("shortAccountRatio", "short"),
    text("longShortAccountRatio", "ratio"),
    text("ts", TIME),
)


class Bitget:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("bitget")
        self._symbols = set(self._listing["symbol"])

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return self._error("429", "Too Many Requests", 429)

    def answer(self, request: Request) -> Answer:
        limit = LIMITS.get(request.path, USUAL)
        if not self._desk.limiter.ask(limit, request.client, 1).allowed:
            return self.too_many()
        try:
            return self._data(request)
        except RefusedError as refusal:
            return refusal.answer

    def _error(self, code: str, words: str, status: int = 400) -> Answer:
        now = self._desk.clock.now_ms()
        told = {"code": code, "msg": words, "requestTime": now, "data": None}
        return json_answer(told, status)

    def _bad(self, name: str) -> RefusedError:
        return RefusedError(self._error("40034", f"Parameter {name} does not exist"))

    def _data(self, request: Request) -> Answer:
        match request.path:
            case "/api/v2/mix/market/contracts":
                return self._all(self._product(request), _contract)
            case "/api/v2/mix/market/tickers":
                return self._all(self._product(request), self._ticker)
            case "/api/v2/mix/market/history-fund-rate":
                return self._funding(request)
            case "/api/v2/mix/market/account-long-short":
                return self._ratios(request)
            case "/api/v3/market/liquidations":
                return self._liquidations(request)
            case path if path in CANDLES:
                return self._candles(request)
        return self._error("40404", "Request URL NOT FOUND", 404)

    def _product(self, request: Request, name: str = "productType") -> str:
        product = request.params.get(name, "").upper()
        if product not in PRODUCTS:
            raise self._bad(name)
        return product

    def _symbol(self, request: Request, product: str = LINEAR) -> str:
        symbol = request.params.get("symbol", "")
        if self._symbols and (product != LINEAR or symbol not in self._symbols):
            raise self._bad("symbol")
        return symbol

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise RefusedError(
                self._error("40017", f"Parameter verification failed {name}")
            ) from None

    def _limit(self, request: Request, name: str, default: int, most: int) -> int:
        limit = self._number(request, name)
        if limit is not None and not 1 <= limit <= most:
            raise RefusedError(self._error("400172", f"Parameter verification failed {name}"))
        return default if limit is None else limit

    def _paged(self, page: Page, head: str = "[", tail: str = "]") -> Answer:
        now = self._desk.clock.now_ms()
        begin = f'{{"code":"00000","msg":"success","requestTime":{now},"data":{head}'
        return paged(begin, page, f"{tail}}}")

    def _all(
        self, product: str, made: Callable[[Mapping[str, object]], dict[str, object]]
    ) -> Answer:
        rows = self._listing.iter_rows(named=True) if product == LINEAR else ()
        now = self._desk.clock.now_ms()
        told = {"code": "00000", "msg": "success", "requestTime": now}
        return json_answer(told | {"data": [made(row) for row in rows]})

    def _ticker(self, row: Mapping[str, object]) -> dict[str, object]:
        symbol = str(row["symbol"])
        price, mark = self._last("price", symbol, "1h"), self._last("mark", symbol, "1h")
        return {
            "symbol": symbol,
            "lastPr": price.get("close"),
            "markPrice": mark.get("close"),
            "indexPrice": self._last("index", symbol, "1h").get("close"),
            "holdingAmount": self._last("venue_open_interest", symbol, "5m").get("base"),
            "fundingRate": self._last("settlement", symbol, "").get("rate"),
            "ts": str(self._desk.clock.now_ms()),
        }

    def _last(self, dataset: str, symbol: str, interval: str) -> dict[str, str]:
        return self._desk.latest(Asked("bitget", dataset, symbol, interval))

    def _funding(self, request: Request) -> Answer:
        symbol = self._symbol(request, self._product(request))
        size = self._limit(request, "pageSize", 20, 100)
        first_page = self._limit(request, "pageNo", 1, 10**6)
        fields = (
            constant("symbol", f'"{symbol}"'),
            text("fundingRate", "rate"),
            text("fundingTime", TIME),
        )
        rows = self._desk.rendered(Asked("bitget", "settlement", symbol), fields, descending=True)
        if rows is None:
            return self._paged(NO_ROWS)
        first, last = rows.between(None, self._desk.clock.now_ms())
        start = min(first + (first_page - 1) * size, last)
        return self._paged(rows.page(start, min(last, start + size)))

    def _candles(self, request: Request) -> Answer:
        """Oldest first, and the newest of a span that holds more than the limit."""
        dataset, fields = CANDLES[request.path]
        symbol = self._symbol(request, self._product(request))
        grain = GRAINS.get(request.params.get("granularity", ""))
        if grain is None:
            raise self._bad("granularity")
        start, end = self._number(request, "startTime"), self._number(request, "endTime")
        limit = self._limit(request, "limit", 100, 200)
        if start is not None and end is not None and end - start > WIDEST_MS:
            raise RefusedError(self._error("40017", "Parameter verification failed startTime"))
        rows = self._desk.rendered(Asked("bitget", dataset, symbol, grain), fields, "[]")
        if rows is None:
            return self._paged(NO_ROWS)
        now = self._desk.clock.now_ms()
        first, last = rows.between(start, now if end is None else min(end, now))
        return self._paged(rows.page(max(first, last - limit), last))

    def _ratios(self, request: Request) -> Answer:
        symbol, period = self._symbol(request), request.params.get("period", "5m")
        if period not in PERIODS:
            raise self._bad("period")
        rows = self._desk.rendered(Asked("bitget", "ratio_global", symbol, period), SHARES)
        if rows is None:
            return self._paged(NO_ROWS)
        first, last = rows.between(None, self._desk.clock.now_ms())
        return self._paged(rows.page(max(first, last - RATIOS_GIVEN), last))

    def _liquidations(self, request: Request) -> Answer:
        """Newest first; the cursor is the place of the next row."""
        product = self._product(request, "category")
        limit = self._limit(request, "limit", 100, 100)
        place = self._number(request, "cursor") or 0
        symbol = self._symbol(request, product) if request.params.get("symbol") else "*"
        rows = self._forced(symbol) if product == LINEAR else None
        if rows is None:
            return self._paged(NO_ROWS, '{"list":[', '],"cursor":""}')
        now = self._desk.clock.now_ms()
        first, last = rows.between(now - EVENTS_KEPT_MS, now)
        page = rows.page(max(first, place), min(last, max(first, place) + limit))
        more = str(page.last) if page.last < last else ""
        return self._paged(page, '{"list":[', f'],"cursor":"{more}"}}')

    def _forced(self, symbol: str) -> Rendered | None:
        def make() -> Rendered | None:
            orders = self._desk.market.series(Asked("bitget", "forced_all", symbol))
            if orders is None:
                return None
            falling = orders.reverse()
            side = pl.when(pl.col("position") == "long").then(pl.lit("buy"))
            row = filled(EVENT, side=side.otherwise(pl.lit("sell")))
            return joined(falling[TIME], falling.select(row.alias("row"))["row"])

        return self._desk.cache.get(("bitget liquidations", symbol), make)


def _contract(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "symbol": row["symbol"],
        "baseCoin": row["base"],
        "quoteCoin": row["quote"],
        "sizeMultiplier": "0.001",
        "symbolType": "perpetual",
        "symbolStatus": "normal",
        "fundInterval": str(row["funding_hours"]),
        "launchTime": str(row["launched_ms"]),
    }


ANSWERS = (Bitget,)
