"""A claim as it is judged: what it counts, of whom, on which side and over which windows."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipelines.reconcile.claims.amounts import Printed
from pipelines.reconcile.claims.scopes import Scope
from pipelines.reconcile.claims.spans import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A figure printed beside a claim. ``by`` is side, venue, coin, cell, time, whole or a day.

    ``side`` is None where it is not told of one side alone.
    """

    by: str
    what: str
    amount: Printed
    side: str | None = None

    @property
    def said(self) -> str:
        return f"{self.what} {self.side}" if self.side and self.by != "side" else self.what


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of one side; ``low`` <= the exact one < ``high``, as a fraction."""

    side: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Equation:
    """A figure and the summands that were printed behind it."""

    what: str
    whole: Printed
    parts: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """What could be read of a note."""

    parts: tuple[Part, ...] = ()
    shares: tuple[Share, ...] = ()
    equations: tuple[Equation, ...] = ()
    daily: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """``event_day`` is None where the day is not told. ``span`` says where to search."""

    id: str
    event_day: date | None
    span: Span
    side: str
    scope: Scope
    source_named: str
    amount: Printed
    noted: Noted = Noted()
    traders: int | None = None
    address: str = ""

    @property
    def when(self) -> str:
        """The day, or the days, that it is about."""
        if self.event_day is not None:
            return self.event_day.isoformat()
        first, last = self.span.days
        return f"{first} to {last}"

    def about(self, scope: Scope, side: str, amount: Printed) -> "Claim":
        """A part of it as a claim of its own."""
        return replace(self, scope=scope, side=side, amount=amount, noted=Noted())


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be judged, and why in one line."""

    id: str
    reason: str


Told = Claim | Unread
