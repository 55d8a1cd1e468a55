"""Kraken Futures: instruments, tickers, charts, and the whole tape with its liquidations."""

import base64
import binascii
import re

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import iso_millis
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, Rendered
from replica.venues.desk import Desk, whole
from replica.venues.kraken_charts import Charts
from replica.venues.kraken_specs import EXECUTION, instrument, ticker

HOST = "futures.kraken.com"
# Kraken documents no limit for its public history; this budget is an assumption.
LIMIT = Limit("kraken", cost=500, window_s=10)
MOST_ROWS = 1000
EXECUTIONS = re.compile(r"/api/history/v3/market/(\w+)/executions")


class Kraken:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("kraken")
        self._symbols = set(self._listing["symbol"])
        self._charts = Charts(desk, self._error)

    def endpoint(self, path: str) -> str:
        tape = re.sub(EXECUTIONS, "/api/history/v3/market/{symbol}/executions", path)
        return self._charts.endpoint(tape)

    def refused(self, answer: Answer) -> bool:
        return b"apiLimitExceeded" in answer.head or answer.status == 429

    def too_many(self) -> Answer:
        return self._error("apiLimitExceeded")

    def answer(self, request: Request) -> Answer:
        if not self._desk.limiter.ask(LIMIT, request.client, 1).allowed:
            return self.too_many()
        try:
            return self._data(request)
        except RefusedError as refusal:
            return refusal.answer

    def _error(self, word: str, status: int = 200) -> Answer:
        body = {"result": "error", "error": word, "serverTime": self._time()}
        return json_answer(body, status)

    def _time(self) -> str:
        return iso_millis(self._desk.clock.now_ms())

    def _data(self, request: Request) -> Answer:
        match request.path:
            case "/derivatives/api/v3/instruments":
                return self._listed("instruments", [instrument(row) for row in self._rows()])
            case "/derivatives/api/v3/tickers":
                rows = [ticker(self._desk, row) for row in self._rows()]
                return self._listed("tickers", [row for row in rows if row])
            case path if found := re.fullmatch(EXECUTIONS, path):
                return self._executions(request, found.group(1))
        return self._charts.answer(request) or self._error("notFound", 404)

    def _rows(self) -> list[dict[str, object]]:
        return list(self._listing.iter_rows(named=True))

    def _listed(self, name: str, rows: list[dict[str, object]]) -> Answer:
        return json_answer({"result": "success", name: rows, "serverTime": self._time()})

    def _executions(self, request: Request, symbol: str) -> Answer:
        if self._symbols and symbol not in self._symbols:
            raise RefusedError(self._error("contractNotFound", 404))
        since, before = self._number(request, "since"), self._number(request, "before")
        count = min(self._number(request, "count") or MOST_ROWS, MOST_ROWS)
        sort = request.params.get("sort", "desc")
        if sort not in ("asc", "desc"):
            raise RefusedError(self._error("invalidArgument", 400))
        asked = Asked("kraken", "executions", symbol)
        rendered = self._desk.rendered(asked, EXECUTION, descending=sort == "desc")
        if rendered is None:
            return paged('{"elements":[', NO_ROWS, '],"len":0}')
        now = self._desk.clock.now_ms()
        first, last = rendered.between(since, now if before is None else min(before, now))
        first = max(first, self._position(request, rendered))
        page = rendered.page(first, min(last, first + count))
        more = f',"continuationToken":"{_token(page.last)}"' if page.last < last else ""
        return paged('{"elements":[', page, f'],"len":{len(page)}{more}}}')

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise RefusedError(self._error("invalidArgument", 400)) from None

    def _position(self, request: Request, rendered: Rendered) -> int:
        token = request.params.get("continuation_token", "")
        if not token:
            return 0
        try:
            position = int(base64.b64decode(token, validate=True).decode().removeprefix("row:"))
        except (binascii.Error, ValueError):
            raise RefusedError(self._error("invalidArgument", 400)) from None
        return min(position, len(rendered.times))


def _token(position: int) -> str:
    return base64.b64encode(f"row:{position}".encode()).decode()


ANSWERS = (Kraken,)
