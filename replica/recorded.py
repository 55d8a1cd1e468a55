"""The recorded market: a folder of real answers, served only where its manifest says so."""

from functools import lru_cache
from pathlib import Path

import polars as pl

from replica.clock import to_ms
from replica.digits import shortest
from replica.manifest import COLUMNS, Recording, read_manifest
from replica.market import Asked
from replica.rows import TIME

DEFAULT_NOW = "2023-01-04T06:00:00Z"
LISTING = {
    "symbol": pl.String,
    "base": pl.String,
    "quote": pl.String,
    "coin": pl.String,
    "venue": pl.String,
    "margin": pl.String,
    "contract_size": pl.Float64,
    "price_decimals": pl.Int64,
    "size_decimals": pl.Int64,
    "launched_ms": pl.Int64,
    "funding_hours": pl.Int64,
    "inverse": pl.Boolean,
}


class RecordedMarket:
    """Values come out with the fewest digits that give the stored float back."""

    kind = "recorded"
    remembers_askings = True

    def __init__(self, folder: Path) -> None:
        self.now_ms = to_ms(DEFAULT_NOW)
        self._recordings = read_manifest(folder)

    def series(self, asked: Asked) -> pl.DataFrame | None:
        for recording in self._recordings:
            if _answers(recording, asked):
                return _values(recording, asked.symbol)
        return None

    def listing(self, source: str) -> pl.DataFrame:
        rows: dict[str, int] = {}
        for recording in self._recordings:
            if recording.source == source:
                for symbol, first_ms in _first_rows(recording):
                    rows[symbol] = min(first_ms, rows.get(symbol, first_ms))
        return pl.DataFrame(
            [_listed(source, symbol, rows[symbol]) for symbol in sorted(rows)], schema=LISTING
        )

    def venue_names(self, source: str) -> list[str]:
        stated = [
            one.where.get(key, "")
            for one in self._recordings
            if one.source == source
            for key in ("exchange", "exchange_list")
        ]
        named = {venue for words in stated if " " not in words for venue in words.split(",")}
        return sorted(named - {""})

    def truth(self) -> pl.DataFrame | None:
        return None


def _answers(recording: Recording, asked: Asked) -> bool:
    if (recording.source, recording.dataset) != (asked.source, asked.dataset):
        return False
    if recording.interval and recording.interval != asked.interval:
        return False
    if recording.asking is not None and recording.asking != min(asked.asking, 2):
        return False
    if not all(_agrees(stated, asked.param(key)) for key, stated in recording.where.items()):
        return False
    return _column_value(recording, asked.symbol) is not None


def _agrees(stated: str, asked: str) -> bool:
    """A stated list must be asked for as a set; a sentence in its place binds nothing."""
    if " " in stated:
        return True
    return {one.strip() for one in asked.split(",")} == set(stated.split(","))


def _column_value(recording: Recording, symbol: str) -> str | None:
    """What to look for in the file's symbol column; empty for a file that holds one symbol."""
    frame = _file(recording.path)
    column, _, suffix = recording.symbol.partition(" + ")
    if column not in frame.columns:
        return "" if symbol == recording.symbol else None
    value = symbol.removesuffix(suffix) if suffix else symbol
    return value if value + suffix == symbol and value in _symbols(recording.path, column) else None


@lru_cache(maxsize=64)
def _file(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(path)
    when = frame["ts_utc"] if "ts_utc" in frame.columns else frame["date"]
    times = when.cast(pl.Datetime("ms")).dt.timestamp("ms").alias(TIME)
    return frame.with_columns(times)


@lru_cache(maxsize=64)
def _symbols(path: Path, column: str) -> frozenset[str]:
    return frozenset(_file(path)[column].unique())


def _values(recording: Recording, symbol: str) -> pl.DataFrame:
    frame = _file(recording.path)
    column, wanted = recording.symbol.partition(" + ")[0], _column_value(recording, symbol)
    if wanted:
        frame = frame.filter(pl.col(column) == wanted)
    frame = frame.sort(TIME)
    values = [frame[TIME]]
    for name, candidates in COLUMNS[recording.dataset].items():
        held = next((one for one in candidates if one in frame.columns), None)
        if held:
            values.append(shortest(frame[held]).alias(name))
    return pl.DataFrame(values)


def _first_rows(recording: Recording) -> list[tuple[str, int]]:
    frame = _file(recording.path)
    column, _, suffix = recording.symbol.partition(" + ")
    if column not in frame.columns:
        return [(recording.symbol, int(frame[TIME].min()))]  # type: ignore[arg-type]
    first = frame.group_by(column).agg(pl.col(TIME).min()).sort(column)
    return [(f"{symbol}{suffix}", int(when)) for symbol, when in first.iter_rows()]


def _listed(source: str, symbol: str, first_ms: int) -> dict[str, object]:
    """What a recorded symbol tells about its instrument; the rest was not recorded."""
    name = symbol.removesuffix("_PERP.A")
    quote = "USDT" if name.endswith("USDT") else None
    base = name.removesuffix("USDT")
    return {
        "symbol": symbol,
        "base": base,
        "quote": quote,
        "coin": base,
        "venue": source if source in ("binance", "bybit") else "binance",
        "margin": "linear" if quote else None,
        "launched_ms": first_ms,
        "inverse": False,
    }
