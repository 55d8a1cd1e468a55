"""Gate futures v4: what a contract settles in is part of the path, times are in seconds."""

from collections.abc import Callable, Mapping

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, Page, Rendered, number, render, text
from replica.venues.desk import Desk, whole
from replica.venues.gate_shapes import (
    CANDLE,
    ORDER,
    PRICE_CANDLE,
    STATS,
    contract,
    signed,
    statistics,
)

HOST = "api.gateio.ws"
# For each kind of question by itself.
PER_WINDOW, WINDOW_S = 200, 10
BASE = "/api/v4/futures/"
SETTLES = ("btc", "usdt")
LONGEST_STRETCH_S = 3600
CANDLES_A_CALL = 2000
CANDLES_BACK = 10_000
KINDS: Mapping[str, str] = {"mark_": "mark", "index_": "index"}
STAT_INTERVALS = ("5m", "15m", "30m", "1h", "4h", "1d")


class Gate:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        listing = desk.market.listing("gate")
        self._rows = {
            settle: [
                row
                for row in listing.iter_rows(named=True)
                if bool(row["inverse"]) == (settle == "btc")
            ]
            for settle in SETTLES
        }
        self._endpoints: Mapping[str, Callable[[Request, str], Answer]] = {
            "contracts": self._contracts,
            "liq_orders": self._orders,
            "contract_stats": self._stats,
            "funding_rate": self._funding,
            "candlesticks": self._candles,
        }

    def endpoint(self, path: str) -> str:
        settle, _, name = path.removeprefix(BASE).partition("/")
        return f"{BASE}{{settle}}/{name}" if settle in SETTLES else path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return _error("TOO_MANY_REQUESTS", "Request Rate Limit Exceeded", 429)

    def answer(self, request: Request) -> Answer:
        limit = Limit(f"gate {self.endpoint(request.path)}", PER_WINDOW, WINDOW_S)
        verdict = self._desk.limiter.ask(limit, request.client, 1)
        reset_s = self._desk.clock.now_ms() // 1000 + int(verdict.wait_s) + 1
        answer = self._data(request) if verdict.allowed else self.too_many()
        return answer.with_headers(
            ("X-Gate-RateLimit-Limit", str(PER_WINDOW)),
            ("X-Gate-RateLimit-Requests-Remain", str(verdict.left)),
            ("X-Gate-RateLimit-Reset-Timestamp", str(reset_s)),
        )

    def _data(self, request: Request) -> Answer:
        settle, _, name = request.path.removeprefix(BASE).partition("/")
        answer = self._endpoints.get(name) if settle in SETTLES else None
        if answer is None or not request.path.startswith(BASE):
            return Answer(404, b"404 page not found", content_type="text/plain")
        try:
            return answer(request, settle)
        except RefusedError as refusal:
            return refusal.answer

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise _invalid(f"{name} is no number") from None

    def _limit(self, request: Request, default: int) -> int:
        limit = self._number(request, "limit")
        if limit is not None and not 1 <= limit <= 1000:
            raise _invalid("limit is out of range")
        return default if limit is None else limit

    def _named(self, settle: str, name: str) -> str:
        rows = self._rows[settle]
        if name not in {row["symbol"] for row in rows}:
            raise RefusedError(_error("CONTRACT_NOT_FOUND", f"contract {name} not found"))
        return name

    def _contracts(self, request: Request, settle: str) -> Answer:
        return json_answer([contract(row) for row in self._rows[settle]])

    def _orders(self, request: Request, settle: str) -> Answer:
        """Newest first. Without a contract the bounds are passed over, as one collector saw."""
        limit = self._limit(request, 100)
        name = request.params.get("contract", "")
        start_s, end_s = self._stretch(request) if name else (0, self._now_s())
        symbol = self._named(settle, name) if name else "*"
        rendered = self._held(Asked("gate", "forced_all", symbol))
        if rendered is None or (settle == "btc" and not name):
            return _list(NO_ROWS)
        first, last = rendered.between(start_s * 1000, min(end_s, self._now_s()) * 1000 + 999)
        return _list(rendered.page(first, min(last, first + limit)))

    def _stretch(self, request: Request) -> tuple[int, int]:
        start_s, end_s = self._number(request, "from"), self._number(request, "to")
        end_s = self._now_s() if end_s is None else end_s
        start_s = end_s - LONGEST_STRETCH_S if start_s is None else start_s
        if end_s - start_s > LONGEST_STRETCH_S:
            raise _invalid("range from/to must in 1 hour")
        return start_s, end_s

    def _now_s(self) -> int:
        return self._desk.clock.now_ms() // 1000

    def _held(self, asked: Asked) -> Rendered | None:
        def make() -> Rendered | None:
            frame = self._desk.market.series(asked)
            return None if frame is None else render(signed(frame).reverse(), ORDER)

        return self._desk.cache.get(("gate", asked), make)

    def _stats(self, request: Request, settle: str) -> Answer:
        """Oldest first from a beginning, else the newest."""
        name = self._named(settle, request.params.get("contract", ""))
        interval = request.params.get("interval", "5m")
        if interval not in STAT_INTERVALS:
            raise _invalid("interval is invalid")
        start_s, limit = self._number(request, "from"), self._limit(request, 30)
        size = next(row["contract_size"] for row in self._rows[settle] if row["symbol"] == name)

        def make() -> Rendered | None:
            frame = statistics(self._desk.market, name, interval, size)
            return None if frame is None else render(frame, STATS)

        rendered = self._desk.cache.get(("gate stats", name, interval), make)
        if rendered is None:
            return _list(NO_ROWS)
        start_ms = None if start_s is None else start_s * 1000
        first, last = rendered.between(start_ms, self._desk.clock.now_ms())
        first = max(first, last - limit) if start_ms is None else first
        return _list(rendered.page(first, min(last, first + limit)))

    def _funding(self, request: Request, settle: str) -> Answer:
        """Newest first."""
        name = self._named(settle, request.params.get("contract", ""))
        limit = self._limit(request, 100)
        start_s, end_s = self._number(request, "from"), self._number(request, "to")
        fields = (number("t", "time_s"), text("r", "rate"))
        asked = Asked("gate", "settlement", name)
        rendered = self._desk.rendered(asked, fields, descending=True)
        if rendered is None:
            return _list(NO_ROWS)
        end_s = self._now_s() if end_s is None else min(end_s, self._now_s())
        first, last = rendered.between(None if start_s is None else start_s * 1000, end_s * 1000)
        return _list(rendered.page(first, min(last, first + limit)))

    def _candles(self, request: Request, settle: str) -> Answer:
        name = request.params.get("contract", "")
        prefix = next((one for one in KINDS if name.startswith(one)), "")
        symbol = self._named(settle, name.removeprefix(prefix))
        interval = request.params.get("interval", "5m")
        if interval not in INTERVAL_MS or request.params.get("timezone", "utc0") != "utc0":
            raise _invalid("interval is invalid")
        start_s, end_s = self._bounds(request, INTERVAL_MS[interval] // 1000)
        asked = Asked("gate", KINDS.get(prefix, "price"), symbol, interval)
        rendered = self._desk.rendered(asked, PRICE_CANDLE if prefix else CANDLE)
        if rendered is None:
            return _list(NO_ROWS)
        return _list(rendered.page(*rendered.between(start_s * 1000, end_s * 1000)))

    def _bounds(self, request: Request, step_s: int) -> tuple[int, int]:
        """From and to, which a count may not stand beside; else the newest of that count."""
        start_s, end_s = self._number(request, "from"), self._number(request, "to")
        count = self._number(request, "limit")
        if count is not None and (start_s is not None or end_s is not None):
            raise _invalid("limit conflicts with from and to")
        count = 100 if count is None else count
        end_s = self._now_s() if end_s is None else min(end_s, self._now_s())
        start_s = end_s - (count - 1) * step_s if start_s is None else start_s
        if (end_s - start_s) // step_s + 1 > CANDLES_A_CALL:
            raise _invalid("too many points")
        if (self._now_s() - start_s) // step_s > CANDLES_BACK:
            words = f"Candlestick too long ago. Maximum {CANDLES_BACK} points ago are allowed"
            raise _invalid(words)
        return start_s, end_s


def _error(label: str, message: str, status: int = 400) -> Answer:
    return json_answer({"label": label, "message": message}, status)


def _invalid(message: str) -> RefusedError:
    return RefusedError(_error("INVALID_PARAM_VALUE", message))


def _list(page: Page) -> Answer:
    return paged("[", page, "]")


ANSWERS = (Gate,)
