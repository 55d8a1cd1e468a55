"""What may stand in an entry of our ledgers; `docs/*.schema.json` are made from this."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from pipelines.normalise.entries import Digits, Entry, Text
from pipelines.tables.words import ClaimedSide, EventKind, Graded

Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
Address = Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$")]
Zoned = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Importance = Annotated[int, msgspec.Meta(ge=1, le=3)]


class Part(Entry, frozen=True, kw_only=True):
    """A figure that was printed beside a claim and that is part of it, in dollars."""

    by: Annotated[str, msgspec.Meta(pattern="^(side|coin|venue|time)$")]
    what: Text  # long, BTC, Binance …
    side: ClaimedSide | None = None  # where it is told of one side alone
    value_usd: Digits


class Claim(Entry, frozen=True, kw_only=True):
    """A total of liquidations as somebody printed it."""

    id: Id
    first_day: date  # that its window may touch
    last_day: date
    window: Text
    side: ClaimedSide
    scope: Text
    value_usd: Digits
    address: Address
    graded: Graded
    event_day: date | None = None  # the day that it is about, where one is told
    source_named: Text | None = None
    low_usd: Digits | None = None
    high_usd: Digits | None = None
    traders: Count | None = None
    words: Text | None = None
    published_first: date | None = None
    published_last: date | None = None
    note: Text | None = None
    part: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        if (self.published_first is None) is not (self.published_last is None):
            raise ValueError("published_first and published_last go together")
        if self.published_first and self.published_last:
            if self.published_last < self.published_first:
                raise ValueError("published_last is before published_first")
            if self.published_last < self.first_day:
                raise ValueError("published before the first day that it speaks of")
        if (self.low_usd is None) is not (self.high_usd is None):
            raise ValueError("low_usd and high_usd go together")


class Event(Entry, frozen=True, kw_only=True):
    """Something dated that happened around a market or a feed."""

    id: Id
    kind: EventKind
    title: Text
    address: Address
    on: date | None = None  # a UTC day, or
    at: Zoned | None = None  # an instant with its zone, where the minute is told
    place: Text | None = None
    importance: Importance | None = None
    forecast: Text | None = None
    previous: Text | None = None
    revised: Text | None = None
    published: Text | None = None

    def __post_init__(self) -> None:
        if (self.on is None) is (self.at is None):
            raise ValueError("one of on and at must be given, and not both")
