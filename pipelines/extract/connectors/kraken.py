"""Kraken Futures publishes its whole tape without a key: liquidations are in it, one by one.

The tape is asked for newest first, which is what the venue does when nothing is said: an end
that is fixed in the past cannot move while pages are turned.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.addresses import segment
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.paging import Pages, not_an_answer, whole_numbers
from pipelines.extract.question import Reply
from pipelines.extract.ranges import ALL_AT_ONCE, EVENT_MS, Span, answer, whole
from pipelines.statements import Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "kraken"
SINCE: Final = date(2022, 3, 23)
_ROWS_A_PAGE: Final = 1000

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "apiLimitExceeded": TooManyRequests,
    "contractNotFound": NotServed,
    "marketUnavailable": ServerFault,
    "Server Error": ServerFault,
    "Unavailable": ServerFault,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``result`` decides where there is one; a page of history has ``elements`` instead."""
    if not isinstance(told, dict):
        if told is not None and status == 200:
            return NotAnAnswer("it is no answer of Kraken's", retry=True, body=body)
        return by_status(status, body)
    if told.get("result") == "error" or "error" in told or told.get("errors"):
        return _refusal(status, told, body)
    if status == 200 and not ({"result", "elements"} & told.keys()):
        return NotAnAnswer("it has neither result nor elements", retry=True, body=body)
    return by_status(status, body)


classify = classifier(judge)


def _refusal(status: int, told: dict[str, Any], body: bytes) -> SourceError:
    word = text_of(told, "error", "message") or str(told.get("errors", ""))
    known = next((kind for name, kind in _REFUSALS.items() if name in word), None)
    if known is None:
        by_http = by_status(status)
        known = OurRequest if by_http is None else type(by_http)
    return known(f"it said {word!r}", body=body)


# No limit of these public paths is documented; this one is our own.
MANNERS: Final = Manners((Window("requests", 100, 10.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every futures contract, tradable or not; indices are listed too and are left out."""
    symbols: set[str] = set()
    for body in bodies:
        for row in strict_json.read(body).get("instruments", ()):
            if isinstance(row, dict) and "futures" in str(row.get("type", "")):
                symbols.add(str(row.get("symbol", "")))
    return tuple(sorted(symbols - {""}))


def _whole_venue(path: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        yield answer(door.get(path), (EVERYTHING,), scope.first_day, scope.last_day)

    return ask


def _ask_executions(door: "Door", scope: Scope) -> Iterator[Answer]:
    span = whole(scope, EVENT_MS)
    for symbol in scope.subjects if span else ():
        assert span is not None
        yield from _tape(door, symbol, span)


def _tape(door: "Door", symbol: str, span: Span) -> Iterator[Answer]:
    path = f"/api/history/v3/market/{segment(symbol)}/executions"
    params: dict[str, str | int] = {
        "since": span.start_ms,
        "before": span.end_ms,
        "sort": "desc",
        "count": _ROWS_A_PAGE,
    }
    pages = Pages(door.source.name, newest_first=True)
    token = ""
    while True:
        turned = {"continuation_token": token} if token else {}
        reply = door.get(path, params | turned)
        stamps_ms, mark = _stamps(reply)
        pages.turn(reply, stamps_ms, mark)
        yield answer(reply, (symbol,), *span.days, page=pages.turned - 1)
        token = pages.follow(reply, text_of(reply.told, "continuationToken"))
        past_the_range = bool(stamps_ms) and min(stamps_ms) < span.start_ms
        if not token or not mark or past_the_range:
            return


def _stamps(reply: Reply) -> tuple[list[int], str]:
    """When the page's fills were, and the first one's own id."""
    elements = reply.told.get("elements")
    if not isinstance(elements, list):
        raise not_an_answer(reply, "the page has no elements")
    fills = [_fill(element) for element in elements]
    mark = text_of(fills[0], "uid", "timestamp") or "unnamed" if fills else ""
    return whole_numbers(fills, "timestamp"), mark


def _fill(element: Any) -> dict[str, Any]:
    for name in ("event", "Execution", "execution"):
        element = element.get(name) if isinstance(element, dict) else None
    return element if isinstance(element, dict) else {}


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every contract with its size, type and dates.",
        SINCE,
        _whole_venue("/derivatives/api/v3/instruments"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest, mark price and funding rate of every contract at the moment of asking.",
        SINCE,
        _whole_venue("/derivatives/api/v3/tickers"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "executions",
        "The whole tape of a contract; its liquidations are told by the taker's order type.",
        SINCE,
        _ask_executions,
    ),
)

STATEMENTS: tuple[Statement, ...] = ()
