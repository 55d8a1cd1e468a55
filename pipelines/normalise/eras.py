"""What a feed looked like and how much it showed, on any given day: a history is data, not ifs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.raw import Page
from pipelines.statements import Grade
from pipelines.tables import INSTANT, Table
from pipelines.tables.words import Adl, Coverage, PriceKind, SideNames, Unit
from pipelines.units import AMOUNT

FIELD = str | None  # what a source wrote, as text; None where it wrote null or nothing


class Means(StrEnum):
    """What absence, zero or null stand for in a feed."""

    VALUE = "value"  # zero is a number like others
    ZERO = "zero"  # a bucket that is left out was empty
    MISSING = "missing"  # nothing is known


@dataclass(frozen=True, slots=True)
class Refused:
    """A row, or a whole answer, that cannot be read, and why."""

    reason: str
    row: str


Unpack = Callable[[Page], Iterator[tuple[FIELD, ...] | Refused]]
AtOnce = Callable[[Page], pl.DataFrame | None]


RATES = pl.Schema({"quote": pl.String(), "hour": INSTANT, "rate": AMOUNT})


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader may look up: listings, closes of the same markets, and rates of stable coins.

    ``rates`` has US dollars per unit of a quote, as of the UTC hour that begins at ``hour``.
    """

    instruments: pl.DataFrame
    closes: pl.DataFrame = field(default_factory=pl.DataFrame)
    rates: pl.DataFrame = field(default_factory=RATES.to_frame)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feed of liquidations prints beside each: which prices, which unit, whose side."""

    price: tuple[PriceKind, ...]
    size: tuple[Unit, ...]
    side: SideNames
    adl: Adl


Read = Callable[[pl.DataFrame, Known], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of UTC days over which a feed kept one shape and one meaning.

    ``unpack`` takes an answer apart into rows of text, in the order of ``columns``. ``read`` gets
    them as ``said_<column>`` and adds the canonical columns, ``subject`` (as it was asked for) and
    ``reason`` (why a row is refused, else null); ``identity`` where the venue gives events one.
    ``at_once`` gives all that ``unpack`` would, as one frame, for large answers without a flaw, and
    None for others.
    """

    since: date
    coverage: Coverage
    columns: tuple[str, ...]
    unpack: Unpack
    read: Read
    absent: Means = Means.MISSING
    zero: Means = Means.VALUE
    null: Means = Means.MISSING
    evidence: str = ""
    amounts: tuple[str, ...] = ()  # fields that may be missing, but not unreadable
    shown: Shown | None = None  # of liquidations alone, and there always
    grade: Grade = Grade.UNVERIFIED  # of ``evidence``
    at_once: AtOnce | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How one dataset of a source becomes rows of one canonical table."""

    source: str
    dataset: str
    table: Table
    eras: tuple[Era, ...]
    closes_from: str = ""  # dataset with the closes that turn coins into dollars
    # A live feed: filed by receipt, so that an event may stand in the next day's file, and
    # perhaps heard more than once.
    is_captured: bool = False
    sound: Sound = Sound.EVENT  # which frames of a live feed it reads
    listings: tuple[str, ...] = ()  # other sources whose listings explain its symbols as well
    until: date | None = None  # the last UTC day on which anything new can be told, if it is over
    # Another dataset of the source that tells the same events, and comes before this one where
    # both are held: what both tell is counted once.
    told_first_by: str = ""

    def __post_init__(self) -> None:
        if not self.eras or any(a.since >= b.since for a, b in pairwise(self.eras)):
            raise ValueError(f"{self.source}/{self.dataset}: eras must follow one another")

    @property
    def explained_by(self) -> tuple[str, ...]:
        """The sources whose listings explain its symbols, its own first."""
        return (self.source, *self.listings)

    def feed(self, era: Era) -> str:
        return f"{self.source}/{self.dataset}@{era.since.isoformat()}"

    def stretches(self, first: date, last: date) -> list[tuple[Era, date, date]]:
        """The eras that hold between two days, both included, each with its own days."""
        return [
            (era, max(first, era.since), min(last, until))
            for era, until in zip(self.eras, _untils(self.eras), strict=True)
            if era.since <= last and until >= first
        ]


def _untils(eras: Sequence[Era]) -> list[date]:
    after = [era.since for era in eras[1:]]
    return [date.fromordinal(day.toordinal() - 1) for day in after] + [date.max]
