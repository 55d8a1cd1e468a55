"""Three ways in which HTX's lists are turned: after an id, by numbered pages, and not at all."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Final

from pipelines.extract.asking import Answer, Ask, Scope
from pipelines.extract.manners import text_of
from pipelines.extract.paging import Pages, not_an_answer, whole_numbers
from pipelines.extract.question import Reply
from pipelines.extract.ranges import EVENT_MS, HOUR_MS, Span, answer, spans, whole
from pipelines.extract.turning import Params, Series, SeriesOf

if TYPE_CHECKING:
    from pipelines.extract.door import Door

WINDOW_MS: Final = 2 * HOUR_MS  # of orders in one question


def orders(
    series_of: SeriesOf, identity: str, after: str, wants: Callable[[str], bool] = lambda _: True
) -> Ask:
    """Two hours at a time, oldest first; the page behind another begins after its last id."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for subject in scope.subjects:
            if wants(subject):
                series = series_of(subject, scope)
                for span in spans(scope, EVENT_MS, WINDOW_MS):
                    yield from _window(door, subject, series, span, identity, after)

    return ask


def _window(
    door: "Door", subject: str, series: Series, span: Span, identity: str, after: str
) -> Iterator[Answer]:
    pages = Pages(door.source.name, newest_first=False)
    bounds: dict[str, str | int] = {
        "start_time": span.start_ms,
        "end_time": span.last_ms,
        "direct": "next",
    }
    while True:
        reply, rows = series.asked(door, bounds)
        ids = whole_numbers(rows, identity)
        pages.turn(reply, ids, series.mark(rows[0]) if rows else None)
        yield answer(reply, (subject,), *span.days, page=pages.turned - 1)
        if len(rows) < series.most:
            return
        if not ids or ids[0] > ids[-1]:
            raise not_an_answer(reply, "a page whose ids do not rise leads nowhere")
        bounds[after] = max(ids)


def last_points(series_of: SeriesOf, *, has_size: bool = True) -> Ask:
    """The last points, as many as reach back to the first hour asked about."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, HOUR_MS)
        for subject in scope.subjects if span else ():
            assert span is not None
            series = series_of(subject, scope)
            hours = (int(scope.now.timestamp() * 1000) - span.start_ms) // HOUR_MS + 1
            size: Params = {"size": min(hours, series.most)} if has_size else {}
            reply, _ = series.asked(door, size)
            yield answer(reply, (subject,), *span.days)

    return ask


def by_number(series_of: SeriesOf) -> Ask:
    """Newest first, by numbered pages, to the first day asked about."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, EVENT_MS)
        for subject in scope.subjects if span else ():
            assert span is not None
            yield from _numbered(door, subject, series_of(subject, scope), span)

    return ask


def _numbered(door: "Door", subject: str, series: Series, span: Span) -> Iterator[Answer]:
    pages = Pages(door.source.name, newest_first=True)
    for number in count(1):
        turned: Params = {"page_index": number, "page_size": series.most}
        reply, rows = series.asked(door, turned)
        stamps = series.stamps(rows)
        pages.turn(reply, stamps, series.mark(rows[0]) if rows else None)
        yield answer(reply, (subject,), *span.days, page=number - 1)
        is_past = bool(stamps) and min(stamps) < span.start_ms
        if not rows or is_past or _is_last(reply, number):
            return


def _is_last(reply: Reply, number: int) -> bool:
    pages = text_of(reply.told["data"], "total_page")
    return pages.isascii() and pages.isdigit() and number >= int(pages)
