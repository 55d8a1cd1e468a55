"""How Gate says no, what it tells of its limit, and which contracts its listings name."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract.errors import (
    Headers,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Heard, Manners, Window, classifier, count_in, text_of

SOURCE: Final = "gate"
SINCE: Final = date(2020, 1, 1)
SETTLES: Final = {"USDT": "usdt", "USD": "btc"}  # what a contract settles in, by its quote

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "CONTRACT_NOT_FOUND": NotServed,
    "TOO_MANY_REQUESTS": TooManyRequests,
    "TOO_FAST": TooManyRequests,
    "INVALID_KEY": KeyRefused,
    "INTERNAL": ServerFault,
    "SERVER_ERROR": ServerFault,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """An answer is a list; a refusal is an object whose ``label`` decides."""
    if not isinstance(told, dict):
        whole_answer = told is None or isinstance(told, list)
        error = by_status(status, body)
        return error or (None if whole_answer else NotAnAnswer("it is no list", body=body))
    label, words = text_of(told, "label"), text_of(told, "message", "detail")
    if not label:
        return by_status(status, body) or NotAnAnswer("it has no label", retry=True, body=body)
    kind = _REFUSALS.get(label)
    if kind is None:
        by_http = by_status(status)
        kind = OurRequest if by_http is None else type(by_http)
    if "too long ago" in words:
        kind = NotServed
    return kind(f"{label}, {words!r}", body=body)


classify = classifier(judge)
_WINDOW: Final = Window("requests", 200, 10.0)


def hears(headers: Headers) -> Iterator[Heard]:
    """How much is left; believed only if told of the same limit that the budget keeps."""
    most = count_in(headers, "x-gate-ratelimit-limit")
    left = count_in(headers, "x-gate-ratelimit-requests-remain")
    if left is not None and most == _WINDOW.amount:
        yield Heard(_WINDOW.name, used=max(most - left, 0))


MANNERS: Final = Manners((_WINDOW,), judge, hears)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every contract of the listings, with what it settles in."""
    subjects: set[str] = set()
    for body in bodies:
        for row in strict_json.read(body):
            name = text_of(row, "name") if isinstance(row, dict) else ""
            settle = SETTLES.get(name.rpartition("_")[2])
            if settle is not None:
                subjects.add(f"{settle}:{name}")
    return tuple(sorted(subjects))
