"""OKX v5: one envelope, everything as text, newest first, a limit of its own for each path.

Bars of six hours and more that begin at UTC+8 are not simulated, only those with `utc` behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import DAY_MS
from replica.limits import Limit
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, TIME, Field, Rendered, constant, render, text
from replica.venues.desk import Desk, whole
from replica.venues.okx_specs import instrument, liquidated

HOST = "www.okx.com"
BARS: Mapping[str, str] = {
    "1H": "1h",
    "2H": "2h",
    "4H": "4h",
    "6Hutc": "6h",
    "12Hutc": "12h",
    "1Dutc": "1d",
}
PERIODS: Mapping[str, str] = {"5m": "5m", **BARS}
ENTRIES = 1440
FUNDING_MS = 90 * DAY_MS
FORCED_MS, DELAY_MS = 7 * DAY_MS, 70 * 60_000
FORCED_ROWS = 100

OHLC = tuple(text("", name) for name in (TIME, "open", "high", "low", "close"))
VOLUMES = tuple(text("", name) for name in ("contracts", "base", "quote"))
OVER = constant("", '"1"')


@dataclass(frozen=True, slots=True)
class Served:
    """A path that is asked by contract: its limit, its rows, and how many fit on a page."""

    limit: Limit
    dataset: str
    fields: tuple[Field, ...]
    most: int
    where: str = ""  # the parameter that names the bucket
    words: Mapping[str, str] | None = None


def _limit(name: str, cost: int) -> Limit:
    return Limit(f"okx {name}", cost, 2)


LISTING, FORCED = _limit("instruments", 20), _limit("liquidation-orders", 40)
BY_CONTRACT: Mapping[str, Served] = {
    "/api/v5/market/history-candles": Served(
        _limit("history-candles", 20), "price", (*OHLC, *VOLUMES, OVER), 300, "bar", BARS
    ),
    "/api/v5/market/history-mark-price-candles": Served(
        _limit("history-mark-price-candles", 10), "mark", (*OHLC, OVER), 100, "bar", BARS
    ),
    "/api/v5/rubik/stat/contracts/open-interest-history": Served(
        _limit("open-interest-history", 10),
        "venue_open_interest",
        tuple(text("", name) for name in (TIME, "contracts", "base", "oi_usd")),
        100,
        "period",
        PERIODS,
    ),
    "/api/v5/rubik/stat/contracts/long-short-account-ratio-contract": Served(
        _limit("long-short-account-ratio-contract", 5),
        "ratio_global",
        (text("", TIME), text("", "ratio")),
        100,
        "period",
        PERIODS,
    ),
    "/api/v5/public/funding-rate-history": Served(
        _limit("funding-rate-history", 10), "settlement", (), 400
    ),
}


class Okx:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("okx")
        self._symbols = set(self._listing["symbol"])

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429 or b'"50011"' in answer.head

    def too_many(self) -> Answer:
        return _refusal("50011", "Too Many Requests", 429)

    def answer(self, request: Request) -> Answer:
        served = BY_CONTRACT.get(request.path)
        limit = served.limit if served else LISTING
        who = request.client
        if request.path.endswith("/open-interest-history"):  # counted for each contract
            who += request.params.get("instId", "")
        if request.path.endswith("/liquidation-orders"):
            limit = FORCED
        if not self._desk.limiter.ask(limit, who, 1).allowed:
            return self.too_many()
        try:
            return self._data(request, served)
        except RefusedError as refusal:
            return refusal.answer

    def _data(self, request: Request, served: Served | None) -> Answer:
        if served:
            return self._series(request, served)
        match request.path:
            case "/api/v5/public/instruments":
                return self._instruments(request)
            case "/api/v5/public/liquidation-orders":
                return self._liquidations(request)
        return _refusal("50005", "The endpoint does not exist or is offline", 410)

    def _instruments(self, request: Request) -> Answer:
        kind = _needed(request, "instType")
        if kind not in ("SWAP", "FUTURES"):
            raise _bad("instType")
        rows = self._listing.iter_rows(named=True) if kind == "SWAP" else ()
        return json_answer({"code": "0", "msg": "", "data": [instrument(row) for row in rows]})

    def _series(self, request: Request, served: Served) -> Answer:
        """Bounds are not among the rows; statistics call theirs begin and end."""
        symbol = self._contract(request)
        interval = ""
        if served.words:
            default = "1m" if served.where == "bar" else "5m"
            word = request.params.get(served.where, default)
            if word not in served.words:
                raise _bad(served.where)
            interval = served.words[word]
        statistic = served.where == "period"
        newer, older = ("begin", "end") if statistic else ("before", "after")
        start, end = _number(request, newer), _number(request, older)
        fields = served.fields or _rates(symbol)
        asked = Asked("okx", served.dataset, symbol, interval)
        brackets = "[]" if served.fields else "{}"
        rendered = self._desk.rendered(asked, fields, brackets, descending=True)
        earliest, latest = self._kept(served, interval)
        return self._page(
            request, rendered, max(earliest, (start or 0) + 1), min(latest, _before(end)), served
        )

    def _kept(self, served: Served, interval: str) -> tuple[int, int]:
        """The first and last instant that the path still, and already, answers for."""
        now = self._desk.clock.now_ms()
        if served.dataset == "settlement":
            return now - FUNDING_MS, now
        span = INTERVAL_MS[interval]
        if served.where == "period":
            return now - ENTRIES * span, now
        return 0, now - span  # only candles that are over

    def _page(
        self, request: Request, rendered: Rendered | None, start: int, end: int, served: Served
    ) -> Answer:
        most = _number(request, "limit") or min(served.most, 100)
        if not 1 <= most <= served.most:
            raise _bad("limit")
        if rendered is None:
            return paged('{"code":"0","msg":"","data":[', NO_ROWS, "]}")
        first, last = rendered.between(start, end)
        page = rendered.page(first, min(last, first + most))
        return paged('{"code":"0","msg":"","data":[', page, "]}")

    def _liquidations(self, request: Request) -> Answer:
        """One family a question: what the socket showed, an hour late and for some days."""
        if _needed(request, "instType") != "SWAP" or request.params.get("state") != "filled":
            raise _bad("instType")
        family = _needed(request, "instFamily")
        symbol = f"{family}-SWAP"
        if self._symbols and symbol not in self._symbols:
            raise RefusedError(_refusal("51001", "Instrument ID does not exist"))
        most = _number(request, "limit") or FORCED_ROWS
        if not 1 <= most <= FORCED_ROWS:
            raise _bad("limit")
        rendered = self._desk.cache.get(("okx forced", symbol), self._forced(symbol))
        if rendered is None:
            return paged('{"code":"0","msg":"","data":[', NO_ROWS, "]}")
        now, end = self._desk.clock.now_ms(), _before(_number(request, "after"))
        first, last = rendered.between(now - FORCED_MS, min(end, now - DELAY_MS))
        page = rendered.page(first, min(last, first + most))
        if not len(page):
            return paged('{"code":"0","msg":"","data":[', NO_ROWS, "]}")
        named = f'"instFamily":"{family}","instId":"{symbol}","instType":"SWAP","uly":"{family}"'
        return paged('{"code":"0","msg":"","data":[{"details":[', page, f"],{named}}}]}}")

    def _forced(self, symbol: str) -> Callable[[], Rendered | None]:
        def make() -> Rendered | None:
            frame = self._desk.market.series(Asked("okx", "forced_shown", symbol))
            if frame is None:
                return None
            return render(liquidated(frame).reverse(), DETAIL)

        return make

    def _contract(self, request: Request) -> str:
        symbol = _needed(request, "instId")
        if self._symbols and symbol not in self._symbols:
            raise RefusedError(_refusal("51001", "Instrument ID does not exist"))
        return symbol


DETAIL = (
    constant("bkLoss", '"0"'),
    text("bkPx", "bankruptcy"),
    constant("ccy", '""'),
    text("posSide", "held"),
    text("side", "ordered"),
    text("sz", "size"),
    text("ts", TIME),
)


def _rates(symbol: str) -> tuple[Field, ...]:
    return (
        constant("formulaType", '"noRate"'),
        text("fundingRate", "rate"),
        text("fundingTime", TIME),
        constant("instId", f'"{symbol}"'),
        constant("instType", '"SWAP"'),
        constant("method", '"current_period"'),
        text("realizedRate", "rate"),
    )


def _before(end: int | None) -> int:
    return 2**62 if end is None else end - 1


def _refusal(code: str, words: str, status: int = 200) -> Answer:
    return json_answer({"code": code, "msg": words, "data": []}, status)


def _bad(name: str) -> RefusedError:
    return RefusedError(_refusal("51000", f"Parameter {name} error", 400))


def _needed(request: Request, name: str) -> str:
    value = request.params.get(name, "")
    if not value:
        raise RefusedError(_refusal("50014", f"Parameter {name} cannot be empty", 400))
    return value


def _number(request: Request, name: str) -> int | None:
    try:
        return whole(request.params, name)
    except ValueError:
        raise _bad(name) from None


ANSWERS = (Okx,)
