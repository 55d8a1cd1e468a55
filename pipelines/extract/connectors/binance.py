"""Binance USD-M: REST for what it still serves, its archive for what it no longer does.

It publishes no history of liquidations; what there is of them are frames of its socket, one a
second and symbol, that a collector wrote down.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract import bulk_files, captures
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import (
    Heard,
    Manners,
    Window,
    classifier,
    count_in,
    text_of,
)
from pipelines.extract.paging import Pages, not_an_answer, whole_numbers
from pipelines.extract.question import Reply
from pipelines.extract.ranges import (
    ALL_AT_ONCE,
    EVENT_MS,
    HOUR_MS,
    Span,
    answer,
    spans,
    whole,
    within_days,
)
from pipelines.statements import Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "binance"
SINCE: Final = date(2019, 9, 8)
_METRICS_SINCE: Final = date(2020, 9, 1)
_ARCHIVE_SINCE: Final = date(2020, 1, 1)
_STATISTICS_DAYS: Final = 29  # "the latest 1 month", and 30 days for the ratios
_ROWS_A_PAGE: Final = 499  # of candles: the most rows for one unit of weight

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "-1000": ServerFault,
    "-1001": ServerFault,
    "-1003": TooManyRequests,
    "-1007": ServerFault,
    "-1008": ServerFault,
    "-1015": TooManyRequests,
    "-1121": NotServed,
    "-2014": KeyRefused,
    "-2015": KeyRefused,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """HTTP status first, where it says what to do; then the body's ``code``, at any status."""
    error = by_status(status, body)
    code, words = ("", "")
    if isinstance(told, dict):
        code, words = text_of(told, "code"), text_of(told, "msg")
    if error is None and code and words and not code.startswith("-"):
        return NotAnAnswer(f"code {code}, {words!r}", retry=True, body=body)
    if not code.startswith("-"):
        return error and type(error)(f"{error.reason} {words}".rstrip(), body=body)
    kind = _REFUSALS.get(code, OurRequest)
    # What shuts this address out keeps its type: a code beside it says only why.
    if error is not None and (error.shuts_s or error.retry):
        kind = type(error)
    return kind(f"status {status}, code {code}, {words!r}", body=body)


classify = classifier(judge)


def hears(headers: Headers) -> Iterator[Heard]:
    """Every answer counts what this address has used of the present minute."""
    yield Heard("weight", used=count_in(headers, "X-MBX-USED-WEIGHT-1M"))


MANNERS: Final = Manners(
    (
        Window("weight", 2400, 60.0),
        Window("statistics", 1000, 300.0),
        Window("funding", 500, 300.0),
        Window("files", 50, 1.0),  # no limit of the archive is documented; this one is our own
    ),
    judge,
    hears,
)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every symbol of ``exchangeInfo`` that trades or has traded; ``fundingInfo`` adds none."""
    symbols: set[str] = set()
    for body in bodies:
        told = strict_json.read(body)
        for row in told.get("symbols", ()) if isinstance(told, dict) else ():
            if isinstance(row, dict) and row.get("status") != "PENDING_TRADING":
                symbols.add(str(row.get("symbol", "")))
    return tuple(sorted(symbols - {""}))


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    for path, cost in (
        ("/fapi/v1/exchangeInfo", {"weight": 1}),
        ("/fapi/v1/fundingInfo", {"weight": 1, "funding": 1}),
    ):
        reply = door.get(path, cost=cost)
        yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)


def _ask_funding(door: "Door", scope: Scope) -> Iterator[Answer]:
    span = whole(scope, EVENT_MS)
    for symbol in scope.subjects if span else ():
        assert span is not None
        yield from _funding(door, symbol, span)


def _funding(door: "Door", symbol: str, span: Span) -> Iterator[Answer]:
    """Forwards: the oldest 1000 settlements of the range come first."""
    most, start_ms = 1000, span.start_ms
    pages = Pages(door.source.name, newest_first=False)
    while start_ms < span.end_ms:
        params: dict[str, str | int] = {
            "symbol": symbol,
            "startTime": start_ms,
            "endTime": span.last_ms,
            "limit": most,
        }
        reply = door.get("/fapi/v1/fundingRate", params, cost={"weight": 1, "funding": 1})
        rows = _rows(reply)
        stamps_ms = whole_numbers(rows, "fundingTime")
        pages.turn(reply, stamps_ms, str(rows[0]) if rows else None)
        yield answer(reply, (symbol,), *span.days, page=pages.turned - 1)
        if len(rows) < most:
            return
        if not stamps_ms:
            raise not_an_answer(reply, "a full page without times leads nowhere")
        start_ms = max(stamps_ms) + 1


def _rows(reply: Reply) -> list[Any]:
    if not isinstance(reply.told, list):
        raise not_an_answer(reply, "it is no list of rows")
    return reply.told


def _statistics(*names: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for symbol in scope.subjects:
            for name in names:
                fixed: dict[str, str | int] = {"symbol": symbol, "period": "1h"}
                yield from _hourly(door, scope, symbol, f"/futures/data/{name}", fixed)

    return ask


def _candles(path: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for symbol in scope.subjects:
            fixed: dict[str, str | int] = {"symbol": symbol, "interval": "1h"}
            yield from _hourly(door, scope, symbol, path, fixed)

    return ask


def _hourly(
    door: "Door", scope: Scope, symbol: str, path: str, fixed: dict[str, str | int]
) -> Iterator[Answer]:
    pages = Pages(door.source.name, newest_first=False)
    stamp = "timestamp" if "period" in fixed else 0
    for span in spans(scope, HOUR_MS, _ROWS_A_PAGE):
        bounds: dict[str, str | int] = {
            "startTime": span.start_ms,
            "endTime": span.last_ms,
            "limit": span.buckets,
        }
        cost = {"statistics": 1} if "period" in fixed else {"weight": _weight(span.buckets)}
        reply = door.get(path, fixed | bounds, cost=cost)
        pages.turn(reply, whole_numbers(_rows(reply), stamp))
        yield answer(reply, (symbol,), *span.days)


def _weight(limit: int) -> int:
    """What a page of candles costs, by its limit."""
    return 1 if limit < 100 else 2 if limit < 500 else 5 if limit <= 1000 else 10


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every symbol, and those whose funding interval or bounds differ from the usual.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(SOURCE, "funding", "Each settled funding rate.", SINCE, _ask_funding),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest by hour, in base coins and in dollars; kept for a month.",
        _METRICS_SINCE,
        _statistics("openInterestHist"),
        weighs=True,
        serves=lambda day, now: within_days(_STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Long/short ratios by hour: all, top accounts, top positions; kept for a month.",
        _METRICS_SINCE,
        _statistics(
            "globalLongShortAccountRatio",
            "topLongShortAccountRatio",
            "topLongShortPositionRatio",
        ),
        serves=lambda day, now: within_days(_STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        _candles("/fapi/v1/klines"),
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        _candles("/fapi/v1/markPriceKlines"),
    ),
    Dataset(
        SOURCE,
        "bulk_metrics",
        "Open interest and long/short ratios every five minutes, one file a day.",
        _METRICS_SINCE,
        bulk_files.daily("metrics"),
        serves=bulk_files.a_day_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_funding",
        "Settled funding rates, one file a month.",
        _ARCHIVE_SINCE,
        bulk_files.monthly("fundingRate"),
        routine=False,
        serves=bulk_files.a_month_is_out,
    ),
    Dataset(
        SOURCE,
        "bulk_klines",
        "Hourly candles of the last price, one file a day or a month.",
        _ARCHIVE_SINCE,
        bulk_files.monthly_where_whole("klines/1h"),
        routine=False,
        serves=bulk_files.a_day_is_out,
    ),
    captures.dataset(
        SOURCE,
        "force_orders",
        "At most one liquidation a second and symbol, as the socket gave it.",
        SINCE,
    ),
)

STATEMENTS: tuple[Statement, ...] = ()
