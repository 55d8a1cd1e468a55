"""The whole tape of a contract, newest first, which is what the venue does when nothing is said.

An end that is fixed in the past cannot move while pages are turned.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from pipelines.extract.addresses import segment
from pipelines.extract.asking import Answer, Scope
from pipelines.extract.manners import text_of
from pipelines.extract.paging import Pages, not_an_answer, whole_numbers
from pipelines.extract.question import Reply
from pipelines.extract.ranges import EVENT_MS, Span, answer, whole

if TYPE_CHECKING:
    from pipelines.extract.door import Door

_ROWS_A_PAGE: Final = 1000


def ask_executions(door: "Door", scope: Scope) -> Iterator[Answer]:
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
