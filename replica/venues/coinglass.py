"""CoinGlass v4: a key for everything, errors in the body with status 200, pages that ascend."""

import json

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, Field, Rendered, number, text
from replica.venues import coinglass_lists
from replica.venues.coinglass_words import VENUE_NAMES
from replica.venues.desk import Desk, whole

HOST = "open-api-v4.coinglass.com"
LIMIT = Limit("coinglass", cost=300, window_s=60)
MOST_ROWS = 1000
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "4h", "6h", "8h", "12h", "1d", "1w")
TIME = number("time", "time_ms")
OHLC = (
    TIME,
    text("open", "open"),
    text("high", "high"),
    text("low", "low"),
    text("close", "close"),
)


def _ratio(prefix: str) -> tuple[Field, ...]:
    return (
        TIME,
        number(f"{prefix}_long_percent", "long"),
        number(f"{prefix}_short_percent", "short"),
        number(f"{prefix}_long_short_ratio", "ratio"),
    )


# path below /api/futures/: dataset, parameters that must be present, fields of a row
SERIES: dict[str, tuple[str, tuple[str, ...], tuple[Field, ...]]] = {
    "liquidation/aggregated-history": (
        "liquidation",
        ("exchange_list", "symbol", "interval"),
        (
            TIME,
            number("aggregated_long_liquidation_usd", "long"),
            number("aggregated_short_liquidation_usd", "short"),
        ),
    ),
    "liquidation/history": (
        "pair_liquidation",
        ("exchange", "symbol", "interval"),
        (TIME, text("long_liquidation_usd", "long"), text("short_liquidation_usd", "short")),
    ),
    "open-interest/aggregated-history": ("open_interest", ("symbol", "interval"), OHLC),
    "open-interest/aggregated-stablecoin-history": (
        "open_interest_stable",
        ("exchange_list", "symbol", "interval"),
        OHLC,
    ),
    "open-interest/aggregated-coin-margin-history": (
        "open_interest_coin",
        ("exchange_list", "symbol", "interval"),
        OHLC,
    ),
    "open-interest/history": ("pair_open_interest", ("exchange", "symbol", "interval"), OHLC),
    "funding-rate/history": ("pair_funding", ("exchange", "symbol", "interval"), OHLC),
    "funding-rate/oi-weight-history": ("funding", ("symbol", "interval"), OHLC),
    "global-long-short-account-ratio/history": (
        "ratio_global",
        ("exchange", "symbol", "interval"),
        _ratio("global_account"),
    ),
    "top-long-short-account-ratio/history": (
        "ratio_top_accounts",
        ("exchange", "symbol", "interval"),
        _ratio("top_account"),
    ),
    "top-long-short-position-ratio/history": (
        "ratio_top_positions",
        ("exchange", "symbol", "interval"),
        _ratio("top_position"),
    ),
    "aggregated-taker-buy-sell-volume/history": (
        "taker",
        ("exchange_list", "symbol", "interval"),
        (
            TIME,
            number("aggregated_buy_volume_usd", "buy_turnover"),
            number("aggregated_sell_volume_usd", "sell_turnover"),
        ),
    ),
    "price/history": (
        "price",
        ("exchange", "symbol", "interval", "limit"),
        (*OHLC, text("volume_usd", "turnover")),
    ),
}
WHERE = ("exchange_list", "exchange", "unit")


def _error(code: str, msg: str) -> Answer:
    return json_answer({"code": code, "msg": msg})


class CoinGlass:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return b"Too Many Requests" in answer.head

    def too_many(self) -> Answer:
        return _error("400", "Too Many Requests")

    def answer(self, request: Request) -> Answer:
        key = request.headers.get("cg-api-key", "")
        if not key:
            return _error("401", "API key missing.")
        if key == "wrong":
            return _error("401", "Invalid API key.")
        verdict = self._desk.limiter.ask(LIMIT, key, 1)
        answer = self._data(request) if verdict.allowed else self.too_many()
        counted = (
            ("API-KEY-MAX-LIMIT", str(LIMIT.cost)),
            ("API-KEY-USE-LIMIT", str(verdict.used)),
        )
        return answer.with_headers(*counted)

    def _data(self, request: Request) -> Answer:
        path = request.path.removeprefix("/api/futures/")
        try:
            match path:
                case "supported-coins":
                    return json_answer({"code": "0", "msg": "success", "data": self._coins()})
                case "supported-exchanges":
                    return json_answer({"code": "0", "data": self._venues()})
                case "supported-exchange-pairs":
                    return self._listed_pairs(request)
                case _ if path in SERIES and path != request.path:
                    return self._history(request, path)
            if (found := coinglass_lists.answered(self._desk, request)) is not None:
                return found
            return _error("404", "Not Found")
        except RefusedError as refusal:
            return refusal.answer

    def _history(self, request: Request, path: str) -> Answer:
        dataset, required, fields = SERIES[path]
        for name in required:
            if not request.params.get(name):
                raise RefusedError(
                    _error("400", f"Required String parameter '{name}' is not present")
                )
        if request.params["interval"] not in INTERVALS:
            raise RefusedError(_error("400", "The interval parameter is invalid."))
        asked = Asked(
            "coinglass",
            dataset,
            request.params["symbol"],
            request.params["interval"],
            tuple((name, _normal(request, name)) for name in WHERE),
            self._desk.asking(request),
        )
        rendered = self._desk.rendered(asked, fields)
        if rendered is None:
            return paged('{"code":"0","msg":"success","data":[', NO_ROWS, "]}")
        first, last = self._bounds(request, rendered)
        page = rendered.page(first, last)
        return paged('{"code":"0","msg":"success","data":[', page, "]}")

    def _bounds(self, request: Request, rendered: Rendered) -> tuple[int, int]:
        """With a start the first rows from it, without one the newest rows."""
        try:
            start = whole(request.params, "start_time")
            end = whole(request.params, "end_time")
            limit = whole(request.params, "limit")
        except ValueError:
            raise RefusedError(_error("400", "A number was expected.")) from None
        now = self._desk.clock.now_ms()
        first, last = rendered.between(start, now if end is None else min(end, now))
        most = min(limit or MOST_ROWS, MOST_ROWS)
        if start is not None:
            return first, min(last, first + most)
        return max(first, last - most), last

    def _coins(self) -> list[str]:
        listing = self._desk.market.listing("coinglass")
        return sorted(set(listing.filter(listing["quote"].is_null())["coin"]))

    def _venues(self) -> list[str]:
        return self._desk.market.venue_names("coinglass")

    def _pairs(self) -> dict[str, list[dict[str, str]]]:
        listing = self._desk.market.listing("coinglass")
        pairs: dict[str, list[dict[str, str]]] = {}
        for row in listing.filter(listing["quote"].is_not_null()).iter_rows(named=True):
            pairs.setdefault(VENUE_NAMES[row["venue"]], []).append(
                {
                    "instrument_id": row["symbol"],
                    "base_asset": row["coin"],
                    "quote_asset": row["quote"],
                }
            )
        return pairs

    def _listed_pairs(self, request: Request) -> Answer:
        pairs = self._pairs()
        wanted = request.params.get("exchange")
        if wanted:
            pairs = {name: rows for name, rows in pairs.items() if name == wanted}
        body = json.dumps({"code": "0", "msg": "success", "data": pairs}, separators=(",", ":"))
        return Answer(head=body.encode())


def _normal(request: Request, name: str) -> str:
    """The venues of a list in one order, so that the order of asking does not matter."""
    value = request.params.get(name, "usd" if name == "unit" else "")
    return ",".join(sorted(value.split(","))) if name == "exchange_list" else value


ANSWERS = (CoinGlass,)
