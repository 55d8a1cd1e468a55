"""HTX swaps, linear and coin-margined: three dialects of one envelope, orders two hours at a time."""

from collections.abc import Callable, Mapping
from typing import Final

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import DAY_MS, HOUR_MS
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, Field, Page, Rendered, number, render, text
from replica.venues.desk import Desk, whole
from replica.venues.htx_specs import (
    NOTHING,
    ORDERS_V3,
    ORDERS_V5,
    PERIODS,
    PRICES,
    QUOTED,
    TRADED,
    contract,
    doubled,
    printed_orders,
    refusal,
)

HOST = "api.hbdm.com"
INFO = Limit("htx info", cost=240, window_s=3)
MARKET = Limit("htx market", cost=800, window_s=1)
MOST_CANDLES, MOST_POINTS, MOST_RATES, MOST_ORDERS = 2000, 200, 50, 100
WINDOW_MS, KEPT_MS = 2 * HOUR_MS, 90 * DAY_MS
# Neither of these two is documented: how many orders of v3 come at once, how far ratios reach.
ORDERS_V3_A_PAGE, RATIO_POINTS = 50, 48
NO_CONTRACT, BAD_INPUT, TOO_MANY = 1014, 1030, 1032
TOO_MANY_WORDS = "The number of access exceeds the limit."
MARKS = {
    "/index/market/history/linear_swap_mark_price_kline": "linear",
    "/index/market/history/swap_mark_price_kline": "inverse",
}
V5 = "/v5/market/liquidation_orders"


class Htx:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        listing = desk.market.listing("htx")
        self._rows = {str(row["symbol"]): row for row in listing.iter_rows(named=True)}
        self._asks: Mapping[str, Callable[[Request, str], Answer]] = {
            "v1/swap_contract_info": self._contracts,
            "v3/swap_liquidation_orders": self._orders_v3,
            "v1/swap_his_open_interest": self._interest,
            "v1/swap_historical_funding_rate": self._rates,
            "v1/swap_elite_account_ratio": self._accounts,
            "v1/swap_elite_position_ratio": self._positions,
            "market/history/kline": self._candles,
        }

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429 or f":{TOO_MANY},".encode() in answer.head[:60]

    def too_many(self) -> Answer:
        return self._error(TOO_MANY, TOO_MANY_WORDS, "")

    def _error(self, code: int, words: str, path: str) -> Answer:
        return json_answer(refusal(path, code, words, self._desk.clock.now_ms()))

    def answer(self, request: Request) -> Answer:
        limit = MARKET if "/market/history/" in request.path else INFO
        if not self._desk.limiter.ask(limit, request.client, 1).allowed:
            return self._error(TOO_MANY, TOO_MANY_WORDS, request.path)
        try:
            return self._data(request)
        except RefusedError as refusal:
            return refusal.answer

    def _bad(self, request: Request, words: str, code: int = BAD_INPUT) -> RefusedError:
        return RefusedError(self._error(code, words, request.path))

    def _data(self, request: Request) -> Answer:
        if request.path == V5:
            return self._orders_v5(request)
        for prefix, margin in (("/linear-swap-", "linear"), ("/swap-", "inverse")):
            if request.path.startswith(prefix):
                ask = self._asks.get(request.path.removeprefix(prefix).partition("/")[2])
                if ask is not None:
                    return ask(request, margin)
        if margin := MARKS.get(request.path, ""):
            return self._marks(request, margin)
        return Answer(404, b"Not Found", content_type="text/plain")

    def _contracts(self, request: Request, margin: str) -> Answer:
        rows = [
            contract(row) for row in self._rows.values() if row["inverse"] == (margin != "linear")
        ]
        wanted = request.params.get("contract_code", "")
        if wanted:
            code = self._code(request, margin)
            rows = [row for row in rows if row["contract_code"] == code]
        return json_answer({"status": "ok", "data": rows, "ts": self._desk.clock.now_ms()})

    def _code(self, request: Request, margin: str, name: str = "contract_code") -> str:
        code = request.params.get(name, "")
        if not code:
            raise self._bad(request, f"Missing parameter: {name}.", NO_CONTRACT)
        row = self._rows.get(code)
        if row is None or row["inverse"] != (margin != "linear"):
            raise self._bad(request, "The contract does not exist.", NO_CONTRACT)
        return code

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise self._bad(request, f"Incorrect {name}.") from None

    def _count(self, request: Request, name: str, default: int, most: int) -> int:
        found = self._number(request, name)
        if found is not None and not 1 <= found <= most:
            raise self._bad(request, f"Incorrect {name}.")
        return default if found is None else found

    def _period(self, request: Request) -> str:
        period = PERIODS.get(request.params.get("period", ""))
        if period is None:
            raise self._bad(request, "Incorrect period.")
        return period

    def _ok(self, head: str, page: Page, tail: str) -> Answer:
        return paged(head, page, f'{tail},"ts":{self._desk.clock.now_ms()}}}')

    def _past(self, rendered: Rendered, most: int) -> Page:
        """The last points of a series that is printed newest first."""
        first, last = rendered.between(None, self._desk.clock.now_ms())
        return rendered.page(first, min(last, first + most))

    def _orders_v3(self, request: Request, margin: str) -> Answer:
        code = self._code(request, margin, "contract")
        kinds = {"0": ("long", "short"), "5": ("long",), "6": ("short",)}
        positions = kinds.get(request.params.get("trade_type", ""))
        if positions is None:
            raise self._bad(request, "Incorrect trade_type.")
        page = self._orders(request, code, positions, "from_id", ORDERS_V3, ORDERS_V3_A_PAGE)
        return self._ok('{"code":200,"msg":"","data":[', page, "]")

    def _orders_v5(self, request: Request) -> Answer:
        code = self._code(request, "linear")
        most = self._count(request, "limit", MOST_ORDERS, MOST_ORDERS)
        page = self._orders(request, code, ("long", "short"), "from", ORDERS_V5, most)
        return self._ok('{"code":200,"message":"Success","data":[', page, "]")

    def _orders(
        self,
        request: Request,
        code: str,
        positions: tuple[str, ...],
        after: str,
        fields: tuple[Field, ...],
        most: int,
    ) -> Page:
        """Rising ids if the direction is `next`, falling ones if it is `prev`."""
        start_ms, end_ms = self._window(request)
        direct = request.params.get("direct", "prev")
        if direct not in ("next", "prev"):
            raise self._bad(request, "Incorrect direct.")
        found = self._desk.market.series(Asked("htx", "forced_all", code))
        if found is None:
            return NO_ROWS
        from_id = self._number(request, after)
        rows = printed_orders(found, self._rows[code], (start_ms, end_ms), positions)
        if direct == "prev":
            rows = rows.reverse()
        if from_id is not None:
            ahead = rows["id"] > from_id if direct == "next" else rows["id"] < from_id
            rows = rows.filter(ahead)
        rendered = render(rows.head(most), fields)
        return rendered.page(0, most)

    def _window(self, request: Request) -> tuple[int, int]:
        now_ms = self._desk.clock.now_ms()
        end_ms = self._number(request, "end_time")
        end_ms = now_ms if end_ms is None else end_ms
        start_ms = self._number(request, "start_time")
        start_ms = end_ms - WINDOW_MS if start_ms is None else start_ms
        if not end_ms - WINDOW_MS <= start_ms <= end_ms:
            raise self._bad(request, "The query window is at most 2 hours.")
        if start_ms < now_ms - KEPT_MS:
            raise self._bad(request, "The query window should be within the past 90 days.")
        return start_ms, min(end_ms, now_ms)

    def _interest(self, request: Request, margin: str) -> Answer:
        code, period = self._code(request, margin), self._period(request)
        unit = request.params.get("amount_type", "")
        if unit not in ("1", "2"):
            raise self._bad(request, "Incorrect amount_type.")
        most = self._count(request, "size", 48, MOST_POINTS)
        fields = (
            number("volume", "contracts" if unit == "1" else "base"),
            Field("amount_type", "", missing=unit),
            *([number("value", "oi_usd")] if margin == "linear" else []),
            number("ts", "time_ms"),
        )
        asked = Asked("htx", "venue_open_interest", code, period)
        rendered = self._desk.rendered(asked, fields, descending=True)
        page = NO_ROWS if rendered is None else self._past(rendered, most)
        symbol = self._rows[code]["base"]
        head = f'{{"status":"ok","data":{{"symbol":"{symbol}","tick":['
        return self._ok(head, page, f'],"contract_code":"{code}"}}')

    def _accounts(self, request: Request, margin: str) -> Answer:
        return self._ratios(request, margin, "ratio_top_accounts", locked=True)

    def _positions(self, request: Request, margin: str) -> Answer:
        return self._ratios(request, margin, "ratio_top_positions", locked=False)

    def _ratios(self, request: Request, margin: str, dataset: str, *, locked: bool) -> Answer:
        code, period = self._code(request, margin), self._period(request)
        fields = (
            number("buy_ratio", "long"),
            number("sell_ratio", "short"),
            *([Field("locked_ratio", "", missing="0")] if locked else []),
            number("ts", "time_ms"),
        )
        rendered = self._desk.rendered(Asked("htx", dataset, code, period), fields, descending=True)
        page = NO_ROWS if rendered is None else self._past(rendered, RATIO_POINTS)
        tail = f'],"symbol":"{self._rows[code]["base"]}","contract_code":"{code}"}}'
        return self._ok('{"status":"ok","data":{"list":[', page, tail)

    def _rates(self, request: Request, margin: str) -> Answer:
        code = self._code(request, margin)
        index = self._count(request, "page_index", 1, 10**6)
        size = self._count(request, "page_size", 20, MOST_RATES)
        row = self._rows[code]
        asset = row["quote"] if margin == "linear" else row["base"]
        fields = (
            text("funding_rate", "rate"),
            text("realized_rate", "rate"),
            text("funding_time", "time_ms"),
            Field("contract_code", "", missing=f'"{code}"'),
            Field("symbol", "", missing=f'"{row["base"]}"'),
            Field("fee_asset", "", missing=f'"{asset}"'),
        )
        rendered = self._desk.rendered(Asked("htx", "settlement", code), fields, descending=True)
        page, total = NO_ROWS, 0
        if rendered is not None:
            first, last = rendered.between(None, self._desk.clock.now_ms())
            total = last - first
            begin = first + (index - 1) * size
            page = rendered.page(begin, min(last, begin + size))
        head = (
            f'{{"status":"ok","data":{{"total_page":{-(-total // size)},"current_page":{index},'
            f'"total_size":{total},"data":['
        )
        return self._ok(head, page, "]}")

    def _candles(self, request: Request, margin: str) -> Answer:
        """A size overrides the bounds; without either there is nothing."""
        code, period = self._code(request, margin), self._period(request)
        turnover = [number("trade_turnover", "quote")] if margin == "linear" else []
        fields = (number("id", "time_s"), *PRICES, *TRADED, *turnover)
        rendered = self._doubled(Asked("htx", "price", code, period), fields)
        head = f'{{"ch":"market.{code}.kline.{request.params["period"]}","status":"ok","data":['
        return self._ok(head, self._chosen(request, rendered), "]")

    def _marks(self, request: Request, margin: str) -> Answer:
        code, period = self._code(request, margin), self._period(request)
        self._count(request, "size", MOST_CANDLES, MOST_CANDLES)
        if "size" not in request.params:
            raise self._bad(request, "Missing parameter: size.", NO_CONTRACT)
        asked = Asked("htx", "mark", code, period)
        rendered = self._desk.rendered(asked, (number("id", "time_s"), *QUOTED, *NOTHING))
        head = f'{{"ch":"market.{code}.mark_price.{request.params["period"]}","data":['
        return self._ok(head, self._chosen(request, rendered), "]")

    def _doubled(self, asked: Asked, fields: tuple[Field, ...]) -> Rendered | None:
        def make() -> Rendered | None:
            frame = self._desk.market.series(asked)
            return None if frame is None else render(doubled(frame), fields)

        return self._desk.cache.get((asked, fields, "doubled"), make)

    def _chosen(self, request: Request, rendered: Rendered | None) -> Page:
        size = self._count(request, "size", 0, MOST_CANDLES)
        from_s, to_s = self._number(request, "from"), self._number(request, "to")
        if rendered is None or not (size or (from_s is not None and to_s is not None)):
            return NO_ROWS
        now_ms = self._desk.clock.now_ms()
        if size:
            first, last = rendered.between(None, now_ms)
            return rendered.page(max(first, last - size), last)
        first, last = rendered.between((from_s or 0) * 1000, min((to_s or 0) * 1000, now_ms))
        if last - first > MOST_CANDLES:
            raise self._bad(request, "At most 2000 candles are given.")
        return rendered.page(first, last)


ANSWERS: Final = (Htx,)
