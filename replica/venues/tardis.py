"""Tardis.dev: gzipped CSV by exchange, kind, day and symbol; the first of a month needs no key."""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import polars as pl

from replica.answer import Answer, Request, json_answer
from replica.clock import DAY_MS
from replica.limits import Limit
from replica.market import Asked
from replica.rows import TIME
from replica.venues.desk import Desk

FILES, METADATA = "datasets.tardis.dev", "api.tardis.dev"
LIMIT = Limit("tardis", cost=600, window_s=60)  # none is documented
FILE = re.compile(
    r"/v1/(?P<exchange>[a-z0-9-]+)/(?P<kind>\w+)/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/"
    r"(?P<symbol>[^/]+)\.csv\.gz"
)
HEARD_LATER_MS = 7


@dataclass(frozen=True, slots=True)
class Exchange:
    """``inverse`` picks the contracts where one venue has two exchanges; ``price`` and the amounts
    name columns of the market's forced orders.
    """

    venue: str
    inverse: bool | None = None
    price: str = "fill"
    linear_amount: str = "base"
    inverse_amount: str = "usd"


EXCHANGES: Mapping[str, Exchange] = {
    "binance-futures": Exchange("binance", False, "order"),
    "binance-delivery": Exchange("binance", True, "order", inverse_amount="size"),
    "bybit": Exchange("bybit", None, "bankruptcy"),
    "okex-swap": Exchange("okx", None, "bankruptcy", "size", "size"),
    "deribit": Exchange("deribit"),
    "huobi-dm-linear-swap": Exchange("htx", False, "bankruptcy", "size"),
    "huobi-dm-swap": Exchange("htx", True, "bankruptcy", inverse_amount="size"),
    "bitfinex-derivatives": Exchange("bitfinex"),
    "cryptofacilities": Exchange("kraken"),
    "dydx-v4": Exchange("dydx"),
    "bitmex": Exchange("bitmex"),
    "bitget-futures": Exchange("bitget"),
    "gate-io-futures": Exchange("gate", linear_amount="size"),
    "kucoin-futures": Exchange("kucoin", linear_amount="size"),
    "hyperliquid": Exchange("hyperliquid"),
}
SILENT = ("bitget-futures", "gate-io-futures", "kucoin-futures", "hyperliquid")


def spelled(exchange: str, symbol: str) -> str:
    """A venue's symbol as this archive has it: in capitals, Bitfinex's without the t in front."""
    bare = symbol.removeprefix("t") if exchange == "bitfinex-derivatives" else symbol
    return bare.upper()


class Tardis:
    hosts: tuple[str, ...] = (FILES, METADATA)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._file = lru_cache(maxsize=128)(self._made)

    def endpoint(self, path: str) -> str:
        found = FILE.fullmatch(path)
        return f"/v1/{found['exchange']}/{found['kind']}" if found else path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return _error(429, "Too many requests")

    def answer(self, request: Request) -> Answer:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if key == "wrong":
            return _error(401, "Invalid API key")
        if not self._desk.limiter.ask(LIMIT, key or request.client, 1).allowed:
            return self.too_many()
        if request.host == METADATA:
            return self._about(request.path, bool(key))
        found = FILE.fullmatch(request.path)
        if found is None or found["exchange"] not in EXCHANGES:
            return _error(404, "Not Found")
        if found["d"] != "01" and not key:
            return _error(401, "API key is missing: only first days of months are open without")
        return self._packed(found)

    def _about(self, path: str, has_key: bool) -> Answer:
        kind, _, exchange = path.removeprefix("/v1/").partition("/")
        if exchange not in EXCHANGES or kind not in ("exchanges", "instruments"):
            return _error(404, "Not Found")
        if kind == "exchanges":
            symbols = [_named(exchange, row) for row in self._listed(exchange)]
            return json_answer({"id": exchange, "datasets": {"symbols": symbols}})
        if not has_key:
            return _error(401, "API key is missing")
        return json_answer([_terms(exchange, row) for row in self._listed(exchange)])

    def _listed(self, exchange: str) -> list[dict[str, object]]:
        about = EXCHANGES[exchange]
        rows = self._desk.market.listing(about.venue).iter_rows(named=True)
        return [row for row in rows if about.inverse in (None, row["inverse"])]

    def _packed(self, found: re.Match[str]) -> Answer:
        try:
            first = datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=UTC)
        except ValueError:
            return _error(400, "no such day")
        first_ms = int(first.timestamp()) * 1000
        if first_ms + DAY_MS > self._desk.clock.now_ms():
            return _error(404, "Not Found")
        packed = self._file(found["exchange"], found["kind"], found["symbol"], first_ms)
        if packed is None:
            return _error(404, "Not Found")
        return Answer(head=packed, content_type="text/csv")

    def _made(self, exchange: str, kind: str, name: str, first_ms: int) -> bytes | None:
        rows = {_in_name(spelled(exchange, str(r["symbol"]))): r for r in self._listed(exchange)}
        make = KINDS.get(kind)
        if make is None or name not in rows:
            return None
        frame = make(self._desk, exchange, rows[name])
        if frame is None:
            return None
        heard = pl.col(TIME) + HEARD_LATER_MS
        of_day = frame.filter(heard.is_between(first_ms, first_ms + DAY_MS, closed="left"))
        if of_day.is_empty():
            return None
        stamped = of_day.with_columns(
            exchange=pl.lit(exchange),
            symbol=pl.lit(spelled(exchange, str(rows[name]["symbol"]))),
            timestamp=pl.col(TIME) * 1000,
            local_timestamp=heard * 1000,
        )
        return gzip.compress(stamped.select(HEADERS[kind]).write_csv().encode(), mtime=0)


def _in_name(symbol: str) -> str:
    return symbol.replace("/", "-").replace(":", "-")


def _error(status: int, message: str) -> Answer:
    return json_answer({"code": status, "message": message}, status)


def _named(exchange: str, row: Mapping[str, object]) -> dict[str, object]:
    return {"id": spelled(exchange, str(row["symbol"])), "type": "perpetual"}


def _terms(exchange: str, row: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": spelled(exchange, str(row["symbol"])),
        "exchange": exchange,
        "type": "perpetual",
        "baseCurrency": row["base"],
        "quoteCurrency": row["quote"],
        "active": True,
        "contractMultiplier": row["contract_size"],
        "inverse": row["inverse"],
    }


def _series(
    desk: Desk, exchange: str, row: Mapping[str, object], dataset: str, interval: str = ""
) -> pl.DataFrame | None:
    venue = EXCHANGES[exchange].venue
    return desk.market.series(Asked(venue, dataset, str(row["symbol"]), interval))


def _liquidations(desk: Desk, exchange: str, row: Mapping[str, object]) -> pl.DataFrame | None:
    orders = _series(desk, exchange, row, "forced_shown")
    if orders is None or exchange in SILENT:
        return None
    about = EXCHANGES[exchange]
    return orders.select(
        TIME,
        id=pl.lit(None, dtype=pl.String),
        side=pl.when(pl.col("position") == "long").then(pl.lit("sell")).otherwise(pl.lit("buy")),
        price=pl.col(about.price),
        amount=pl.col(about.inverse_amount if row["inverse"] else about.linear_amount),
    )


def _ticker(desk: Desk, exchange: str, row: Mapping[str, object]) -> pl.DataFrame | None:
    """Every five minutes: open interest, and the last that is known of rate and mark price."""
    held = _series(desk, exchange, row, "venue_open_interest", "5m")
    rates = _series(desk, exchange, row, "settlement")
    marks = _series(desk, exchange, row, "mark", "1h")
    if held is None or rates is None or marks is None:
        return None
    about = EXCHANGES[exchange]
    amount = about.inverse_amount if row["inverse"] else about.linear_amount
    none = pl.lit(None, dtype=pl.String)
    joined = held.join_asof(rates.select(TIME, "rate"), on=TIME)
    joined = joined.join_asof(marks.select(TIME, mark_price="open"), on=TIME)
    return joined.select(
        TIME,
        "mark_price",
        funding_timestamp=none,
        funding_rate="rate",
        predicted_funding_rate=none,
        open_interest=pl.col("contracts" if amount == "size" else "oi"),
        last_price=none,
        index_price=none,
    )


Make = Callable[[Desk, str, Mapping[str, object]], pl.DataFrame | None]
KINDS: Mapping[str, Make] = {"liquidations": _liquidations, "derivative_ticker": _ticker}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "liquidations": (
        "exchange",
        "symbol",
        "timestamp",
        "local_timestamp",
        "id",
        "side",
        "price",
        "amount",
    ),
    "derivative_ticker": (
        "exchange",
        "symbol",
        "timestamp",
        "local_timestamp",
        "funding_timestamp",
        "funding_rate",
        "predicted_funding_rate",
        "open_interest",
        "last_price",
        "index_price",
        "mark_price",
    ),
}

ANSWERS = (Tardis,)
