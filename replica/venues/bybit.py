"""Bybit v5: one envelope for everything, rows newest first, cursors for some lists."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit, Verdict
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, Field, Page, Rendered, constant, text
from replica.venues.bybit_specs import instrument, ticker
from replica.venues.desk import Desk, whole

HOST = "api.bybit.com"
# A breach bars the address for ten minutes.
LIMIT = Limit("bybit", cost=600, window_s=5, barred_s=600)
CATEGORIES = ("linear", "inverse")
PERIODS = ("5min", "15min", "30min", "1h", "4h", "1d")
INTERVALS: Mapping[str, str] = {
    "1": "1m",
    "3": "3m",
    "5": "5m",
    "15": "15m",
    "30": "30m",
    "60": "1h",
    "120": "2h",
    "240": "4h",
    "360": "6h",
    "720": "12h",
    "D": "1d",
    "W": "1w",
}
PRICES = (
    text("", "time_ms"),
    text("", "open"),
    text("", "high"),
    text("", "low"),
    text("", "close"),
)
CANDLES: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "/v5/market/kline": ("price", (*PRICES, text("", "volume"), text("", "turnover"))),
    "/v5/market/mark-price-kline": ("mark", PRICES),
    "/v5/market/index-price-kline": ("index", PRICES),
}
OPEN_INTEREST = (
    text("openInterest", "oi"),
    text("singleOpenInterest", "oi_single"),
    text("timestamp", "time_ms"),
)


def error(code: int, message: str, now_ms: int) -> Answer:
    return json_answer(
        {"retCode": code, "retMsg": message, "result": {}, "retExtInfo": {}, "time": now_ms}
    )


class Bybit:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("bybit")
        self._symbols = {
            category: set(self._listing.filter(self._listing["inverse"] == inverse)["symbol"])
            for category, inverse in (("linear", False), ("inverse", True))
        }

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status in (403, 429)

    def too_many(self) -> Answer:
        return Answer(403, b"access too frequent", content_type="text/plain")

    def answer(self, request: Request) -> Answer:
        verdict = self._desk.limiter.ask(LIMIT, request.client, 1)
        if not verdict.allowed:
            return self.too_many()
        try:
            answer = self._data(request)
        except RefusedError as refusal:
            answer = refusal.answer
        counted = self._counted(verdict)
        return answer.with_headers(*counted)

    def _counted(self, verdict: Verdict) -> tuple[tuple[str, str], ...]:
        reset = self._desk.clock.now_ms() + int(verdict.wait_s * 1000)
        return (
            ("X-Bapi-Limit", str(LIMIT.cost)),
            ("X-Bapi-Limit-Status", str(verdict.left)),
            ("X-Bapi-Limit-Reset-Timestamp", str(reset)),
        )

    def _data(self, request: Request) -> Answer:
        match request.path:
            case "/v5/market/instruments-info":
                return self._instruments(request)
            case "/v5/market/tickers":
                return self._tickers(request)
            case "/v5/market/open-interest":
                return self._series(
                    request, "venue_open_interest", "intervalTime", OPEN_INTEREST, (50, 200)
                )
            case "/v5/market/account-ratio":
                return self._ratio(request)
            case "/v5/market/funding/history":
                return self._funding(request)
            case path if path in CANDLES:
                return self._candles(request)
        return Answer(404, b"404 page not found", content_type="text/plain")

    def _bad(self, message: str) -> RefusedError:
        return RefusedError(error(10001, message, self._desk.clock.now_ms()))

    def _category(self, request: Request) -> str:
        category = request.params.get("category", "")
        if category not in CATEGORIES:
            raise self._bad("params error: category invalid")
        return category

    def _symbol(self, request: Request, category: str) -> str:
        symbol = request.params.get("symbol", "")
        if symbol not in self._symbols[category]:
            raise self._bad("params error: symbol invalid")
        return symbol

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise self._bad(f"params error: {name} invalid") from None

    def _limit(self, request: Request, default: int, most: int) -> int:
        limit = self._number(request, "limit")
        if limit is not None and not 1 <= limit <= most:
            raise self._bad("params error: limit invalid")
        return default if limit is None else limit

    def _envelope(
        self, category: str, symbol: str | None, page: Page, cursor: str | None
    ) -> Answer:
        named = f'"symbol":"{symbol}",' if symbol else ""
        more = "" if cursor is None else f',"nextPageCursor":"{cursor}"'
        return paged(
            f'{{"retCode":0,"retMsg":"OK","result":{{{named}"category":"{category}","list":[',
            page,
            f']{more}}},"retExtInfo":{{}},"time":{self._desk.clock.now_ms()}}}',
        )

    def _instruments(self, request: Request) -> Answer:
        category = self._category(request)
        self._limit(request, 500, 1000)
        rows = self._listing.filter(self._listing["inverse"] == (category == "inverse"))
        if request.params.get("symbol"):
            rows = rows.filter(rows["symbol"] == self._symbol(request, category))
        if request.params.get("status", "Trading") != "Trading":
            rows = rows.clear()
        listed = [instrument(row) for row in rows.iter_rows(named=True)]
        limit = self._limit(request, 500, 1000)
        start = self._offset(request)
        more = f"first={start + limit}" if start + limit < len(listed) else ""
        result = {
            "category": category,
            "list": listed[start : start + limit],
            "nextPageCursor": quote(more, safe=""),
        }
        return self._ok(result)

    def _offset(self, request: Request) -> int:
        cursor = unquote(request.params.get("cursor", ""))
        return int(cursor.removeprefix("first=")) if cursor.startswith("first=") else 0

    def _ok(self, result: Mapping[str, object]) -> Answer:
        now = self._desk.clock.now_ms()
        return json_answer(
            {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now}
        )

    def _tickers(self, request: Request) -> Answer:
        category = self._category(request)
        wanted = self._symbols[category]
        if request.params.get("symbol"):
            wanted = {self._symbol(request, category)}
        rows = [ticker(self._desk, symbol) for symbol in sorted(wanted)]
        return self._ok({"category": category, "list": [row for row in rows if row]})

    def _ratio(self, request: Request) -> Answer:
        symbol = constant("symbol", f'"{request.params.get("symbol", "")}"')
        shares = (text("buyRatio", "long"), text("sellRatio", "short"))
        fields = (symbol, *shares, text("timestamp", "time_ms"))
        return self._series(request, "ratio_global", "period", fields, (50, 500))

    def _series(
        self,
        request: Request,
        dataset: str,
        period_name: str,
        fields: tuple[Field, ...],
        limits: tuple[int, int],
    ) -> Answer:
        """Newest first, with a cursor to the rows before the last one given."""
        category = self._category(request)
        symbol = self._symbol(request, category)
        period = request.params.get(period_name, "")
        if period not in PERIODS:
            raise self._bad(f"params error: {period_name} invalid")
        start, end = self._number(request, "startTime"), self._number(request, "endTime")
        limit = self._limit(request, *limits)
        asked = Asked("bybit", dataset, symbol, period, (("category", category),))
        rendered = self._desk.rendered(asked, fields, descending=True)
        if rendered is None:
            return self._envelope(category, symbol, NO_ROWS, "")
        first, last = self._between(rendered, start, _before(request, end))
        page = rendered.page(first, min(last, first + limit))
        return self._envelope(category, symbol, page, _cursor(rendered, page, last))

    def _between(self, rendered: Rendered, start: int | None, end: int | None) -> tuple[int, int]:
        now = self._desk.clock.now_ms()
        return rendered.between(start, now if end is None else min(end, now))

    def _funding(self, request: Request) -> Answer:
        category = self._category(request)
        symbol = self._symbol(request, category)
        start, end = self._number(request, "startTime"), self._number(request, "endTime")
        if start is not None and end is None:
            raise self._bad("params error: startTime cannot be sent without endTime")
        limit = self._limit(request, 200, 200)
        fields = (
            constant("symbol", f'"{symbol}"'),
            text("fundingRate", "rate"),
            text("fundingRateTimestamp", "time_ms"),
        )
        asked = Asked("bybit", "settlement", symbol, where=(("category", category),))
        rendered = self._desk.rendered(asked, fields, descending=True)
        if rendered is None:
            return self._envelope(category, None, NO_ROWS, None)
        first, last = self._between(rendered, start, end)
        return self._envelope(category, None, rendered.page(first, min(last, first + limit)), None)

    def _candles(self, request: Request) -> Answer:
        """With a start alone the first rows from it; otherwise the newest before the end."""
        dataset, fields = CANDLES[request.path]
        category = self._category(request)
        symbol = self._symbol(request, category)
        interval = INTERVALS.get(request.params.get("interval", ""))
        if interval is None:
            raise self._bad("params error: interval invalid")
        start, end = self._number(request, "start"), self._number(request, "end")
        limit = self._limit(request, 200, 1000)
        asked = Asked("bybit", dataset, symbol, interval, (("category", category),))
        rendered = self._desk.rendered(asked, fields, "[]", descending=True)
        if rendered is None:
            return self._envelope(category, symbol, NO_ROWS, None)
        if start is not None:  # the candle that holds the start is given too
            start -= start % INTERVAL_MS[interval] if interval != "1w" else 0
        first, last = self._between(rendered, start, end)
        if start is not None and end is None:
            first = max(first, last - limit)
        page = rendered.page(first, min(last, first + limit))
        return self._envelope(category, symbol, page, None)


def _before(request: Request, end: int | None) -> int | None:
    """The end of a page: the cursor names the oldest row that was given."""
    cursor = unquote(unquote(request.params.get("cursor", "")))
    if "lasttime=" not in cursor:
        return end
    last = int(cursor.partition("lasttime=")[2]) - 1
    return last if end is None else min(last, end)


def _cursor(rendered: Rendered, page: Page, last: int) -> str:
    if not len(page) or page.last >= last:
        return ""
    oldest = int(rendered.times[page.last - 1])
    return quote(f"lastid={page.last}&lasttime={oldest}", safe="")


ANSWERS = (Bybit,)
