"""Rows of an answer, rendered once into bytes; a page of them is a slice."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

TIME = "time_ms"
CACHE_MIB = 256


@dataclass(frozen=True, slots=True)
class Rendered:
    """All rows of one series in the order of the source, joined by commas."""

    times: NDArray[np.int64]
    blob: bytes
    starts: NDArray[np.int64]

    def page(self, first: int, last: int) -> "Page":
        return Page(self, max(first, 0), min(last, len(self.times)))

    def between(self, from_ms: int | None, to_ms: int | None) -> tuple[int, int]:
        """Positions of the rows within both bounds, inclusive, whichever way the rows run."""
        times, low, high = self.times, from_ms, to_ms
        if len(times) > 1 and times[0] > times[-1]:
            times = -times
            low = None if to_ms is None else -to_ms
            high = None if from_ms is None else -from_ms
        first = 0 if low is None else int(np.searchsorted(times, low, "left"))
        last = len(times) if high is None else int(np.searchsorted(times, high, "right"))
        return first, max(first, last)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows `first` up to, not including, `last` of a rendered series."""

    source: Rendered
    first: int
    last: int

    def __len__(self) -> int:
        return max(self.last - self.first, 0)

    def body(self) -> bytes:
        if not len(self):
            return b""
        starts = self.source.starts
        return self.source.blob[starts[self.first] : starts[self.last] - 1]

    def rows(self) -> list[tuple[int, bytes]]:
        starts, blob = self.source.starts, self.source.blob
        return [
            (int(self.source.times[at]), blob[starts[at] : starts[at + 1] - 1])
            for at in range(self.first, self.last)
        ]


NO_ROWS = Page(Rendered(np.empty(0, np.int64), b"", np.zeros(1, np.int64)), 0, 0)


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a row: its key, its column, and whether it stands in quotes."""

    key: str
    column: str
    quoted: bool = False
    missing: str = "null"


def text(key: str, column: str) -> Field:
    return Field(key, column, quoted=True)


def number(key: str, column: str) -> Field:
    return Field(key, column)


def constant(key: str, literal: str) -> Field:
    """The same JSON text in every row."""
    return Field(key, "", missing=literal)


def _value(frame: pl.DataFrame, field: Field) -> pl.Expr:
    if field.column not in frame.columns:
        return pl.lit(field.missing)
    value = pl.col(field.column)
    if frame.schema[field.column] != pl.String:
        value = value.cast(pl.String)
    if field.quoted:
        value = pl.lit('"') + value + pl.lit('"')
    return value.fill_null(field.missing)


def render(frame: pl.DataFrame, fields: Sequence[Field], brackets: str = "{}") -> Rendered:
    """Each row as a JSON object, or as a list when the brackets are square."""
    frame = frame.with_columns((pl.col(TIME) // 1000).alias("time_s"))
    keyed = brackets == "{}"
    parts: list[pl.Expr] = []
    for at, field in enumerate(fields):
        lead = brackets[0] if at == 0 else ","
        parts += [pl.lit(f'{lead}"{field.key}":' if keyed else lead), _value(frame, field)]
    row = pl.concat_str([*parts, pl.lit(brackets[1])])
    return joined(frame[TIME], frame.select(pl.repeat("", pl.len()).alias("_") + row)["_"])


def joined(times: pl.Series, rows: pl.Series) -> Rendered:
    lengths = rows.str.len_bytes().to_numpy().astype(np.int64) + 1
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    whole = rows.str.join(",").item() if len(rows) else ""
    return Rendered(times.to_numpy().astype(np.int64), str(whole).encode(), starts)


class Cache:
    """Rendered series, the least recently used dropped when they outgrow the limit."""

    def __init__(self, limit_bytes: int = CACHE_MIB << 20) -> None:
        self._limit = limit_bytes
        self._held: OrderedDict[Hashable, Rendered | None] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Rendered | None]) -> Rendered | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._bytes += len(made.blob) if made else 0
                self._shrink()
        return made

    def _shrink(self) -> None:
        while self._bytes > self._limit and len(self._held) > 1:
            _, dropped = self._held.popitem(last=False)
            self._bytes -= len(dropped.blob) if dropped else 0
