"""Deribit v2: JSON-RPC over GET, on the usual host and on that of history.

Liquidations are trades with a flag. Errors have a status of 400 and a code of their own.
"""

from collections.abc import Callable
from typing import Any

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, TIME, Rendered, joined, number, render
from replica.venues.deribit_specs import flagged_trades, instrument, summary, with_eight_hours
from replica.venues.desk import Desk, whole

HOSTS = ("www.deribit.com", "history.deribit.com")
# A burst of a hundred; twenty a second come back.
LIMIT = Limit("deribit", cost=100, window_s=5)
PREFIX = "/api/v2/public/"
CURRENCIES = ("BTC", "ETH", "USDC", "USDT", "EURR")
RESOLUTIONS = {"60": "1h", "120": "2h", "360": "6h", "720": "12h", "1D": "1d"}
WITHOUT_DATA = ("1", "3", "5", "10", "15", "30", "180")
MOST_RATES, MOST_BARS, MOST_TRADES = 744, 5000, 1000
BAR = {
    "ticks": TIME,
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "volume": "base",
    "cost": "quote",
}


class Deribit:
    hosts: tuple[str, ...] = HOSTS

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("deribit")
        self._symbols = set(self._listing["symbol"])
        self._methods: dict[str, Callable[[Request], Answer]] = {
            "get_instruments": self._instruments,
            "get_book_summary_by_currency": self._summaries,
            "get_funding_rate_history": self._funding,
            "get_tradingview_chart_data": self._chart,
            "get_last_trades_by_instrument_and_time": self._trades,
        }

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429 or b"too_many_requests" in answer.head

    def too_many(self) -> Answer:
        return _error(10028, "too_many_requests", 429)

    def answer(self, request: Request) -> Answer:
        if not self._desk.limiter.ask(LIMIT, request.client, 1).allowed:
            return self.too_many()
        method = self._methods.get(request.path.removeprefix(PREFIX))
        if method is None or not request.path.startswith(PREFIX):
            return _error(-32601, "Method not found")
        try:
            return method(request)
        except RefusedError as refusal:
            return refusal.answer

    def _tail(self) -> str:
        now_us = self._desk.clock.now_ms() * 1000
        return f',"usIn":{now_us},"usOut":{now_us + 90},"usDiff":90,"testnet":false}}'

    def _result(self, result: object) -> Answer:
        now_us = self._desk.clock.now_ms() * 1000
        times = {"usIn": now_us, "usOut": now_us + 90, "usDiff": 90, "testnet": False}
        return json_answer({"jsonrpc": "2.0", "result": result, **times})

    def _of_currency(self, request: Request) -> list[dict[str, Any]]:
        """The futures that are settled in it."""
        currency = request.params.get("currency", "")
        if currency not in CURRENCIES or request.params.get("kind", "future") != "future":
            raise RefusedError(_error(-32602, "Invalid params"))
        rows = self._listing.iter_rows(named=True)
        return [row for row in rows if currency == row["base" if row["inverse"] else "quote"]]

    def _instruments(self, request: Request) -> Answer:
        rows = self._of_currency(request)
        if request.params.get("expired", "false") == "true":
            return self._result([])
        return self._result([instrument(row) for row in rows])

    def _summaries(self, request: Request) -> Answer:
        rows = [summary(self._desk, row) for row in self._of_currency(request)]
        return self._result([row for row in rows if row])

    def _funding(self, request: Request) -> Answer:
        name, (start, end) = self._contract(request), self._range(request)

        def make() -> Rendered | None:
            frame = self._desk.market.series(Asked("deribit", "settlement", name))
            return None if frame is None else render(with_eight_hours(frame), RATE)

        rendered = self._desk.cache.get(("deribit funding", name), make)
        page = NO_ROWS
        if rendered is not None:
            first, last = rendered.between(start, end)
            page = rendered.page(first, min(last, first + MOST_RATES))
        return paged('{"jsonrpc":"2.0","result":[', page, f"]{self._tail()}")

    def _chart(self, request: Request) -> Answer:
        """One list for each field of the bars; only those that have begun."""
        name, (start, end) = self._contract(request), self._range(request)
        word = request.params.get("resolution", "")
        if word not in RESOLUTIONS and word not in WITHOUT_DATA:
            raise RefusedError(_error(-32602, "Invalid params"))
        frame = self._desk.market.series(Asked("deribit", "price", name, RESOLUTIONS.get(word, "")))
        bars = (
            pl.DataFrame() if frame is None else frame.filter(pl.col(TIME).is_between(start, end))
        )
        if bars.height > MOST_BARS:
            raise RefusedError(_error(-32602, "Invalid params"))
        lists = [
            f'"{key}":[{",".join(bars[column].cast(pl.String)) if bars.height else ""}]'
            for key, column in BAR.items()
        ]
        status = "ok" if bars.height else "no_data"
        body = f'{{"jsonrpc":"2.0","result":{{"status":"{status}",{",".join(lists)}}}{self._tail()}'
        return Answer(head=body.encode())

    def _trades(self, request: Request) -> Answer:
        name, (start, end) = self._contract(request), self._range(request)
        count = self._number(request, "count") or 10
        up = request.params.get("sorting", "desc") == "asc"
        if not 1 <= count <= MOST_TRADES:
            raise RefusedError(_error(-32602, "Invalid params"))
        rendered = self._desk.cache.get(("deribit tape", name, up), self._tape(name, up))
        head = '{"jsonrpc":"2.0","result":{"trades":['
        if rendered is None:
            return paged(head, NO_ROWS, f'],"has_more":false}}{self._tail()}')
        first, last = rendered.between(start, end)
        page = rendered.page(first, min(last, first + count))
        more = "true" if page.last < last else "false"
        return paged(head, page, f'],"has_more":{more}}}{self._tail()}')

    def _tape(self, name: str, up: bool) -> Callable[[], Rendered | None]:
        def make() -> Rendered | None:
            frame = self._desk.market.series(Asked("deribit", "tape", name))
            if frame is None:
                return None
            (row,) = self._listing.filter(pl.col("symbol") == name).iter_rows(named=True)
            told = flagged_trades(frame if up else frame.reverse(), row)
            return joined(told[TIME], told["trade"])

        return make

    def _contract(self, request: Request) -> str:
        name = request.params.get("instrument_name", "")
        if not name:
            raise RefusedError(_error(-32602, "Invalid params"))
        if self._symbols and name not in self._symbols:
            raise RefusedError(_error(13020, "not_found"))
        return name

    def _range(self, request: Request) -> tuple[int, int]:
        """Both bounds are needed, and both are included; nothing lies behind the present."""
        start = self._number(request, "start_timestamp")
        end = self._number(request, "end_timestamp")
        if start is None or end is None:
            raise RefusedError(_error(-32602, "Invalid params"))
        return start, min(end, self._desk.clock.now_ms())

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise RefusedError(_error(-32602, "Invalid params")) from None


RATE = (
    number("timestamp", TIME),
    number("interest_8h", "eight"),
    number("interest_1h", "rate"),
)


def _error(code: int, message: str, status: int = 400) -> Answer:
    error = {"code": code, "message": message}
    return json_answer({"jsonrpc": "2.0", "error": error, "testnet": False}, status)


ANSWERS = (Deribit,)
