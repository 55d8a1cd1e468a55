"""Bitfinex derivatives: arrays in arrays, and refusals that are arrays too."""

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, TIME, Page, Rendered, joined, number
from replica.template import filled
from replica.venues.desk import Desk, whole

HOST = "api-pub.bitfinex.com"
LIQUIDATIONS = "/v2/liquidations/hist"
STATUS = re.compile(r"/v2/status/deriv/(?P<symbol>[^/]+)/hist")
CANDLES = re.compile(r"/v2/candles/trade:(?P<frame>\w+):(?P<symbol>[^/]+)/hist")
# Each path has a limit of its own; that of the listing is an assumption.
LIMITS: Mapping[str, Limit] = {
    "liquidations": Limit("bitfinex liquidations", cost=3, window_s=60),
    "status": Limit("bitfinex status", cost=90, window_s=60),
    "candles": Limit("bitfinex candles", cost=30, window_s=60),
    "conf": Limit("bitfinex conf", cost=90, window_s=60),
}
FRAMES: Mapping[str, str] = {"1m": "1m", "5m": "5m", "15m": "15m", "30m": "30m", "1h": "1h"} | {
    "3h": "3h", "6h": "6h", "12h": "12h", "1D": "1d", "1W": "1w",
}  # fmt: skip
PERIOD_MS: Final = 28_800_000
FIRST_ID: Final = 170_000_000
# Entry prices are nobody's to know here: the price of bankruptcy stands in that place.
POSITION = (
    '[["pos",<id>,<time_ms>,null,"<symbol>",<sign><size>,<bankruptcy>,null,<match>,1,null,<fill>]]'
)
STATE = (
    "[<time_ms>,null,<last>,<index>,null,1000000.5,null,<next>,0.00001,4,null,<rate>,null,null,"
    "<mark>,null,null,<oi>,null,null,null,0.0005,0.0025]"
)
CANDLE = (
    number("", TIME),
    number("", "open"),
    number("", "close"),
    number("", "high"),
    number("", "low"),
    number("", "base"),
)


def error(code: int, message: str, status: int = 500) -> Answer:
    return json_answer(["error", code, message], status)


class Bitfinex:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._symbols = list(desk.market.listing("bitfinex")["symbol"])

    def endpoint(self, path: str) -> str:
        named = STATUS.sub("/v2/status/deriv/{key}/hist", path)
        return CANDLES.sub("/v2/candles/{candle}/hist", named)

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return error(11010, "ratelimit: error", 429)

    def answer(self, request: Request) -> Answer:
        limit = LIMITS.get(request.path.split("/")[2] if request.path.count("/") > 2 else "")
        if limit is None:
            return Answer(404, b"", content_type="text/plain")
        if not self._desk.limiter.ask(limit, request.client, 1).allowed:
            return self.too_many()
        try:
            return self._data(request)
        except RefusedError as refusal:
            return refusal.answer

    def _data(self, request: Request) -> Answer:
        path = request.path
        if path == "/v2/conf/pub:list:pair:futures":
            return json_answer([[symbol.removeprefix("t") for symbol in self._symbols]])
        if path == LIQUIDATIONS:
            return self._page(request, self._liquidations(self._falls(request)), 500)
        if found := STATUS.fullmatch(path):
            symbol = self._known(found["symbol"], "key: invalid")
            return self._page(request, self._states(symbol, self._falls(request)), 5000)
        if found := CANDLES.fullmatch(path):
            symbol = self._known(found["symbol"], "symbol: invalid")
            asked = Asked("bitfinex", "price", symbol, self._frame(found["frame"]))
            falls = self._falls(request)
            rows = self._desk.rendered(asked, CANDLE, "[]", descending=falls)
            return self._page(request, rows, 10_000)
        return Answer(404, b"", content_type="text/plain")

    def _known(self, symbol: str, words: str) -> str:
        if self._symbols and symbol not in self._symbols:
            raise RefusedError(error(10020, words))
        return symbol

    def _frame(self, word: str) -> str:
        if word not in FRAMES:
            raise RefusedError(error(10020, "time_interval: invalid"))
        return FRAMES[word]

    def _falls(self, request: Request) -> bool:
        sort = request.params.get("sort", "-1")
        if sort not in ("1", "-1"):
            raise RefusedError(error(10020, "sort: invalid"))
        return sort == "-1"

    def _page(self, request: Request, rows: Rendered | None, most: int) -> Answer:
        start, end = self._number(request, "start"), self._number(request, "end")
        limit = self._number(request, "limit")
        if limit is not None and not 1 <= limit <= most:
            raise RefusedError(error(10020, "limit: invalid"))
        page: Page = NO_ROWS
        if rows is not None:
            now = self._desk.clock.now_ms()
            first, last = rows.between(start, now if end is None else min(end, now))
            page = rows.page(first, min(last, first + (limit or min(most, 125))))
        return paged("[", page, "]")

    def _number(self, request: Request, name: str) -> int | None:
        try:
            return whole(request.params, name)
        except ValueError:
            raise RefusedError(error(10020, f"{name}: invalid")) from None

    def _liquidations(self, falls: bool) -> Rendered | None:
        """Each position twice: as it is triggered, and as it is executed in the market."""

        def make() -> Rendered | None:
            orders = self._desk.market.series(Asked("bitfinex", "forced_all", "*"))
            if orders is None:
                return None
            flags = pl.DataFrame({"match": [0, 1]})
            rows = orders.with_columns(id=pl.col("nth").cast(pl.Int64) + FIRST_ID).join(
                flags, how="cross", maintain_order="left_right"
            )
            sign = pl.when(pl.col("position") == "long").then(pl.lit("")).otherwise(pl.lit("-"))
            return _rendered(rows, filled(POSITION, sign=sign), falls)

        return self._desk.cache.get(("bitfinex liquidations", falls), make)

    def _states(self, symbol: str, falls: bool) -> Rendered | None:
        def make() -> Rendered | None:
            rows = self._known_states(symbol)
            return None if rows is None else _rendered(rows, filled(STATE), falls)

        return self._desk.cache.get(("bitfinex states", symbol, falls), make)

    def _known_states(self, symbol: str) -> pl.DataFrame | None:
        """Every five minutes: open interest of then, and the latest price and rate before it."""
        series = self._desk.market.series
        states = series(Asked("bitfinex", "venue_open_interest", symbol, "5m"))
        rates = series(Asked("bitfinex", "settlement", symbol))
        if states is None or rates is None:
            return None
        found = states.select(TIME, "oi")
        for dataset, name in (("price", "last"), ("mark", "mark"), ("index", "index")):
            prices = series(Asked("bitfinex", dataset, symbol, "1h"))
            if prices is None:
                return None
            found = found.join_asof(prices.select(TIME, pl.col("open").alias(name)), on=TIME)
        found = found.join_asof(rates.select(TIME, "rate"), on=TIME)
        return found.with_columns(
            pl.col("last", "mark", "index", "rate").fill_null("null"),
            next=pl.col(TIME) // PERIOD_MS * PERIOD_MS + PERIOD_MS,
        )


def _rendered(frame: pl.DataFrame, row: pl.Expr, falls: bool) -> Rendered:
    ordered = frame.reverse() if falls else frame
    return joined(ordered[TIME], ordered.select(row.alias("row"))["row"])


ANSWERS = (Bitfinex,)
