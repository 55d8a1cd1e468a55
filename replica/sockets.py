"""The sockets of all feeds on loopback: what a venue pushed of the cascade, played again from now.

A connection is pushed what it subscribed to and nothing else. The first instant that is played is
the beginning of the cascade; ``flood`` instead sends so many frames a second, evenly and for ever.
"""

import asyncio
import bisect
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import polars as pl
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from replica import feeds
from replica.clock import Clock
from replica.feeds.feed import FRAME, KEY, RECEIVED, Feed, Heard, orders_of
from replica.rows import TIME
from replica.simulated.world import World

TICK_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Tape:
    """A feed's frames in order of time: when, to whoever subscribed to what, and the text."""

    at_ms: list[int]
    keys: list[str]
    texts: list[str]


@dataclass(slots=True)
class Manners:
    """How the sockets misbehave: feeds that are deaf push nothing, those to drop are ended once."""

    deaf: frozenset[str] = frozenset()
    drop: set[str] = field(default_factory=set)


class Sockets:
    """Runs in a thread of its own until the process ends."""

    def __init__(self, world: World, clock: Clock, *, flood: float = 0.0) -> None:
        self._world, self._clock, self._flood = world, clock, flood
        self._feeds = list(feeds.found())
        self._tapes: dict[str, Tape] = {}
        self._lock = threading.Lock()
        self._numbers = count(1)
        self.manners = Manners()
        self.sent: Counter[str] = Counter()  # frames of the tape, by feed and connection
        self._ready = threading.Event()
        self.port = 0
        threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        self._ready.wait(10)

    @property
    def hosts(self) -> dict[str, str]:
        return {feed.host: f"ws://127.0.0.1:{self.port}/{feed.host}" for feed in self._feeds}

    async def _serve(self) -> None:
        async with serve(self._connected, "127.0.0.1", 0, max_size=1 << 20) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            await asyncio.Future()

    async def _connected(self, socket: ServerConnection) -> None:
        target = socket.request.path if socket.request else ""
        host, _, rest = target[1:].partition("/")
        path = f"/{rest}"
        feed = self._feed_at(host, path)
        if feed is None:
            await socket.close(1008, "no such path")
            return
        line = Line(self, socket, feed, path, f"{feed.dataset}#{next(self._numbers)}")
        try:
            await line.run()
        except ConnectionClosed:
            return

    def _feed_at(self, host: str, path: str) -> Feed | None:
        """The feed with the longest path that the one asked for begins with."""
        known = [
            (len(begin), feed)
            for feed in self._feeds
            for begin in feed.paths
            if feed.host == host and path.startswith(begin)
        ]
        return max(known, key=lambda one: one[0])[1] if known else None

    def tape(self, feed: Feed) -> Tape:
        """What is played, with its times moved to the clock of the replica."""
        with self._lock:
            if feed.dataset not in self._tapes:
                from_ms = self._world.cascade_ms[0]
                shift_ms = self._clock.start_ms - from_ms
                orders = orders_of(self._world, feed, shift_ms)
                frames = feed.frames(orders.filter(pl.col(TIME) >= self._clock.start_ms))
                ordered = frames.sort(RECEIVED, maintain_order=True)
                self._tapes[feed.dataset] = Tape(
                    ordered[RECEIVED].to_list(), ordered[KEY].to_list(), ordered[FRAME].to_list()
                )
            return self._tapes[feed.dataset]

    @property
    def flood(self) -> float:
        return self._flood

    def now_ms(self) -> int:
        return self._clock.now_ms()


@dataclass(slots=True)
class Line:
    """One connection: what it subscribed to, and how far the tape has run for it."""

    sockets: Sockets
    socket: ServerConnection
    feed: Feed
    path: str
    name: str
    keys: frozenset[str] = frozenset()

    async def run(self) -> None:
        await self._say(self.feed.opened(self.path))
        playing = asyncio.create_task(self._flood() if self.sockets.flood else self._play())
        living = asyncio.create_task(self._live())
        try:
            async for message in self.socket:
                text = message if isinstance(message, str) else message.decode("utf-8", "replace")
                await self._say(self.feed.hears(self.path, text))
        finally:
            playing.cancel()
            living.cancel()

    async def _say(self, heard: Heard) -> None:
        for reply in heard.replies:
            await self._send(reply)
        self.keys = self.keys | heard.keys

    async def _send(self, text: str) -> None:
        packed = self.feed.packed
        await self.socket.send(text if packed is None else packed(text))

    @property
    def _is_deaf(self) -> bool:
        silent = any(self.path.startswith(path) for path in self.feed.silent_paths)
        return silent or self.feed.source in self.sockets.manners.deaf

    async def _play(self) -> None:
        """Send what has become due, every few hundredths of a second."""
        tape = await asyncio.to_thread(self.sockets.tape, self.feed)
        at = bisect.bisect_left(tape.at_ms, self.sockets.now_ms())
        while at < len(tape.at_ms):
            await asyncio.sleep(TICK_S)
            await self._perhaps_end()
            due = bisect.bisect_right(tape.at_ms, self.sockets.now_ms())
            for n in range(at, due):
                await self._push(tape.keys[n], tape.texts[n])
            at = max(at, due)

    async def _flood(self) -> None:
        """So many frames a second, whatever the tape says of their times; then from its beginning."""
        tape = await asyncio.to_thread(self.sockets.tape, self.feed)
        pairs = list(zip(tape.keys, tape.texts, strict=True))
        loop = asyncio.get_running_loop()
        begun_s, sent = loop.time(), 0
        while pairs:
            await asyncio.sleep(TICK_S)
            due = int((loop.time() - begun_s) * self.sockets.flood)
            for n in range(sent, due):
                await self._push(*pairs[n % len(pairs)])
            sent = due

    async def _push(self, key: str, text: str) -> None:
        if key in self.keys and not self._is_deaf:
            await self._send(self.feed.wrapped(self.path, key, text))
            self.sockets.sent[self.name] += 1

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            if not self._is_deaf:
                for text in self.feed.lives(self.keys, self.sockets.now_ms()):
                    await self._send(text)

    async def _perhaps_end(self) -> None:
        if self.feed.source in self.sockets.manners.drop:
            self.sockets.manners.drop.discard(self.feed.source)
            self.socket.transport.abort()
