"""Pages that cannot be asked for by time: the source says where to go on, or numbers them.

They come newest first, from now on, and are turned until the first day asked about is reached.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.extract.asking import Answer, Ask, Scope
from pipelines.extract.paging import Pages
from pipelines.extract.question import Reply
from pipelines.extract.ranges import EVENT_MS, answer, whole
from pipelines.extract.turning import Params, Series, SeriesOf, turned

if TYPE_CHECKING:
    from pipelines.extract.door import Door

Onward = Callable[[Pages, Reply, Series, Sequence[Any]], Params | None]


def by_cursor(series_of: SeriesOf, cursor_of: Callable[[Any], str]) -> Ask:
    """By a ``cursor`` that each answer tells; one without is the last."""

    def onward(pages: Pages, reply: Reply, series: Series, rows: Sequence[Any]) -> Params | None:
        cursor = pages.follow(reply, cursor_of(reply.told))
        return {"cursor": cursor} if cursor else None

    return _turning_on(series_of, {}, onward)


def by_number(series_of: SeriesOf, number_is: str) -> Ask:
    """By numbers from 1, in the parameter ``number_is``; a page that is not full is the last."""

    def onward(pages: Pages, reply: Reply, series: Series, rows: Sequence[Any]) -> Params | None:
        return None if len(rows) < series.most else {number_is: pages.turned + 1}

    return _turning_on(series_of, {number_is: 1}, onward)


def _turning_on(series_of: SeriesOf, first: Params, onward: Onward) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, EVENT_MS)
        for subject in scope.subjects if span else ():
            assert span is not None
            series, pages = series_of(subject, scope), Pages(door.source.name, newest_first=True)
            params: Params | None = first
            while params is not None:
                reply, rows = series.asked(door, params)
                stamps = turned(pages, reply, series, rows)
                yield answer(reply, (subject,), *span.days, page=pages.turned - 1)
                is_past = not rows or min(stamps) < span.start_ms
                params = None if is_past else onward(pages, reply, series, rows)

    return ask
