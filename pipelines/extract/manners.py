"""How a source wants to be asked and how it says no, as each connector tells the door."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines import strict_json
from pipelines.extract.errors import Headers, SourceError, by_status


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``amount`` of something within any ``seconds``."""

    name: str
    amount: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What the headers of an answer tell of a window; None where they are silent."""

    window: str
    amount: int | None = None
    used: int | None = None


# What a source means by (status, headers, the JSON as read or None, the bytes).
Judge = Callable[[int, Headers, Any, bytes], SourceError | None]
Classify = Callable[[int, Headers, bytes], SourceError | None]


def _by_status_alone(
    status: int, headers: Headers, told: object, body: bytes
) -> SourceError | None:
    return by_status(status, body)


def _hears_nothing(headers: Headers) -> Iterable[Heard]:
    return ()


@dataclass(frozen=True, slots=True)
class Manners:
    """One source's limits, what its headers tell of them, and how its refusals read."""

    windows: tuple[Window, ...] = ()
    judge: Judge = _by_status_alone
    hears: Callable[[Headers], Iterable[Heard]] = _hears_nothing
    shared_with: str = ""  # another source, to whose limits the questions of this one count


def classifier(judge: Judge) -> Classify:
    """A judge for whoever holds bytes alone."""

    def classify(status: int, headers: Headers, body: bytes) -> SourceError | None:
        try:
            told = strict_json.read(body)
        except strict_json.NotStrictJsonError:
            told = None
        return judge(status, headers, told, body)

    return classify


def count_in(headers: Headers, name: str) -> int | None:
    """A header that counts something, or None where it is absent or not a sane count."""
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def text_of(told: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds text; empty where none does."""
    return next((told[name] for name in names if isinstance(told.get(name), str)), "")
