"""One socket to a feed: opened, subscribed, kept alive, given up when it is dead, opened again."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from pipelines.clock import Clock
from pipelines.extract.errors import one_line
from pipelines.extract.streams import Sound, Stream

LARGEST_FRAME: Final = 16 << 20
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
_CUT: Final = 0.25  # of a silence after which the feed is dead: how often it is looked at


class DeadError(Exception):
    """A connection stands, and nothing comes over it."""


class _Straight(connect):
    """A way to one address: a redirect is an error, for it would lead to another."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


@dataclass(slots=True)
class Ears:
    """What a connection tells of what it hears. ``now_us`` is µs since 1970."""

    now_us: Callable[[], int]
    opened: Callable[[str], None]
    heard: Callable[[str, Sound, bytes], None]
    closed: Callable[[str], None]
    tell: Callable[[str], None]


@dataclass(slots=True)
class Connection:
    """One connection of a feed, for ever: it ends only when it is cancelled, or when ``heard``
    raises, which is how a full disk stops everything.
    """

    stream: Stream
    url: str
    name: str  # which of the feed's connections it is, and whose
    subjects: Sequence[str]
    ears: Ears
    clock: Clock
    quiet_s: float
    first_pause_s: float = FIRST_PAUSE_S
    _opened: int = 0
    _failed: int = 0
    _last: float = 0.0
    _random: random.Random = field(default_factory=random.Random)

    async def listen(self) -> None:
        while True:
            reason = await self._once()
            pause_s = self._pause_s()
            self.ears.tell(f"{self.name}: {reason}; opening again in {pause_s:.1f} s")
            await asyncio.sleep(pause_s)

    async def _once(self) -> str:
        """Listen until the connection ends; returns why it did."""
        session = f"{self.name}.{self.ears.now_us()}"
        is_open = False
        try:
            async with _Straight(
                self.url,
                max_size=LARGEST_FRAME,
                proxy=None,
                user_agent_header="liquidation-ledger",
                close_timeout=1,
            ) as socket:
                self._last = self.clock.monotonic()
                self.ears.opened(session)
                is_open = True
                await self._converse(socket, session)
        except DeadError as error:
            return str(error)
        except (WebSocketException, OSError, TimeoutError) as error:
            return one_line(f"the connection failed or broke off ({type(error).__name__})")
        finally:
            if is_open:
                self.ears.closed(session)
        return "the server closed the connection"

    async def _converse(self, socket: ClientConnection, session: str) -> None:
        beside = [asyncio.create_task(self._watched(socket))]
        if self.stream.ping:
            beside.append(asyncio.create_task(self._pinging(socket)))
        try:
            for message in self.stream.subscribe(self.subjects):
                await socket.send(message)
            await self._read(socket, session)
        finally:
            for task in beside:
                task.cancel()
            for outcome in await asyncio.gather(*beside, return_exceptions=True):
                if isinstance(outcome, DeadError):
                    raise outcome

    async def _read(self, socket: ClientConnection, session: str) -> None:
        stream, ears = self.stream, self.ears
        with suppress(WebSocketException):
            while True:
                frame: bytes = await socket.recv(decode=False)
                sound = stream.sound(frame)
                ears.heard(session, sound, frame)
                if sound is not Sound.OTHER:
                    self._last = self.clock.monotonic()
                    self._failed = 0
                if sound is not Sound.EVENT and (reply := stream.answers(frame)) is not None:
                    await socket.send(reply)

    async def _watched(self, socket: ClientConnection) -> None:
        """End a connection over which nothing comes, though it stands and was acknowledged."""
        while True:
            await asyncio.sleep(self.quiet_s * _CUT)
            silent_s = self.clock.monotonic() - self._last
            if silent_s >= self.quiet_s:
                socket.transport.abort()
                raise DeadError(f"no sign of life for {silent_s:.0f} s")

    async def _pinging(self, socket: ClientConnection) -> None:
        with suppress(WebSocketException):
            while True:
                await asyncio.sleep(self.stream.ping_s)
                await socket.send(self.stream.ping)

    def _pause_s(self) -> float:
        """Longer after each failure in a row, and never the same for two."""
        self._failed += 1
        longest_s = min(self.first_pause_s * 2 ** (self._failed - 1), LONGEST_PAUSE_S)
        return self._random.uniform(longest_s / 2, longest_s)
