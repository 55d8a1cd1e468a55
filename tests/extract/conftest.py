"""A loopback server that does as it is told, a clock that moves only when someone sleeps, and a
door that is answered from a table.
"""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from pipelines.clock import Clock
from pipelines.extract.asking import Answer, Dataset, Scope
from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.door import Door
from pipelines.extract.manners import classifier
from pipelines.extract.question import Limits, Reply
from pipelines.sources import SOURCES, Source, Terms
from pipelines.strict_json import NotStrictJsonError, read

NOW = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
TERMS = Terms("https://nowhere.test/terms", "None.")
NOWHERE = Source(
    "nowhere", "Nowhere", "Nowhere", ("api.nowhere.test",), date(2020, 1, 1), "venue", TERMS
)
KEYED = Source(
    "keyed",
    "Keyed",
    "Keyed",
    ("api.keyed.test",),
    date(2020, 1, 1),
    "venue",
    TERMS,
    key_variable="KEYED_KEY",
    key_header="X-Secret",
)


class FakeTime:
    """Time that passes only in sleep; every sleep is noted."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now_s += seconds

    @property
    def clock(self) -> Clock:
        return Clock(NOW, began=1000.0, monotonic=self.monotonic)


Script = Callable[[Callable[[bytes], object]], None]


class Loopback:
    """Answers each connection with the next script; the last one again and again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.scripts: list[Script] = []
        self.seen: list[str] = []  # whole request heads

    def next_script(self, head: str) -> Script:
        self.seen.append(head)
        return self.scripts[min(len(self.seen), len(self.scripts)) - 1]


def plain(body: bytes, *headers: str, status: int = 200, length: bool = True) -> Script:
    """A whole answer in one piece."""
    announced = [f"Content-Length: {len(body)}"] if length else []
    head = "\r\n".join([f"HTTP/1.1 {status} x", *announced, *headers, "Connection: close"])
    return lambda send: cast(None, send(head.encode() + b"\r\n\r\n" + body))


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            lines = []
            while (line := self.rfile.readline()).strip():
                lines.append(line.decode())
            if not lines:
                return
            script = made.next_script("".join(lines))
            with suppress(OSError):  # the door may have had enough
                script(self.wfile.write)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        made = Loopback(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        server.shutdown()


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def door_to(loopback: Loopback, fake_time: FakeTime) -> Iterator[Callable[..., Door]]:
    """A door to the loopback server under another name; sleeps only in the fake time."""
    made: list[Door] = []

    def to(*scripts: Script, source: Source = NOWHERE, **named: Any) -> Door:
        loopback.scripts = list(scripts)
        at = dict.fromkeys(source.hosts, loopback.address)
        usual: dict[str, Any] = {"sleep": fake_time.sleep, "at": at, "clock": fake_time.clock}
        usual["manners"] = MANNERS.get(source.id)
        made.append(Door(source, **usual | named))
        return made[-1]

    yield to
    for door in made:
        door.close()


class Canned:
    """Stands in for a Door: answers by a function, and notes what was asked and its cost."""

    def __init__(self, source: str, answers: Callable[[str, Mapping[str, str]], object]) -> None:
        self.source = SOURCES[source]
        self._answers = answers
        self._classify = classifier(MANNERS[source].judge)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.costs: list[Mapping[str, int] | None] = []

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        host: str | None = None,
        cost: Mapping[str, int] | None = None,
        missing_is_data: bool = False,
        archive: bool = False,
        method: str = "GET",
    ) -> Reply:
        said = {name: str(value) for name, value in (params or {}).items()}
        self.asked.append((path, said))
        self.costs.append(cost)
        given = self._answers(path, said)
        status = 404 if given is None else 200
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        error = None if archive else self._classify(status, {}, body)
        if error is not None:
            raise error.about(self.source.name, path)
        address = f"https://{host or self.source.hosts[0]}{path}"
        return Reply(method, address, tuple(said.items()), status, NOW, body, _told(body))

    def post(self, path: str, told: Mapping[str, Any], **more: Any) -> Reply:
        """The fields of what is posted as parameters, those of an object inside beside them."""
        flat = {}
        for name, value in told.items():
            flat |= value if isinstance(value, Mapping) else {name: value}
        return self.get(path, flat, method="POST", **more)


def _told(body: bytes) -> Any:
    try:
        return read(body)
    except NotStrictJsonError:
        return None


class Asker:
    """Asks one dataset of a canned source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.door = Canned(source, lambda path, params: None)

    def lazily(
        self,
        name: str,
        answers: Callable[[str, Mapping[str, str]], object],
        first_day: date,
        last_day: date,
        subjects: Sequence[str] = ("*",),
        **more: Any,
    ) -> Iterator[Answer]:
        dataset: Dataset = CATALOGUE[f"{self.source}/{name}"]
        self.door = Canned(self.source, answers)
        scope = Scope(first_day, last_day, tuple(subjects), more.pop("now", NOW), **more)
        return dataset.ask(cast(Door, self.door), scope)

    def __call__(self, *asked: Any, **more: Any) -> list[Answer]:
        return list(self.lazily(*asked, **more))

    @property
    def params(self) -> list[dict[str, str]]:
        return [params for _, params in self.door.asked]


@pytest.fixture
def asker() -> Callable[[str], Asker]:
    return Asker


@pytest.fixture
def answer_with() -> Callable[..., Script]:
    return plain


@pytest.fixture
def keyed() -> Source:
    return KEYED


@pytest.fixture
def quick() -> Limits:
    return Limits(connect_s=2, read_s=2, total_s=0.4, tries=1)
