"""Binance's archive: one ZIP a day or a month, each with the SHA-256 that its maker computed.

USD-M lies in the folder ``um``, COIN-M in ``cm``.

A file that is not there is an answer (status 404). A file that is not what its check sum says
is asked for once more; after that it is reported, when all other days have been served.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipelines.extract.addresses import segment
from pipelines.extract.asking import Answer, Ask, Scope
from pipelines.extract.errors import NotAnAnswer
from pipelines.extract.question import Reply
from pipelines.extract.ranges import answer, days

if TYPE_CHECKING:
    from pipelines.extract.door import Door

HOST: Final = "data.binance.vision"
_FOLDER: Final = "/data/futures"


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    first_day: date
    last_day: date

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def a_day_is_out(day: date, now: datetime) -> bool:
    """A day's file appears in the course of the next day; two days later it is there."""
    return day <= now.astimezone(UTC).date() - timedelta(days=2)


def a_month_is_out(day: date, now: datetime) -> bool:
    """The month's file of a day appears on the first Monday of the next month."""
    following = _next_month(day)
    first_monday = following + timedelta(days=-following.weekday() % 7)
    return first_monday < now.astimezone(UTC).date()


def daily(kind: str, market: str = "um") -> Ask:
    """One file for each day of the scope that is out."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for symbol in scope.subjects:
            files = (_of_day(market, kind, symbol, day) for day in _days_out(scope))
            yield from _fetched(door, symbol, files)

    return ask


def monthly(kind: str, market: str = "um") -> Ask:
    """One file for each month that the scope touches, if it is out."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        months = sorted({day.replace(day=1) for day in days(scope)})
        out = [month for month in months if a_month_is_out(month, scope.now)]
        for symbol in scope.subjects:
            files = (_of_month(market, kind, symbol, month) for month in out)
            yield from _fetched(door, symbol, files)

    return ask


def monthly_where_whole(kind: str, market: str = "um") -> Ask:
    """The month's file where all its days are asked for; otherwise a file for each day."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        out = set(_days_out(scope))
        starts = {day.replace(day=1) for day in out if a_month_is_out(day, scope.now)}
        whole = sorted(month for month in starts if set(_days_of(month)) <= out)
        single = sorted(day for day in out if day.replace(day=1) not in whole)
        for symbol in scope.subjects:
            months = [_of_month(market, kind, symbol, month) for month in whole]
            yield from _fetched(
                door, symbol, iter(months + [_of_day(market, kind, symbol, day) for day in single])
            )

    return ask


def _fetched(door: "Door", symbol: str, files: Iterator[_File]) -> Iterator[Answer]:
    wrong: list[str] = []
    for file in files:
        replies = _verified(door, file)
        if not replies:
            wrong.append(file.name)
        for reply in replies:
            yield answer(reply, (symbol,), file.first_day, file.last_day)
    if wrong:
        first = f"{wrong[0]} and {len(wrong) - 1} more" if len(wrong) > 1 else wrong[0]
        reason = f"the check sum does not vouch for {first}"
        raise NotAnAnswer(reason).about(door.source.name, f"GET https://{HOST}/…/{symbol}")


def _verified(door: "Door", file: _File) -> tuple[Reply, ...]:
    """The file and its check sum, the file's absence, or nothing where they disagree twice."""
    for _ in range(2):
        packed = _get(door, file.path)
        if packed.status == 404:
            return (packed,)
        check = _get(door, f"{file.path}.CHECKSUM")
        if check.status == 200 and _vouches(check.body, packed.body, file.name):
            return packed, check
    return ()


def _get(door: "Door", path: str) -> Reply:
    return door.get(path, host=HOST, cost={"files": 1}, missing_is_data=True, archive=True)


def _vouches(check: bytes, packed: bytes, name: str) -> bool:
    words = check.decode("utf-8", "replace").split()
    digest = hashlib.sha256(packed).hexdigest()
    return len(words) == 2 and words[0].lower() == digest and segment(words[1]) == name


def _of_day(market: str, kind: str, symbol: str, day: date) -> _File:
    return _File(_path(market, "daily", kind, symbol, day.isoformat()), day, day)


def _of_month(market: str, kind: str, symbol: str, month: date) -> _File:
    last = _next_month(month) - timedelta(days=1)
    return _File(_path(market, "monthly", kind, symbol, f"{month:%Y-%m}"), month, last)


def _path(market: str, every: str, kind: str, symbol: str, when: str) -> str:
    """``kind`` may name an interval: ``klines/1h`` lies one folder deeper, by another name."""
    folder, _, interval = kind.partition("/")
    safe = segment(symbol)
    inner = f"{safe}/{interval}" if interval else safe
    return f"{_FOLDER}/{market}/{every}/{folder}/{inner}/{safe}-{interval or folder}-{when}.zip"


def _days_out(scope: Scope) -> list[date]:
    return [day for day in days(scope) if a_day_is_out(day, scope.now)]


def _days_of(month: date) -> list[date]:
    count = (_next_month(month) - month).days
    return [month + timedelta(days=number) for number in range(count)]


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
