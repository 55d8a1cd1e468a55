"""dYdX v4: its indexer tells markets, candles, funding and the whole tape, newest first."""

import re
import zlib
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import to_ms
from replica.limits import Limit
from replica.market import Asked
from replica.rows import NO_ROWS, TIME, Page, Rendered, constant, number, render, text
from replica.venues.desk import Desk

HOST = "indexer.dydx.trade"
# How much is served is not documented; a hundred in ten seconds is what clients keep to.
LIMIT = Limit("dydx", cost=100, window_s=10)
MOST_ROWS: Final = 1000
RESOLUTIONS: Final = {
    "1MIN": "1m", "5MINS": "5m", "15MINS": "15m", "30MINS": "30m",
    "1HOUR": "1h", "4HOURS": "4h", "1DAY": "1d",
}  # fmt: skip
OF_MARKET = re.compile(
    r"/v4/(candles/perpetualMarkets|historicalFunding|trades/perpetualMarket)/([^/]+)"
)
OHLC = [text(name, name) for name in ("low", "high", "open", "close")]
CANDLE = (
    *OHLC,
    text("baseTokenVolume", "base"),
    text("usdVolume", "quote"),
    number("trades", "trades"),
    text("startingOpenInterest", "held"),
)
RATE = (
    text("rate", "rate"),
    text("price", "mark"),
    text("effectiveAtHeight", "height"),
    text("effectiveAt", "at"),
)
TRADE = (
    text("id", "id"),
    text("side", "side"),
    text("size", "base"),
    text("price", "price"),
    text("type", "type"),
    text("createdAt", "at"),
    text("createdAtHeight", "height"),
)
BLOCK_MS: Final = 1_100


class Dydx:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listing = desk.market.listing("dydx")
        self._tickers = set(self._listing["symbol"])

    def endpoint(self, path: str) -> str:
        return re.sub(OF_MARKET, r"/v4/\1/{ticker}", path)

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return refusal(429, "Too many requests").answer

    def answer(self, request: Request) -> Answer:
        if not self._desk.limiter.ask(LIMIT, request.client, 1).allowed:
            return self.too_many()
        try:
            return self._data(request)
        except RefusedError as refused:
            return refused.answer

    def _data(self, request: Request) -> Answer:
        if request.path == "/v4/perpetualMarkets":
            rows = self._listing.iter_rows(named=True)
            return json_answer({"markets": {row["symbol"]: self._market(row) for row in rows}})
        found = OF_MARKET.fullmatch(request.path)
        if found is None:
            raise refusal(404, "Not Found")
        what, ticker = found[1], unquote(found[2])
        if self._tickers and ticker not in self._tickers:
            raise refusal(400, "ticker must be a valid ticker (BTC-USD, etc)", "ticker")
        match what:
            case "historicalFunding":
                page = self._page(request, self._rates(ticker), None, "effectiveBeforeOrAt")
                return paged('{"historicalFunding":[', page, "]}")
            case "trades/perpetualMarket":
                page = self._page(request, self._tape(ticker), None, "createdBeforeOrAt")
                return paged('{"trades":[', page, "]}")
        page = self._page(request, self._candles(request, ticker), "fromISO", "toISO")
        return paged('{"candles":[', page, "]}")

    def _market(self, row: dict[str, object]) -> dict[str, object]:
        ticker = str(row["symbol"])
        held = self._last("venue_open_interest", ticker, "5min").get("base", "0")
        return {
            "ticker": ticker,
            "status": "ACTIVE",
            "oraclePrice": self._last("index", ticker, "1h").get("close"),
            "nextFundingRate": self._last("settlement", ticker, "").get("rate", "0"),
            "openInterest": held,
            "baseOpenInterest": held,
            "marketType": "CROSS",
        }

    def _last(self, dataset: str, ticker: str, interval: str) -> dict[str, str]:
        return self._desk.latest(Asked("dydx", dataset, ticker, interval))

    def _page(
        self, request: Request, rendered: Rendered | None, start: str | None, end: str
    ) -> Page:
        """The newest rows up to an end; that of candles is not itself included."""
        limit = self._limit(request)
        from_ms = self._instant(request, start) if start else None
        until_ms, now = self._instant(request, end), self._desk.clock.now_ms()
        if until_ms is not None and start:
            until_ms -= 1
        if rendered is None:
            return NO_ROWS
        first, last = rendered.between(from_ms, now if until_ms is None else min(until_ms, now))
        return rendered.page(first, min(last, first + limit))

    def _limit(self, request: Request) -> int:
        said = request.params.get("limit", str(MOST_ROWS))
        if not said.isdigit() or not 1 <= int(said) <= MOST_ROWS:
            raise refusal(400, f"limit must be a positive integer not over {MOST_ROWS}", "limit")
        return int(said)

    def _instant(self, request: Request, name: str) -> int | None:
        said = request.params.get(name, "")
        try:
            return to_ms(said) if said else None
        except ValueError:
            raise refusal(400, f"{name} must be a valid ISO 8601 date", name) from None

    def _candles(self, request: Request, ticker: str) -> Rendered | None:
        word = request.params.get("resolution", "")
        if word not in RESOLUTIONS:
            raise refusal(400, "resolution must be a valid Candle Resolution", "resolution")
        said = (constant("ticker", f'"{ticker}"'), constant("resolution", f'"{word}"'))

        def make() -> Rendered | None:
            candles = self._series("price", ticker, RESOLUTIONS[word])
            held = self._series("venue_open_interest", ticker, "5min")
            if candles is None or held is None:
                return None
            at_start = held.select(TIME, held=pl.col("base"))
            joined = candles.join(at_start, on=TIME, how="left", maintain_order="left")
            return render(stamped(joined), (text("startedAt", "at"), *said, *CANDLE))

        return self._kept(("candles", ticker, word), make)

    def _rates(self, ticker: str) -> Rendered | None:
        said = constant("ticker", f'"{ticker}"')

        def make() -> Rendered | None:
            rates = self._series("settlement", ticker, "")
            return None if rates is None else render(stamped(rates), (said, *RATE))

        return self._kept(("rates", ticker), make)

    def _tape(self, ticker: str) -> Rendered | None:
        """Every trade; one that was forced is told by its type."""

        def make() -> Rendered | None:
            fills = self._series("tape", ticker, "")
            return None if fills is None else render(stamped(_trades(fills, ticker)), TRADE)

        return self._kept(("tape", ticker), make)

    def _series(self, dataset: str, ticker: str, interval: str) -> pl.DataFrame | None:
        """Newest first, as it answers."""
        frame = self._desk.market.series(Asked("dydx", dataset, ticker, interval))
        return None if frame is None else frame.reverse()

    def _kept(self, name: tuple[str, ...], make: Callable[[], Rendered | None]) -> Rendered | None:
        return self._desk.cache.get(("dydx", *name), make)


def stamped(frame: pl.DataFrame) -> pl.DataFrame:
    """With the instant as it writes it, and the height of the chain at that time."""
    at = pl.from_epoch(TIME, time_unit="ms").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    return frame.with_columns(at=at, height=pl.col(TIME) // BLOCK_MS)


def _trades(fills: pl.DataFrame, ticker: str) -> pl.DataFrame:
    """With its own words; an id is of one trade in all markets."""
    market = f"{zlib.crc32(ticker.encode()):08x}"
    return fills.with_columns(
        id=pl.lit(market) + pl.col("nth").cast(pl.String).str.zfill(16),
        side=pl.when("sells").then(pl.lit("SELL")).otherwise(pl.lit("BUY")),
        type=pl.when("is_forced").then(pl.lit("LIQUIDATED")).otherwise(pl.lit("LIMIT")),
    )


def refusal(status: int, message: str, param: str = "") -> RefusedError:
    said: dict[str, str] = {"msg": message}
    if param:
        said |= {"param": param, "location": "params"}
    return RefusedError(json_answer({"errors": [said]}, status))


ANSWERS = (Dydx,)
