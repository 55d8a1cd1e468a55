"""What every source's answers share: the market, the clock, limits, and parameter reading."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from replica.answer import Answer, Request
from replica.clock import Clock
from replica.limits import Limiter
from replica.market import INTERVAL_MS, Asked, Market
from replica.rows import TIME, Cache, Field, Rendered, render


@dataclass(slots=True)
class Desk:
    """Handed to every source; rendered series and the count of askings are kept here."""

    market: Market
    clock: Clock
    limiter: Limiter
    cache: Cache = field(default_factory=Cache)
    _askings: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _tails: dict[Asked, pl.DataFrame] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asking(self, request: Request) -> int:
        """How often this very request has come, this time included."""
        if not self.market.remembers_askings:
            return 1
        key = (request.host, request.path, request.query)
        with self._lock:
            self._askings[key] = self._askings.get(key, 0) + 1
            return min(self._askings[key], 2)

    def rendered(
        self,
        asked: Asked,
        fields: Sequence[Field],
        brackets: str = "{}",
        descending: bool = False,
    ) -> Rendered | None:
        """The series as rows in the source's shape, kept for the next time."""

        def make() -> Rendered | None:
            frame = self.market.series(asked)
            if frame is None:
                return None
            frame = with_close_time(frame, asked.interval)
            return render(frame.reverse() if descending else frame, fields, brackets)

        return self.cache.get((asked, tuple(fields), brackets, descending), make)

    def latest(self, asked: Asked) -> dict[str, str]:
        """The newest row that has begun; empty where there is none.

        Whoever lists a whole market wants one row of each series, again and again: those that can
        still become the newest are kept.
        """
        tail = self._tails.get(asked)
        if tail is None:
            frame = self.market.series(asked)
            past = 0 if frame is None else int((frame[TIME] <= self.clock.start_ms).sum())
            tail = pl.DataFrame({TIME: []}) if frame is None else frame[max(past - 1, 0) :]
            self._tails[asked] = tail
        begun = tail.filter(pl.col(TIME) <= self.clock.now_ms())
        return {} if begun.is_empty() else begun.row(-1, named=True)


class Source(Protocol):
    """One source: the hosts it answers at, and its answer to a request."""

    hosts: tuple[str, ...]

    def endpoint(self, path: str) -> str:
        """The path with its variable parts named, for counting."""
        ...

    def answer(self, request: Request) -> Answer: ...

    def refused(self, answer: Answer) -> bool:
        """Whether this answer says that too much was asked."""
        ...

    def too_many(self) -> Answer:
        """The source's own words for too many requests."""
        ...


FAR = 10**15


def with_close_time(frame: pl.DataFrame, interval: str) -> pl.DataFrame:
    """The last millisecond of each bucket, where the interval is a word of the venues."""
    if interval not in INTERVAL_MS:
        return frame
    return frame.with_columns((pl.col(TIME) + INTERVAL_MS[interval] - 1).alias("close_ms"))


def whole(params: Mapping[str, str], name: str) -> int | None:
    """An integer parameter; None when it is absent, ValueError when it is not a number.

    Instants beyond the reach of any data are brought within what arrays can compare.
    """
    value = params.get(name, "")
    return max(-FAR, min(int(value), FAR)) if value else None
