"""All feeds together: written every quarter of a second, closed every hour, until told to stop."""

import asyncio
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipelines.clock import Clock
from pipelines.extract.listening.connection import FIRST_PAUSE_S
from pipelines.extract.listening.feed import Feed
from pipelines.extract.listening.journal import Journal, NotWrittenError, synced
from pipelines.extract.listening.segments import left_behind, set_aside
from pipelines.extract.streams import Stream

FLUSH_S: Final = 0.25
SYNC_EVERY: Final = 4  # flushes
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


class BadNameError(Exception):
    """A collector's name becomes part of file names, and this one cannot."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stream, the address at which it is heard, and the subjects that it is asked for."""

    stream: Stream
    url: str
    subjects: tuple[str, ...] = ()


@dataclass(slots=True)
class Collector:
    """Listens to ``places`` and keeps what it hears under ``captures``.

    ``name`` tells two collectors of one feed apart; their archives may be copied together.
    """

    captures: Path
    name: str
    places: Sequence[Place]
    clock: Clock
    tell: Callable[[str], None] = lambda line: None
    progress: Callable[[Mapping[str, Feed]], None] = lambda feeds: None
    quiet_s: float | None = None  # in place of what the streams say
    first_pause_s: float = FIRST_PAUSE_S
    feeds: dict[str, Feed] = field(default_factory=dict)
    _closing: set[asyncio.Task[None]] = field(default_factory=set)
    _closers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadNameError(
                f"{self.name!r} cannot name a collector: letters, digits and hyphens"
            )

    async def run(self) -> None:
        """Listen until SIGINT or SIGTERM. Raises NotWrittenError where the disk is full."""
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self.collect(stop)

    async def collect(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set; then write, close and leave."""
        left = left_behind(self.captures) if self.captures.exists() else []
        self._close_all([set_aside(journal) for journal in left])
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = [tasks.create_task(one) for one in self._connections()]
                beside = tasks.create_task(self._keep())
                await stop.wait()
                for task in (*listening, beside):
                    task.cancel()
        except BaseExceptionGroup as group:
            self._abandon()
            raise _first(group) from None
        self._close_all(self._left())
        await self._closed()

    def _connections(self) -> Iterator[Coroutine[None, None, None]]:
        for place in self.places:
            stream = place.stream
            if stream.id not in self.feeds:
                folder = self.captures / stream.source / stream.name
                self.feeds[stream.id] = Feed(
                    stream.id, Journal(folder, self.name), self.clock, self._close, self.tell
                )
            for subjects in _shared_out(stream, place.subjects):
                yield (
                    self.feeds[stream.id]
                    .connected(
                        stream,
                        place.url,
                        subjects,
                        quiet_s=self.quiet_s or stream.quiet_s,
                        first_pause_s=self.first_pause_s,
                    )
                    .listen()
                )

    async def _keep(self) -> None:
        """Write what was heard, and vouch for the minutes that are over."""
        turn = 0
        while True:
            await asyncio.sleep(FLUSH_S)
            turn += 1
            for feed in self.feeds.values():
                feed.settle()
                feed.journal.flush()
                if turn % SYNC_EVERY == 0 and (handle := feed.journal.another()) is not None:
                    await asyncio.to_thread(synced, handle)
            self.progress(self.feeds)

    def _left(self) -> list[Path]:
        for feed in self.feeds.values():
            feed.settle()
        return [path for feed in self.feeds.values() if (path := feed.journal.leave())]

    def _abandon(self) -> None:
        for feed in self.feeds.values():
            with suppress(NotWrittenError):
                feed.journal.flush()
            feed.journal.abandon()

    def _close(self, journal: Path) -> None:
        self._close_all([journal])

    def _close_all(self, journals: Sequence[Path]) -> None:
        """In a process of its own, one at a time."""
        if journals:
            task = asyncio.get_running_loop().create_task(self._closer(journals))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _closer(self, journals: Sequence[Path]) -> None:
        words = (sys.executable, "-m", "pipelines.extract.listening.segments", *map(str, journals))
        async with self._closers:
            process = await asyncio.create_subprocess_exec(
                *words, cwd=_PROJECT, stderr=asyncio.subprocess.PIPE, start_new_session=True
            )
            _, told = await process.communicate()
        if process.returncode:
            lines = told.decode("utf-8", "replace").strip().splitlines()
            why = lines[-1] if lines else f"status {process.returncode}"
            self.tell(f"{journals[0].name} is kept as a journal, not closed: {why}")

    async def _closed(self) -> None:
        while self._closing:
            await asyncio.gather(*self._closing)


_PROJECT: Final = Path(__file__).parents[3]


def _shared_out(stream: Stream, subjects: Sequence[str]) -> list[tuple[str, ...]]:
    """The subjects of each connection; one connection without any where all comes at once."""
    most = stream.subjects_a_connection
    if not most:
        return [()]
    wanted = [subject for subject in subjects if stream.wants(subject)]
    return [tuple(wanted[at : at + most]) for at in range(0, len(wanted), most)]


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of the errors that stopped everything."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
