"""Hyperliquid: every question is posted to one path as JSON, and told by its type."""

from collections.abc import Mapping
from typing import Final

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, TIME, Page, constant, number, text
from replica.venues.desk import FAR, Desk

HOST = "api.hyperliquid.xyz"
LIMIT = Limit("hyperliquid", cost=1200, window_s=60)
# Weight of a question, and how many rows weigh one more.
WEIGHT: Final = 20
RATES_A_WEIGHT: Final = 20
CANDLES_A_WEIGHT: Final = 60
MOST_RATES: Final = 500
MOST_CANDLES: Final = 5000
RATE = (text("fundingRate", "rate"), constant("premium", '"0.0"'), number("time", TIME))
PRICES = (text("o", "open"), text("c", "close"), text("h", "high"), text("l", "low"))


class Hyperliquid:
    hosts: tuple[str, ...] = (HOST,)
    takes_posts = True

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("hyperliquid")
        self._coins = set(self._listing["symbol"])

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return Answer(429, b"null")

    def answer(self, request: Request) -> Answer:
        if request.path != "/info":
            return Answer(404, b"", content_type="text/plain")
        try:
            answer, weight = self._data(request.posted or {})
        except RefusedError as refusal:
            answer, weight = refusal.answer, WEIGHT
        if not self._desk.limiter.ask(LIMIT, request.client, weight).allowed:
            return self.too_many()
        return answer

    def _data(self, asked: Mapping[str, object]) -> tuple[Answer, int]:
        match asked:
            case {"type": "metaAndAssetCtxs"}:
                return self._markets(), WEIGHT
            case {"type": "fundingHistory"}:
                page = self._rates(asked)
                return paged("[", page, "]"), WEIGHT + len(page) // RATES_A_WEIGHT
            case {"type": "candleSnapshot", "req": dict(wanted)}:
                page = self._candles(wanted)
                return paged("[", page, "]"), WEIGHT + len(page) // CANDLES_A_WEIGHT
        raise malformed()

    def _markets(self) -> Answer:
        rows = list(self._listing.iter_rows(named=True))
        universe = [
            {"szDecimals": row["size_decimals"], "name": row["symbol"], "maxLeverage": 20}
            for row in rows
        ]
        return json_answer([{"universe": universe}, [self._state(row["symbol"]) for row in rows]])

    def _state(self, coin: str) -> dict[str, object]:
        """The last known values of a market."""
        price, mark = self._last("price", coin, "1h"), self._last("mark", coin, "1h")
        rate = self._last("settlement", coin, "")
        return {
            "funding": rate.get("rate", "0.0"),
            "openInterest": self._last("venue_open_interest", coin, "5min").get("base", "0.0"),
            "prevDayPx": price.get("open"),
            "dayNtlVlm": price.get("quote", "0.0"),
            "premium": "0.0",
            "oraclePx": self._last("index", coin, "1h").get("close"),
            "markPx": mark.get("close"),
            "midPx": price.get("close"),
        }

    def _last(self, dataset: str, coin: str, interval: str) -> dict[str, str]:
        return self._desk.latest(Asked("hyperliquid", dataset, coin, interval))

    def _rates(self, asked: Mapping[str, object]) -> Page:
        coin = self._coin(asked)
        start, end = self._between(asked)
        fields = (constant("coin", f'"{coin}"'), *RATE)
        rendered = self._desk.rendered(Asked("hyperliquid", "settlement", coin), fields)
        if rendered is None:
            return NO_ROWS
        first, last = rendered.between(start, end)
        return rendered.page(first, min(last, first + MOST_RATES))

    def _candles(self, asked: Mapping[str, object]) -> Page:
        """However far back it is asked, only the most recent ones are there."""
        coin, interval = self._coin(asked), str(asked.get("interval", ""))
        if interval not in INTERVAL_MS:
            raise malformed()
        start, end = self._between(asked)
        fields = (
            number("t", TIME),
            number("T", "close_ms"),
            constant("s", f'"{coin}"'),
            constant("i", f'"{interval}"'),
            *PRICES,
            text("v", "base"),
            number("n", "trades"),
        )
        rendered = self._desk.rendered(Asked("hyperliquid", "price", coin, interval), fields)
        if rendered is None:
            return NO_ROWS
        _, present = rendered.between(None, self._desk.clock.now_ms())
        first, last = rendered.between(start, end)
        return rendered.page(max(first, present - MOST_CANDLES), last)

    def _coin(self, asked: Mapping[str, object]) -> str:
        """What it says of a coin that it does not know is not documented: this is assumed."""
        coin = str(asked.get("coin", ""))
        if not coin or (self._coins and coin not in self._coins):
            raise malformed()
        return coin

    def _between(self, asked: Mapping[str, object]) -> tuple[int, int]:
        now = self._desk.clock.now_ms()
        start, end = asked.get("startTime"), asked.get("endTime", now)
        if type(start) is not int or type(end) is not int:
            raise malformed()
        return max(start, -FAR), min(end, now)


def malformed() -> RefusedError:
    said = b"Failed to deserialize the JSON body into the target type"
    return RefusedError(Answer(422, said, content_type="text/plain"))


ANSWERS = (Hyperliquid,)
