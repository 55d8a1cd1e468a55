"""Kraken spot: two pairs of stable coins against the dollar, and their hourly candles."""

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, Page, number, text
from replica.venues.desk import Desk, whole

HOST = "api.kraken.com"
# About one a second is remembered of the vendor's document; a counter lets short bursts pass.
LIMIT = Limit("kraken_spot", cost=15, window_s=15)
MOST_ROWS = 720
HOUR_S = 3_600
HOURLY = "60"
INTERVALS = frozenset({"1", "5", "15", "30", HOURLY, "240", "1440", "10080", "21600"})  # minutes
# The name that answers use, by the one that is asked for.
NAMES = {"USDTUSD": "USDTZUSD", "USDCUSD": "USDCUSD"}
CANDLE = (
    number("", "time_s"),
    text("", "open"),
    text("", "high"),
    text("", "low"),
    text("", "close"),
    text("", "vwap"),
    text("", "volume"),
    number("", "trades"),
)


class KrakenSpot:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return b"Rate limit exceeded" in answer.head or answer.status == 429

    def too_many(self) -> Answer:
        return _error("EAPI:Rate limit exceeded")

    def answer(self, request: Request) -> Answer:
        if not self._desk.limiter.ask(LIMIT, request.client, 1).allowed:
            return self.too_many()
        try:
            match request.path:
                case "/0/public/AssetPairs":
                    return _pairs(request)
                case "/0/public/OHLC":
                    return self._candles(request)
        except RefusedError as refusal:
            return refusal.answer
        return _error("EGeneral:Unknown method")

    def _candles(self, request: Request) -> Answer:
        """Hours that began after ``since``, the running one last; its number is not in ``last``."""
        pair = _asked_for(request.params.get("pair", ""))
        interval = request.params.get("interval", "1")
        if interval not in INTERVALS:
            raise RefusedError(_error("EGeneral:Invalid arguments"))
        try:
            since_s = whole(request.params, "since") or 0
        except ValueError:
            raise RefusedError(_error("EGeneral:Invalid arguments")) from None
        head = f'{{"error":[],"result":{{"{NAMES[pair]}":['
        page = self._hours(pair, since_s) if interval == HOURLY else NO_ROWS
        if not len(page):
            return paged(head, page, f'],"last":{since_s}}}}}')
        last_s = int(page.source.times[page.last - 1]) // 1000
        running = self._running(page, last_s) if self._runs(last_s) else ""
        return paged(head, page, f'{running}],"last":{last_s}}}}}')

    def _hours(self, pair: str, since_s: int) -> Page:
        rendered = self._desk.rendered(Asked("kraken_spot", "price", pair, "1h"), CANDLE, "[]")
        if rendered is None:
            return NO_ROWS
        now_ms = self._desk.clock.now_ms()
        over_ms = now_ms // (HOUR_S * 1000) * HOUR_S * 1000
        first, last = rendered.between(since_s * 1000 + 1, over_ms - 1)
        return rendered.page(max(first, last - MOST_ROWS + 1), last)

    def _runs(self, last_s: int) -> bool:
        return last_s + HOUR_S <= self._desk.clock.now_ms() // 1000 < last_s + 2 * HOUR_S

    def _running(self, page: Page, last_s: int) -> str:
        """The hour that is not over, in which nothing was traded yet."""
        close = page.rows()[-1][1].decode().split(",")[4]
        prices = ",".join([close] * 4)
        return f',[{last_s + HOUR_S},{prices},"0.0","0.00",0]'


def _error(words: str) -> Answer:
    return json_answer({"error": [words]})


def _asked_for(name: str) -> str:
    """The pair under the name by which it is asked for."""
    found = next((asked for asked, told in NAMES.items() if name in (asked, told)), None)
    if found is None:
        words = "EQuery:Unknown asset pair" if name else "EGeneral:Invalid arguments"
        raise RefusedError(_error(words))
    return found


def _pairs(request: Request) -> Answer:
    asked = request.params.get("pair", "")
    pairs = [_asked_for(name) for name in asked.split(",")] if asked else list(NAMES)
    return json_answer({"error": [], "result": {NAMES[pair]: _pair(pair) for pair in pairs}})


def _pair(pair: str) -> dict[str, object]:
    coin = pair.removesuffix("USD")
    return {
        "altname": pair,
        "wsname": f"{coin}/USD",
        "aclass_base": "currency",
        "base": coin,
        "aclass_quote": "currency",
        "quote": "ZUSD",
        "pair_decimals": 5,
        "lot_decimals": 8,
        "status": "online",
    }


ANSWERS = (KrakenSpot,)
