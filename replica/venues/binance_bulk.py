"""Binance's bulk files: one CSV in a ZIP with a checksum, published a day after its period.

USD-M lies under `um`, COIN-M under `cm`. Files of liquidations ended in 2024, before these markets
begin: binance_snapshots.py.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import polars as pl

from replica.answer import Answer, Request
from replica.clock import DAY_MS
from replica.market import Asked
from replica.rows import TIME
from replica.venues import binance_snapshots
from replica.venues.desk import Desk, with_close_time

HOST = "data.binance.vision"
CANDLE_COLUMNS = {
    "open_time": TIME,
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "volume": "volume",
    "close_time": "close_ms",
    "quote_volume": "turnover",
    "count": "trades",
    "taker_buy_volume": "buy_volume",
    "taker_buy_quote_volume": "buy_turnover",
    "ignore": "",
}
# Of COIN-M: contracts where USD-M has base units, base coins where it has dollars.
IN_CONTRACTS = {
    "volume": "contracts",
    "taker_buy_volume": "buy_contracts",
    "sum_open_interest": "contracts",
    "sum_open_interest_value": "base",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "klines": CANDLE_COLUMNS,
    "markPriceKlines": CANDLE_COLUMNS,
    "indexPriceKlines": CANDLE_COLUMNS,
    "metrics": {
        "create_time": "create_time",
        "symbol": "symbol",
        "sum_open_interest": "oi",
        "sum_open_interest_value": "oi_usd",
        "count_toptrader_long_short_ratio": "top_accounts",
        "sum_toptrader_long_short_ratio": "top_positions",
        "count_long_short_ratio": "accounts",
        "sum_taker_long_short_vol_ratio": "taker",
    },
    "fundingRate": {
        "calc_time": TIME,
        "funding_interval_hours": "funding_hours",
        "last_funding_rate": "rate",
    },
}
DATASETS = {
    "klines": "price",
    "markPriceKlines": "mark",
    "indexPriceKlines": "index",
    "metrics": "metrics",
    "fundingRate": "settlement",
}
# Some kinds exist only by day or only by month.
PERIODS = {
    "metrics": ("daily",),
    "fundingRate": ("monthly",),
    binance_snapshots.KIND: ("daily",),
}
FILE = re.compile(
    r"/data/futures/(?P<market>um|cm)/(?P<period>daily|monthly)/(?P<kind>\w+)/(?P<symbol>\w+)/"
    r"(?:(?P<interval>\w+)/)?(?P=symbol)-(?P<word>\w+)-(?P<date>\d{4}-\d\d(?:-\d\d)?)"
    r"\.zip(?P<checksum>\.CHECKSUM)?"
)
NO_SUCH_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
)


class BinanceBulk:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        listing = desk.market.listing("binance")
        self._coin_margined = set(listing.filter(listing["inverse"])["symbol"])
        self._zip = lru_cache(maxsize=256)(self._make)

    def endpoint(self, path: str) -> str:
        kind = FILE.fullmatch(path)
        if kind is None:
            return path
        return f"/data/futures/{kind['market']}/{kind['period']}/{kind['kind']}" + (
            kind["checksum"] or ""
        )

    def refused(self, answer: Answer) -> bool:
        return answer.status in (429, 503)

    def too_many(self) -> Answer:
        return Answer(503, b"SlowDown", content_type="application/xml")

    def answer(self, request: Request) -> Answer:
        found = FILE.fullmatch(request.path)
        if found is None or not _agrees(found):
            return _missing()
        first_ms, end_ms = _span(found["date"])
        if first_ms < 0 or self._desk.clock.now_ms() < end_ms + DAY_MS:
            return _missing()
        if (found["symbol"] in self._coin_margined) != (found["market"] == "cm"):
            return _missing()
        packed = self._zip(found["kind"], found["symbol"], found["word"], found["date"])
        if packed is None:
            return _missing()
        if found["checksum"]:
            name = request.path.rpartition("/")[2].removesuffix(".CHECKSUM")
            line = f"{hashlib.sha256(packed).hexdigest()}  {name}\n"
            return Answer(head=line.encode(), content_type="binary/octet-stream")
        return Answer(head=packed, content_type="application/zip")

    def _make(self, kind: str, symbol: str, word: str, date: str) -> bytes | None:
        if kind == binance_snapshots.KIND:
            return self._snapshots(symbol, date)
        interval = word if word != kind else ""
        asked = Asked("binance_bulk", DATASETS[kind], symbol, interval)
        frame = self._desk.market.series(asked)
        if frame is None:
            return None
        first_ms, end_ms = _span(date)
        frame = with_close_time(frame, interval)
        frame = frame.filter(pl.col(TIME).is_between(first_ms, end_ms, closed="left"))
        if frame.is_empty():
            return None
        return _zipped(
            f"{symbol}-{word}-{date}.csv", _csv(frame, self._columns(kind, symbol), symbol)
        )

    def _snapshots(self, symbol: str, date: str) -> bytes | None:
        day = datetime.fromisoformat(date).date()
        lines = binance_snapshots.lines(symbol, day) if symbol in self._coin_margined else None
        if lines is None:
            return None
        name = f"{symbol}-{binance_snapshots.KIND}-{date}.csv"
        return _zipped(name, "".join(f"{line}\n" for line in lines).encode())

    def _columns(self, kind: str, symbol: str) -> dict[str, str]:
        columns = dict(COLUMNS[kind])
        if symbol in self._coin_margined:
            columns |= {name: of for name, of in IN_CONTRACTS.items() if name in columns}
        return columns


def _missing() -> Answer:
    return Answer(404, NO_SUCH_KEY, content_type="application/xml")


def _agrees(found: re.Match[str]) -> bool:
    """Whether the parts of the path belong together: kind, period, interval and date."""
    kind, period = found["kind"], found["period"]
    if kind not in {*COLUMNS, binance_snapshots.KIND} or period not in PERIODS.get(
        kind, ("daily", "monthly")
    ):
        return False
    if (len(found["date"]) == 7) != (period == "monthly"):
        return False
    with_interval = kind.lower().endswith("klines")
    return found["word"] == (found["interval"] if with_interval else kind)


def _span(date: str) -> tuple[int, int]:
    """First instant and end of a day or a month; negative when there is no such date."""
    try:
        if len(date) == 10:
            first = datetime.fromisoformat(date).replace(tzinfo=UTC)
            end = first + timedelta(days=1)
        else:
            first = datetime.fromisoformat(f"{date}-01").replace(tzinfo=UTC)
            end = (first + timedelta(days=32)).replace(day=1)
    except ValueError:
        return -1, -1
    return int(first.timestamp()) * 1000, int(end.timestamp()) * 1000


def _csv(frame: pl.DataFrame, columns: Mapping[str, str], symbol: str) -> bytes:
    frame = frame.with_columns(
        pl.lit(symbol).alias("symbol"),
        pl.from_epoch(TIME, "ms").dt.strftime("%Y-%m-%d %H:%M:%S").alias("create_time"),
    )
    cells = [
        (pl.col(column) if column in frame.columns else pl.lit("0")).alias(name)
        for name, column in columns.items()
    ]
    return frame.select(cells).write_csv().encode()


def _zipped(name: str, content: bytes) -> bytes:
    """The same bytes for the same content: no time of making, one fixed level."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)
    return held.getvalue()


ANSWERS = (BinanceBulk,)
