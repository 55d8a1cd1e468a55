"""Sockets of the replica, and collectors that listen to them in processes of their own."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).parents[3]
SMALL = ("--market", "simulated:7", "--size", "small", "--until-stdin-closes")
# A collector of one stream, in a process that can be killed, starved and told to stop.
LISTENER = """
import asyncio, json, resource, sys
from pathlib import Path
from pipelines.clock import Clock, instant
from pipelines.extract.catalogue import STREAMS
from pipelines.extract.listening.collector import Collector, Place
told = json.loads(sys.argv[1])
if told["most_bytes"]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (told["most_bytes"], told["most_bytes"]))
stream = STREAMS[told["stream"]]
place = Place(stream, told["base"] + stream.path, tuple(told["subjects"]))
collector = Collector(Path(told["captures"]), told["name"], [place], Clock(instant(told["now"])))
collector.tell = lambda line: print(line, flush=True)
print("ready", flush=True)
try:
    asyncio.run(collector.run())
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


@dataclass
class Sockets:
    """A replica whose sockets speak."""

    ready: dict[str, Any]

    @property
    def own(self) -> str:
        return f"http://127.0.0.1:{self.ready['port']}/_replica/sockets"

    def base(self, host: str) -> str:
        return str(self.ready["sockets"][host])

    def sent(self) -> int:
        with urllib.request.urlopen(self.own, timeout=10) as answer:
            return sum(json.loads(answer.read()).values())

    def manners(self, **told: list[str]) -> None:
        body = json.dumps(told).encode()
        with urllib.request.urlopen(urllib.request.Request(self.own, body), timeout=10) as answer:
            answer.read()


@contextmanager
def speaking(*words: str) -> Iterator[Sockets]:
    with subprocess.Popen(
        [sys.executable, "-m", "replica", *SMALL, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Sockets(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()


@pytest.fixture(scope="package")
def flooded() -> Iterator[Sockets]:
    """Sockets that send three hundred frames a second, whatever the market does."""
    with speaking("--flood", "300") as sockets:
        yield sockets


@dataclass
class Listener:
    """A collector in a process of its own."""

    process: subprocess.Popen[str]
    folder: Path

    def kinds(self) -> dict[str, int]:
        """How many lines of each kind its segments and journals hold."""
        from pipelines.extract.listening import segments

        found: dict[str, int] = {}
        for path in sorted(self.folder.rglob("*.*")):
            place = path
            if path.suffix == ".journal":
                place = path.with_suffix(".read")
                segments.write(path, place)
            elif path.suffix != ".parquet":
                continue
            for kind, count in pl.read_parquet(place).group_by("kind").len().iter_rows():
                found[kind] = found.get(kind, 0) + count
        return found


Listen = Callable[..., Listener]


@pytest.fixture
def listen(tmp_path: Path) -> Iterator[Listen]:
    """Starts a collector of Binance's stream, or of another."""
    begun: list[subprocess.Popen[str]] = []

    def start(
        sockets: Sockets,
        name: str = "one",
        folder: Path | None = None,
        stream: str = "binance/force_orders",
        host: str = "fstream.binance.com",
        subjects: tuple[str, ...] = (),
        most_bytes: int = 0,
    ) -> Listener:
        captures = folder or tmp_path / name
        told = {
            "captures": str(captures),
            "name": name,
            "stream": stream,
            "base": sockets.base(host),
            "subjects": subjects,
            "now": sockets.ready["now"],
            "most_bytes": most_bytes,
        }
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENER, json.dumps(told)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        begun.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return Listener(process, captures)

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def waited(until: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look until something is so; fails when it does not become so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def wait() -> Callable[..., None]:
    return waited


@pytest.fixture(scope="session")
def speak() -> Callable[..., Any]:
    return speaking
