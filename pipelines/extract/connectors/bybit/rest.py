"""Bybit over REST. A subject is spelled ``linear:BTCUSDT`` or ``inverse:BTCUSD``.

Every question needs the category beside the symbol, and a symbol alone does not tell it
(``BTCUSDM26`` or ``BTCPERP`` say nothing to whoever has not seen the listing), so it is carried
along from the listing rather than guessed.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Blocked,
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
)

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "bybit"
SINCE: Final = date(2020, 3, 25)
CATEGORIES: Final = ("linear", "inverse")
# What is not asked for by name is not listed: without a status only Trading is.
STATUSES: Final = ("Trading", "PreLaunch", "Closed")
_SHUT_OUT_S: Final = 600.0  # "access too frequent" lasts at least ten minutes

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "10000": ServerFault,
    "10001": OurRequest,
    "10003": KeyRefused,
    "10004": KeyRefused,
    "10005": KeyRefused,
    "10006": TooManyRequests,
    "10009": Blocked,
    "10010": KeyRefused,
    "10016": ServerFault,
    "10017": NotServed,
    "10018": TooManyRequests,
    "10024": Blocked,
    "10029": NotServed,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``retCode`` decides; HTTP status only where there is none."""
    if not isinstance(told, dict) or not isinstance(told.get("retCode"), str):
        return _without_code(status, told, body)
    code, words = told["retCode"], text_of(told, "retMsg")
    if code == "0":
        whole_answer = status == 200 and isinstance(told.get("result"), dict)
        return None if whole_answer else NotAnAnswer("it has no result in it", body=body)
    kind = _REFUSALS.get(code, OurRequest)
    if code == "10001" and "symbol" in words.lower():
        kind = NotServed
    return kind(f"retCode {code}, {words!r}", body=body)


classify = classifier(judge)


def _without_code(status: int, told: object, body: bytes) -> SourceError | None:
    match status:
        case 200:
            return None if told is None else NotAnAnswer("it has no retCode", retry=True, body=body)
        case 403 if b"too frequent" in body:
            reason = "status 403: asked too often, and shut out for ten minutes"
            return Blocked(reason, shuts_s=_SHUT_OUT_S, body=body)
        case _:
            return by_status(status, body)


def hears(headers: Headers) -> Iterator[Heard]:
    """How much is left; believed only if told of the same limit that the budget keeps."""
    most, left = count_in(headers, "X-Bapi-Limit"), count_in(headers, "X-Bapi-Limit-Status")
    if left is not None and most == _WINDOW.amount:
        yield Heard(_WINDOW.name, used=max(most - left, 0))


_WINDOW: Final = Window("requests", 600, 5.0)
MANNERS: Final = Manners((_WINDOW,), judge, hears)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every contract of the listings, with its category: open, closed, and not yet open."""
    subjects: set[str] = set()
    for body in bodies:
        result = strict_json.read(body)["result"]
        for row in result.get("list", ()):
            if isinstance(row, dict) and row.get("symbol"):
                subjects.add(f"{result['category']}:{row['symbol']}")
    return tuple(sorted(subjects))


def _named(subject: str) -> dict[str, str | int]:
    category, _, symbol = subject.partition(":")
    if category not in CATEGORIES or not symbol:
        raise OurRequest(f"{subject!r} is not spelled as linear:SYMBOL or inverse:SYMBOL")
    return {"category": category, "symbol": symbol}


def _rows(reply: Reply) -> list[Any]:
    rows = reply.told["result"].get("list")
    if not isinstance(rows, list):
        raise not_an_answer(reply, "it has no list in it")
    return rows


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    for category in CATEGORIES:
        for status in STATUSES:
            pages = Pages(door.source.name, newest_first=True)
            params: dict[str, str | int] = {
                "category": category,
                "status": status,
                "limit": 1000,
            }
            for reply in _by_cursor(door, "instruments-info", params, pages):
                page = pages.turned - 1
                yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day, page)


def _by_cursor(
    door: "Door", path: str, params: dict[str, str | int], pages: Pages, start_ms: int = 0
) -> Iterator[Reply]:
    """Newest first, until there is no further page or the first moment asked for is reached."""
    cursor = ""
    while True:
        turned = {"cursor": cursor} if cursor else {}
        reply = door.get(f"/v5/market/{path}", params | turned)
        rows = _rows(reply)
        stamps_ms = whole_numbers(rows, "timestamp")
        pages.turn(reply, stamps_ms, str(rows[0]) if rows else None)
        yield reply
        cursor = pages.follow(reply, text_of(reply.told["result"], "nextPageCursor"))
        if not cursor or not rows or min(stamps_ms, default=start_ms + 1) <= start_ms:
            return


def _statistics(path: str, interval: str, most: int) -> Ask:
    """Hourly figures, newest first, by cursor."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, HOUR_MS)
        for subject in scope.subjects if span else ():
            assert span is not None
            pages = Pages(door.source.name, newest_first=True)
            params = _named(subject) | {
                interval: "1h",
                "startTime": span.start_ms,
                "endTime": span.last_ms,
                "limit": most,
            }
            for reply in _by_cursor(door, path, params, pages, span.start_ms):
                yield answer(reply, (subject,), *span.days, page=pages.turned - 1)

    return ask


def _ask_funding(door: "Door", scope: Scope) -> Iterator[Answer]:
    span = whole(scope, EVENT_MS)
    for subject in scope.subjects if span else ():
        assert span is not None
        yield from _funding(door, subject, span)


def _funding(door: "Door", subject: str, span: Span) -> Iterator[Answer]:
    """Backwards: a start alone is refused, and with both bounds the newest 200 come."""
    most, end_ms = 200, span.last_ms
    pages = Pages(door.source.name, newest_first=True)
    while True:
        bounds: dict[str, str | int] = {"startTime": span.start_ms, "endTime": end_ms}
        params = _named(subject) | bounds | {"limit": most}
        reply = door.get("/v5/market/funding/history", params)
        rows = _rows(reply)
        stamps_ms = whole_numbers(rows, "fundingRateTimestamp")
        pages.turn(reply, stamps_ms, str(rows[0]) if rows else None)
        yield answer(reply, (subject,), *span.days, page=pages.turned - 1)
        if len(rows) < most:
            return
        if not stamps_ms:
            raise not_an_answer(reply, "a full page without times leads nowhere")
        end_ms = min(stamps_ms) - 1
        if end_ms < span.start_ms:
            return


def _candles(path: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for subject in scope.subjects:
            for span in spans(scope, HOUR_MS, 1000):
                params = _named(subject) | {
                    "interval": "60",
                    "start": span.start_ms,
                    "end": span.last_ms,
                    "limit": span.buckets,
                }
                reply = door.get(f"/v5/market/{path}", params)
                _rows(reply)
                yield answer(reply, (subject,), *span.days)

    return ask


ASKED: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every contract, linear and inverse: trading, before its launch, and closed.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest of both sides by hour: base coins if linear, dollars if inverse.",
        SINCE,
        _statistics("open-interest", "intervalTime", 200),
        weighs=True,
    ),
    Dataset(SOURCE, "funding", "Each settled funding rate.", SINCE, _ask_funding),
    Dataset(
        SOURCE,
        "long_short",
        "Shares of accounts that are net long and net short, by hour.",
        date(2020, 7, 20),
        _statistics("account-ratio", "period", 500),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        _candles("kline"),
        weighs=True,  # open interest is in coins
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        _candles("mark-price-kline"),
    ),
)
