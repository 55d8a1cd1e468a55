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
    """One GET, before anything is sent."""

    place: Place
    path: str
    params: tuple[tuple[str, str], ...]
    cost: Mapping[str, int] | None = None
    missing_is_data: bool = False
    archive: bool = False

    @property
    def address(self) -> str:
        """The source's own address, whichever place stands in for it."""
        return f"https://{self.place.host}{self.path}"

    def __str__(self) -> str:
        short = [(name, one_line(value, _SHOWN)) for name, value in self.params]
        return f"GET {self.address}" + (f"?{urlencode(short, safe=',:…')}" if short else "")
