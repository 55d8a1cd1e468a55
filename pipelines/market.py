"""Which market is asked: the live one, or the local replica over HTTP on loopback."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from pipelines.clock import instant

REPLICA_SCALE = 600.0  # a minute of a source's limits passes in a tenth of a second
# The name of a market that is not full ends in its size, and so does the mark of its folder.
_SIMULATED = re.compile(r"([0-9]*)(:(?:small|wide))?")


class NoMarketError(Exception):
    """The market cannot be asked."""


@dataclass(frozen=True, slots=True)
class Market:
    """Where to ask, and where to listen; ``at`` and ``sockets`` are empty for the live market."""

    name: str
    at: Mapping[str, str] = field(default_factory=dict)
    sockets: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None  # the replica's own clock
    rate_scale: float = 1.0


def named(text: str) -> str:
    """The market's name as the data folder keeps it. Raises NoMarketError for an unknown one.

    A recorded market is named ``recorded``, whichever folder holds it, so that a page does not
    depend on where things stand.
    """
    kind, _, rest = text.partition(":")
    match kind:
        case "live" if not rest:
            return "live"
        case "recorded" if rest:
            if not (Path(rest) / "manifest.json").is_file():
                raise NoMarketError(f"{rest} is no recorded market: it has no manifest.json")
            return "recorded"
        case "simulated" if found := _SIMULATED.fullmatch(rest):
            return f"simulated:{int(found[1] or 1)}{found[2] or ''}"
    raise NoMarketError(f"no market {text!r}; use live, recorded:DIR or simulated[:SEED]")


@contextmanager
def opened(
    text: str, *, size: str = "full", now: datetime | None = None, captures: Path | None = None
) -> Iterator[Market]:
    """The market that ``text`` names, with its replica running for as long as it is used."""
    name = named(text)
    if name == "live":
        yield Market(name)
        return
    if name == "recorded":  # the replica runs in another working folder
        text = f"recorded:{Path(text.partition(':')[2]).resolve()}"
    elif name.endswith((":small", ":wide")):
        name, _, size = name.rpartition(":")
        text = name
    command = [sys.executable, "-m", "replica", "--market", text, "--size", size]
    command += ["--scale", f"{REPLICA_SCALE:g}", "--until-stdin-closes"]
    if now is not None:
        command += ["--now", now.isoformat()]
    if captures is not None and name != "recorded" and not captures.exists():
        command += ["--captures", str(captures)]
    where = Path(__file__).parents[1]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=where, text=True
    ) as process:
        try:
            yield _ready(name if size == "full" else f"{name}:{size}", process.stdout)
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(name: str, stdout: IO[str] | None) -> Market:
    line = stdout.readline() if stdout else ""
    try:
        told = json.loads(line)
        return Market(name, told["hosts"], told["sockets"], instant(told["now"]), REPLICA_SCALE)
    except (ValueError, KeyError) as error:
        raise NoMarketError(f"the replica did not start: {line.strip() or error}") from error
