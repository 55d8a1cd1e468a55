"""Series that both markets of Binance serve alike; only paths and names of subjects differ."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Scope
from pipelines.extract.ranges import HOUR_MS, answer
from pipelines.extract.turning import (
    Params,
    Series,
    by_spans,
    oldest_first,
    one_after_another,
    stamps_ms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.extract.door import Door

STATISTICS_DAYS: Final = 29  # "the latest 1 month", and 30 days for the ratios
ROWS_A_PAGE: Final = 499  # of candles: the most rows for two units of weight
_SETTLEMENTS_A_PAGE: Final = 1000
RATIOS: Final = (
    "globalLongShortAccountRatio",
    "topLongShortAccountRatio",
    "topLongShortPositionRatio",
)

Named = Callable[[str], Params]  # a subject as parameters


def by_symbol(subject: str) -> Params:
    return {"symbol": subject}


def _all_of_it(told: Any) -> Any:
    return told


def _bounds(first_ms: int, last_ms: int) -> Params:
    return {"startTime": first_ms, "endTime": last_ms}


def _hours(first_ms: int, last_ms: int) -> Params:
    return {**_bounds(first_ms, last_ms), "limit": (last_ms + 1 - first_ms) // HOUR_MS}


def listing(*paths: "tuple[str, Mapping[str, int]]") -> Ask:
    """Each path once, at its cost."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for path, cost in paths:
            reply = door.get(path, cost=cost)
            yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)

    return ask


def symbols_of(bodies: "Sequence[bytes]", status: str) -> tuple[str, ...]:
    """Every symbol of ``exchangeInfo`` that trades or has traded; ``fundingInfo`` adds none."""
    symbols: set[str] = set()
    for body in bodies:
        told = strict_json.read(body)
        for row in told.get("symbols", ()) if isinstance(told, dict) else ():
            if isinstance(row, dict) and row.get(status) != "PENDING_TRADING":
                symbols.add(str(row.get("symbol", "")))
    return tuple(sorted(symbols - {""}))


def funding(path: str) -> Ask:
    """Forwards: the oldest 1000 settlements of a range come first."""

    def of(symbol: str, scope: Scope) -> Series:
        return Series(
            path,
            {"symbol": symbol, "limit": _SETTLEMENTS_A_PAGE},
            rows=_all_of_it,
            stamps=stamps_ms("fundingTime"),
            most=_SETTLEMENTS_A_PAGE,
            cost={"weight": 1, "funding": 1},
        )

    return oldest_first(of, _bounds)


def statistics(named: Named, *names: str) -> Ask:
    """Hourly figures of the last month, with a budget of their own."""
    return one_after_another(*(_statistic(named, name) for name in names))


def _statistic(named: Named, name: str) -> Ask:
    def of(subject: str, scope: Scope) -> Series:
        return Series(
            f"/futures/data/{name}",
            {**named(subject), "period": "1h"},
            rows=_all_of_it,
            stamps=stamps_ms("timestamp"),
            most=ROWS_A_PAGE,
            cost={"statistics": 1},
        )

    return by_spans(of, _hours, HOUR_MS)


def candles(path: str) -> Ask:
    """Hourly candles; a page is always asked for exactly the hours that it may hold."""

    def of(symbol: str, scope: Scope) -> Series:
        hours = ((scope.last_day - scope.first_day).days + 1) * 24
        return Series(
            path,
            {"symbol": symbol, "interval": "1h"},
            rows=_all_of_it,
            stamps=stamps_ms(0),
            most=ROWS_A_PAGE,
            cost={"weight": _weight(min(hours, ROWS_A_PAGE))},
        )

    return by_spans(of, _hours, HOUR_MS)


def _weight(limit: int) -> int:
    """What a page of candles costs, by its limit."""
    return 1 if limit < 100 else 2 if limit < 500 else 5 if limit <= 1000 else 10
