"""What is asked of a source, within which limits, and the reply to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from pipelines.extract.addresses import Place
from pipelines.extract.errors import one_line

_SHOWN: Final = 40  # characters of one parameter; a list of venues fills a screen


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large one answer may be, and how often and how long to try for it."""

    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 120.0
    json_bytes: int = 64 << 20
    archive_bytes: int = 256 << 20
    ratio: int = 200
    tries: int = 6
    backoff_s: float = 0.5
    longest_wait_s: float = 120.0
    waiting_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came (undone from gzip), and for JSON what the strict reader read."""

    method: str
    address: str
    params: tuple[tuple[str, str], ...]
    status: int
    asked_at: datetime
    body: bytes
    told: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, before anything is sent. ``posted`` is the JSON that a POST carries; its
    fields then stand in ``params`` as well, for whoever looks up what was asked.
    """

    place: Place
    path: str
    params: tuple[tuple[str, str], ...]
    posted: bytes | None = None
    cost: Mapping[str, int] | None = None
    missing_is_data: bool = False
    archive: bool = False

    @property
    def address(self) -> str:
        """The source's own address, whichever place stands in for it."""
        return f"https://{self.place.host}{self.path}"

    @property
    def method(self) -> str:
        return "GET" if self.posted is None else "POST"

    def __str__(self) -> str:
        short = [(name, one_line(value, _SHOWN)) for name, value in self.params]
        asked = f"?{urlencode(short, safe=',:…')}" if short else ""
        return f"{self.method} {self.address}{asked}"
