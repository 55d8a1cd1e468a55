"""UTC days as stretches of time that can be asked for: whole buckets, and of the past only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pipelines.extract.asking import Answer, Scope
from pipelines.extract.question import Reply

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
EVENT_MS: Final = 1  # of things that happen at a moment and fill no bucket
ALL_AT_ONCE: Final = 1_000_000  # subjects a call, where one answer speaks of all of them


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start_ms`` up to but not including ``end_ms``; counted in buckets."""

    start_ms: int
    end_ms: int
    bucket_ms: int

    @property
    def buckets(self) -> int:
        return (self.end_ms - self.start_ms) // self.bucket_ms

    @property
    def last_ms(self) -> int:
        """The last moment inside, for sources that include both bounds."""
        return self.end_ms - 1

    @property
    def days(self) -> tuple[date, date]:
        return _day(self.start_ms), _day(self.last_ms)


def whole(scope: Scope, bucket_ms: int) -> Span | None:
    """The days of a scope as far as their buckets are over; None if none is."""
    now_ms = int(scope.now.timestamp() * 1000)
    over_ms = now_ms // bucket_ms * bucket_ms
    start_ms = _midnight_ms(scope.first_day)
    end_ms = min(_midnight_ms(scope.last_day) + DAY_MS, over_ms)
    return Span(start_ms, end_ms, bucket_ms) if start_ms < end_ms else None


def spans(scope: Scope, bucket_ms: int, most: int) -> Iterator[Span]:
    """The same, cut into spans of at most ``most`` buckets; at midnights, if these fill a day.

    A source that is asked for more than fits on one page may give the oldest rows or the
    newest; asked like this, it has no choice to make.
    """
    span = whole(scope, bucket_ms)
    if span is None:
        return
    step_ms = most * bucket_ms // DAY_MS * DAY_MS or most * bucket_ms
    for start_ms in range(span.start_ms, span.end_ms, step_ms):
        yield Span(start_ms, min(start_ms + step_ms, span.end_ms), bucket_ms)


def days(scope: Scope) -> Iterator[date]:
    """Each day of a scope."""
    for number in range((scope.last_day - scope.first_day).days + 1):
        yield scope.first_day + timedelta(days=number)


def day_is_over(day: date, now: datetime) -> bool:
    """``serves`` for daily buckets: only a finished one means anything."""
    return day < now.astimezone(UTC).date()


def within_days(count: int, day: date, now: datetime) -> bool:
    """Whether a day has begun and lies at most ``count`` days back."""
    age = (now.astimezone(UTC).date() - day).days
    return 0 <= age <= count


def answer(
    reply: Reply, subjects: tuple[str, ...], first_day: date, last_day: date, page: int = 0
) -> Answer:
    """A reply with what it was asked about."""
    return Answer(
        subjects=subjects,
        first_day=first_day,
        last_day=last_day,
        page=page,
        method=reply.method,
        address=reply.address,
        params=reply.params,
        status=reply.status,
        asked_at=reply.asked_at,
        body=reply.body,
    )


def _midnight_ms(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_MS


def _day(instant_ms: int) -> date:
    return date(1970, 1, 1) + timedelta(days=instant_ms // DAY_MS)
