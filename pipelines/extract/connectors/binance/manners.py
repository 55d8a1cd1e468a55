"""How Binance refuses, and its limits: one budget for USD-M and COIN-M since 2026-06-30."""

from collections.abc import Iterator
from typing import Any, Final

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
from pipelines.extract.manners import (
    Heard,
    Manners,
    Window,
    classifier,
    count_in,
    text_of,
)

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "-1000": ServerFault,
    "-1001": ServerFault,
    "-1003": TooManyRequests,
    "-1007": ServerFault,
    "-1008": ServerFault,
    "-1015": TooManyRequests,
    "-1121": NotServed,
    "-2014": KeyRefused,
    "-2015": KeyRefused,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """HTTP status first, where it says what to do; then the body's ``code``, at any status."""
    error = by_status(status, body)
    code, words = ("", "")
    if isinstance(told, dict):
        code, words = text_of(told, "code"), text_of(told, "msg")
    if error is None and code and words and not code.startswith("-"):
        return NotAnAnswer(f"code {code}, {words!r}", retry=True, body=body)
    if not code.startswith("-"):
        return error and type(error)(f"{error.reason} {words}".rstrip(), body=body)
    kind = _REFUSALS.get(code, OurRequest)
    # What shuts this address out keeps its type: a code beside it says only why.
    if error is not None and (error.shuts_s or error.retry):
        kind = type(error)
    return kind(f"status {status}, code {code}, {words!r}", body=body)


classify = classifier(judge)


def hears(headers: Headers) -> Iterator[Heard]:
    """Every answer counts what this address has used of the present minute."""
    yield Heard("weight", used=count_in(headers, "X-MBX-USED-WEIGHT-1M"))


WINDOWS: Final = (
    Window("weight", 2400, 60.0),
    Window("statistics", 1000, 300.0),
    Window("funding", 500, 300.0),
    Window("files", 50, 1.0),  # no limit of the archive is documented; this one is our own
)
MANNERS: Final = Manners(WINDOWS, judge, hears)
