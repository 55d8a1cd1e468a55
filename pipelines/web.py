"""The way out to the sources, for one run: a market, a door to each source, and what came."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from threading import Lock

from pipelines.clock import Clock
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.budget import Budget
from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.door import Door
from pipelines.extract.gather import Outcome, gather, in_turns
from pipelines.house import House
from pipelines.market import Market, named, opened
from pipelines.settings import Keys, Settings
from pipelines.sources import SOURCES
from pipelines.wanted import gaps_of, subjects_of, wants_of

REPLICA_KEY = "any-key-will-do"
GOES_ON = timedelta(hours=6)
Progress = Callable[[str, int, int], None]


class UnknownSourceError(Exception):
    """A source was named that nobody knows."""


class StoppedError(Exception):
    """The run ended while a source was being asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking a dataset came to: the days that are whole now, and those that are not."""

    outcome: Outcome
    whole: tuple[date, ...]
    lacking: dict[date, str] = field(default_factory=dict)  # day: why, in one line

    @property
    def of_day(self) -> dict[str, int]:
        """What is told of each day: the counts of the asking that covered it."""
        told = self.outcome
        return {"questions": told.asked, "answers": told.answers, "bytes": told.bytes}


class Web:
    """Opened at the first question; to be closed, or used in a ``with``."""

    def __init__(
        self,
        settings: Settings,
        house: House,
        progress: Progress | None = None,
        *,
        offline: bool = False,
    ) -> None:
        for name in settings.named("sources"):
            if name not in SOURCES:
                raise UnknownSourceError(f"no source {name!r}; there are {', '.join(SOURCES)}")
        self.settings, self.house = settings, house
        self.offline = offline
        self._progress = progress or (lambda what, done, of: None)
        self._stack, self._lock = ExitStack(), Lock()
        self._doors: dict[str, Door] = {}
        self._budgets: dict[str, Budget] = {}  # one for all sources that share their limits
        self._ahead: dict[str, Future[Asked]] = {}
        self._is_closing = False

    def __enter__(self) -> "Web":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing more, and let go of the doors and of the replica."""
        self._is_closing = True
        self._stack.close()

    @property
    def market_text(self) -> str:
        return self.settings.market or self.house.market or "live"

    @property
    def captures(self) -> Path:
        """The folder of what live feeds have told."""
        return self.settings.captures or self.house.captures

    @cached_property
    def market(self) -> Market:
        """The market, with its replica running where there is one; the folder is marked with it."""
        market = self._stack.enter_context(
            opened(
                self.market_text,
                size=self.settings.size,
                now=self.settings.now,
                captures=self.captures,
            )
        )
        self.house.settle(market.name)
        return market

    @cached_property
    def clock(self) -> Clock:
        """The set clock, else the market's own, else the machine's.

        A clock that stands at the instant of an earlier run goes on from where that run ended, so
        that what is asked later is also the later answer. Offline there is no market to tell the
        time, and the last answer does.
        """
        latest = self.house.raw.latest()
        told = self.settings.now or (latest if self.offline else self.market.now)
        if told and latest and told < latest < told + GOES_ON:
            return Clock(latest)
        return Clock(told)

    @property
    def as_of(self) -> datetime:
        """The state of knowledge that later stages take: the one set, else all that is kept."""
        return self.settings.as_of or self.house.raw.latest() or self.clock.now()

    def keyless(self) -> dict[str, str]:
        """Sources that cannot be asked for want of a key, with the variable that would hold it."""
        return keyless() if named(self.market_text) == "live" else {}

    def ask(self, dataset: Dataset, days: Sequence[date]) -> Asked:
        """Make ``days`` of ``dataset`` whole, as far as the source gives them."""
        ahead = self._ahead.pop(dataset.id, None)
        return ahead.result() if ahead else self._ask(dataset, days)

    def ask_ahead(self, plan: Sequence[tuple[Dataset, Sequence[date]]]) -> None:
        """Begin to ask for all of ``plan``, every source at its own pace; ``ask`` then waits."""
        by_source: dict[str, list[tuple[Dataset, Sequence[date]]]] = {}
        for dataset, days in plan:
            by_source.setdefault(dataset.source, []).append((dataset, days))
        self.clock.now()  # the market is opened once, before the threads
        pool = ThreadPoolExecutor(max(len(by_source), 1), thread_name_prefix="ahead")
        self._stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        for parts in by_source.values():
            futures: list[Future[Asked]] = [Future() for _ in parts]
            self._ahead |= {d.id: f for (d, _), f in zip(parts, futures, strict=True)}
            pool.submit(self._in_turn, parts, futures)

    def _in_turn(
        self, parts: Sequence[tuple[Dataset, Sequence[date]]], futures: Sequence[Future[Asked]]
    ) -> None:
        def ask(place: int) -> None:
            try:
                futures[place].set_result(self._ask(*parts[place]))
            except BaseException as error:
                futures[place].set_exception(error)

        in_turns([dataset for dataset, _ in parts], ask)

    def _ask(self, dataset: Dataset, days: Sequence[date]) -> Asked:
        raw, clock = self.house.raw, self.clock
        subjects = subjects_of(raw, dataset, self.settings.named("coins"), clock.now())
        wants = wants_of(raw, dataset, days, subjects, clock.now(), self.captures)
        settings = {}
        if self.settings.exchange_list:
            settings["exchange_list"] = self.settings.exchange_list
        outcome = gather(
            raw,
            self._door(dataset.source),
            dataset,
            wants,
            clock,
            captures=self.captures,
            settings=settings,
            progress=partial(self._tell, dataset.id),
        )
        return self._judged(dataset, days, subjects, outcome)

    def _tell(self, what: str, done: int, of: int) -> None:
        if self._is_closing:
            raise StoppedError(f"{what} was stopped; what came until then is kept")
        self._progress(what, done, of)

    def _judged(
        self, dataset: Dataset, days: Sequence[date], subjects: Sequence[str], outcome: Outcome
    ) -> Asked:
        now = self.clock.now()
        lacking = {
            day: f"{dataset.id} does not give {day} (asked on {now:%Y-%m-%d})"
            for day in days
            if not dataset.gives(day, now)
        }
        if dataset.kept not in (Kept.HISTORY, Kept.CAPTURE):
            lacking |= (
                dict.fromkeys(days, next(iter(outcome.failed.values()))) if outcome.failed else {}
            )
        else:
            gaps = gaps_of(self.house.raw, dataset, days, subjects, now)
            for subject, missing in gaps.items():
                why = outcome.failed.get(
                    subject,
                    "no capture of that day" if dataset.kept is Kept.CAPTURE else "not over yet",
                )
                for day in missing:
                    lacking.setdefault(day, f"{subject}: {why}")
        return Asked(outcome, tuple(d for d in days if d not in lacking), lacking)

    def _door(self, source: str) -> Door:
        with self._lock:
            if source not in self._doors:
                about, manners = SOURCES[source], MANNERS[source]
                door = Door(
                    about,
                    clock=self.clock,
                    key=self._key(about.key_variable),
                    at={host: to for host, to in self.market.at.items() if host in about.hosts},
                    rate_scale=self.market.rate_scale,
                    manners=manners,
                    budget=self._budgets.get(manners.shared_with or source),
                )
                self._budgets[manners.shared_with or source] = door.budget
                self._doors[source] = self._stack.enter_context(door)
            return self._doors[source]

    def _key(self, variable: str) -> str:
        if not variable:
            return ""
        return Keys().of(variable) or ("" if named(self.market_text) == "live" else REPLICA_KEY)


def keyless() -> dict[str, str]:
    """Sources of the live market that need a key and have none, with its variable."""
    keys = Keys()
    return {
        source.id: source.key_variable
        for source in SOURCES.values()
        if source.key_variable and not source.key_is_optional and not keys.of(source.key_variable)
    }


def routine(names: Sequence[str] = (), sources: Sequence[str] = ()) -> list[Dataset]:
    """The datasets named, or all that daily runs ask; of the given sources only, if any."""
    chosen = (
        [CATALOGUE[name] for name in names]
        if names
        else [dataset for dataset in CATALOGUE.values() if dataset.routine]
    )
    return [dataset for dataset in chosen if not sources or dataset.source in sources]
