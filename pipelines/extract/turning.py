"""The few ways in which sources turn their pages, each once for all connectors.

A connector says where a series is asked (``Series``) and how bounds are written; what is shared is
the order of questions, and that pages which do not lead on are noticed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipelines.extract.asking import EVERYTHING, Answer, Ask, Scope
from pipelines.extract.paging import Pages, not_an_answer, whole_numbers
from pipelines.extract.question import Reply
from pipelines.extract.ranges import EVENT_MS, Span, answer, spans, whole

if TYPE_CHECKING:
    from pipelines.extract.door import Door

Params = Mapping[str, str | int]
Bounds = Callable[[int, int], Params]  # first and last ms, both included, as parameters
Stamps = Callable[[Sequence[Any]], list[int]]  # rows to instants, ms
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def stamps_ms(name: str | int) -> Stamps:
    """Instants that stand in milliseconds."""
    return lambda rows: whole_numbers(list(rows), name)


def stamps_s(name: str | int) -> Stamps:
    """Instants that stand in seconds, perhaps with a fraction."""

    def read(rows: Sequence[Any]) -> list[int]:
        return [ms for ms in (_seconds(_held(row, name)) for row in rows) if ms is not None]

    return read


def stamps_iso(name: str | int) -> Stamps:
    """Instants that stand as ISO 8601 text with a zone."""

    def read(rows: Sequence[Any]) -> list[int]:
        return [ms for ms in (_iso(_held(row, name)) for row in rows) if ms is not None]

    return read


@dataclass(frozen=True, slots=True)
class Series:
    """Rows of one subject: where they are asked, found, and how each tells its time.

    ``most`` is how many rows a page holds. Parameters go with a GET, or in the object that
    ``posts`` makes of them. Where many rows may share an instant, a page's end can part them:
    with ``shares_instants`` the page behind it begins at that instant again, and repeats some.
    """

    path: str
    fixed: Params
    rows: Callable[[Any], Any]
    stamps: Stamps
    most: int
    cost: Mapping[str, int] | None = None
    host: str | None = None
    mark: Callable[[Any], object] = field(default=str)  # what only this first row can be
    posts: Callable[[Params], Mapping[str, Any]] | None = None
    shares_instants: bool = False
    goes_on: Callable[[Any], bool] | None = None  # where the answer itself says that more follows

    def asked(self, door: "Door", params: Params) -> tuple[Reply, list[Any]]:
        told = {**self.fixed, **params}
        if self.posts is None:
            reply = door.get(self.path, told, host=self.host, cost=self.cost)
        else:
            reply = door.post(self.path, self.posts(told), host=self.host, cost=self.cost)
        found = self.rows(reply.told)
        if not isinstance(found, list):
            raise not_an_answer(reply, "it has no list of rows in it")
        return reply, found


SeriesOf = Callable[[str, Scope], Series]  # of a subject


def at_once(path: str, *, host: str | None = None, **params: str | int) -> Ask:
    """One answer that speaks of everything."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        reply = door.get(path, params, host=host)
        yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)

    return ask


def one_after_another(*asks: Ask) -> Ask:
    """Several questions that make one dataset."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for each in asks:
            yield from each(door, scope)

    return ask


def by_spans(series_of: SeriesOf, bounds: Bounds, bucket_ms: int) -> Ask:
    """Whole buckets, oldest first, cut into questions that fit on one page each."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for subject in scope.subjects:
            series = series_of(subject, scope)
            pages = Pages(door.source.name, newest_first=False)
            for span in spans(scope, bucket_ms, series.most):
                reply, rows = series.asked(door, bounds(span.start_ms, span.last_ms))
                pages.turn(reply, series.stamps(rows))
                yield answer(reply, (subject,), *span.days)

    return ask


def newest_first(
    series_of: SeriesOf, bounds: Bounds, bucket_ms: int = EVENT_MS, *, ends_short: bool = True
) -> Ask:
    """From the end of the days back to their beginning, page by page.

    A page that is not full is the last one, unless the source cuts pages short (``ends_short``
    False); then it is an empty one, or one that reaches the beginning.
    """

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, bucket_ms)
        for subject in scope.subjects if span else ():
            assert span is not None
            yield from _backwards(
                door, subject, series_of(subject, scope), bounds, span, ends_short
            )

    return ask


def oldest_first(series_of: SeriesOf, bounds: Bounds, bucket_ms: int = EVENT_MS) -> Ask:
    """From the beginning of the days to their end, page by page; a page not full is the last."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, bucket_ms)
        for subject in scope.subjects if span else ():
            assert span is not None
            yield from _forwards(door, subject, series_of(subject, scope), bounds, span)

    return ask


def halved(series_of: SeriesOf, bounds: Bounds) -> Ask:
    """Of events, windows that are halved until a page is not full.

    For a source that gives a page's worth and no way on; a full page is passed over, since its
    rows come again in the halves of its window.
    """

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, EVENT_MS)
        for subject in scope.subjects if span else ():
            assert span is not None
            series = series_of(subject, scope)
            replies = _halves(door, series, bounds, span.start_ms, span.last_ms)
            for page, reply in enumerate(replies):
                yield answer(reply, (subject,), *span.days, page=page)

    return ask


def _halves(
    door: "Door", series: Series, bounds: Bounds, first_ms: int, last_ms: int
) -> Iterator[Reply]:
    reply, rows = series.asked(door, bounds(first_ms, last_ms))
    if len(rows) < series.most:
        yield reply
        return
    if first_ms == last_ms:
        raise not_an_answer(reply, "one millisecond fills a page: what else it holds is not told")
    middle_ms = (first_ms + last_ms) // 2
    yield from _halves(door, series, bounds, first_ms, middle_ms)
    yield from _halves(door, series, bounds, middle_ms + 1, last_ms)


def _backwards(
    door: "Door", subject: str, series: Series, bounds: Bounds, span: Span, ends_short: bool
) -> Iterator[Answer]:
    pages = Pages(door.source.name, newest_first=True)
    last_ms = span.last_ms
    while last_ms >= span.start_ms:
        reply, rows = series.asked(door, bounds(span.start_ms, last_ms))
        stamps = turned(pages, reply, series, rows)
        yield answer(reply, (subject,), *span.days, page=pages.turned - 1)
        if not rows or (ends_short and len(rows) < series.most):
            return
        last_ms = min(stamps) - (not series.shares_instants)


def _forwards(
    door: "Door", subject: str, series: Series, bounds: Bounds, span: Span
) -> Iterator[Answer]:
    pages = Pages(door.source.name, newest_first=False)
    start_ms = span.start_ms
    while start_ms <= span.last_ms:
        reply, rows = series.asked(door, bounds(start_ms, span.last_ms))
        stamps = turned(pages, reply, series, rows)
        yield answer(reply, (subject,), *span.days, page=pages.turned - 1)
        if not (series.goes_on(reply.told) if series.goes_on else len(rows) >= series.most):
            return
        if not stamps:
            raise not_an_answer(reply, "it says that more follows, and gives nothing")
        start_ms = max(stamps) + (not series.shares_instants)


def turned(pages: Pages, reply: Reply, series: Series, rows: Sequence[Any]) -> list[int]:
    """The instants of a page that leads on from the one before. Raises NotAnAnswer."""
    stamps = series.stamps(rows)
    pages.turn(reply, stamps, series.mark(rows[0]) if rows else None)
    if rows and not stamps:
        raise not_an_answer(reply, "a page without times leads nowhere")
    return stamps


def _held(row: Any, name: str | int) -> object:
    try:
        return row[name]
    except (KeyError, IndexError, TypeError):
        return None


def _seconds(value: object) -> int | None:
    """Digits with at most a fraction behind them, in ms."""
    whole_s, _, part = value.partition(".") if isinstance(value, str) else ("", "", "")
    if not (whole_s.isascii() and whole_s.isdigit() and (part.isdigit() or not part)):
        return None
    return int(whole_s) * 1000 + int(f"{part}000"[:3])


def _iso(value: object) -> int | None:
    try:  # in whole numbers
        return (datetime.fromisoformat(str(value)) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, TypeError):  # no instant, or one without a zone
        return None
