"""What a connector declares (a Dataset), is handed (a Scope) and gives (Answers)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.extract.door import Door


EVERYTHING = "*"  # the subject of an answer that speaks of every instrument at once


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, untouched, with the request that it answers (and no secret of it)."""

    subjects: tuple[str, ...]  # symbols or coins as the source spells them, or (EVERYTHING,)
    first_day: date  # first UTC day that the question was about
    last_day: date  # last one, included
    page: int  # 0, 1, 2 … within one question
    method: str  # GET or POST, or FILE for what was read from a file
    address: str  # https://host/path of the source itself, whichever market answered
    params: tuple[tuple[str, str], ...]
    status: int
    asked_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """What to ask: days, both included, and subjects; and the instant of asking."""

    first_day: date
    last_day: date
    subjects: tuple[str, ...]
    now: datetime
    captures: Path | None = None  # folder of captured frames, where there is one
    settings: Mapping[str, str] = field(default_factory=dict)  # e.g. exchange_list


class Kept(StrEnum):
    """What kind of thing a dataset is, which decides when it can be asked."""

    HISTORY = "history"  # asked by range, for any day the source still serves
    LISTING = "listing"  # true at the moment of asking; stands for all days asked
    SNAPSHOT = "snapshot"  # true at the moment of asking, and told of that UTC day alone
    CAPTURE = "capture"  # read from files that a collector wrote, or that a user fetched
    LEDGER = "ledger"  # read from a file that people edit; stands for all days asked


Ask = Callable[["Door", Scope], Iterator[Answer]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One thing that a source can be asked for.

    ``ask`` yields the answers to one chunk of subjects (at most ``subjects_a_call``), all pages.
    ``serves(day, now)`` says whether the source still (or already) answers for that UTC day.
    """

    source: str
    name: str
    about: str
    since: date
    ask: Ask
    kept: Kept = Kept.HISTORY
    subjects_a_call: int = 1
    # Which of the listing's subjects it knows: one that is never answered would stay a gap.
    wants: Callable[[str], bool] = lambda subject: True
    subjects_from: str = "instruments"  # whose answer lists the subjects; empty: it has none
    weighs: bool = False  # open interest, and prices that weigh it: asked for everything listed
    # Of a capture: the files of a day below a folder of captures, as answers name them.
    files: Callable[[Path, date], Sequence[str]] = lambda captures, day: ()
    routine: bool = True  # part of daily and weekly runs; otherwise asked by name or in backfills
    serves: Callable[[date, datetime], bool] = lambda day, now: day <= now.date()

    @property
    def id(self) -> str:
        return f"{self.source}/{self.name}"

    def gives(self, day: date, now: datetime) -> bool:
        """Whether the source has begun by that UTC day, and answers for it at ``now``."""
        return day >= self.since and self.serves(day, now)
