"""How Kraken Futures refuses: ``result`` decides, often with status 200."""

from typing import Any, Final

from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of

# What an answer has instead of ``result``: a page of history, candles, funding rates.
_ANSWERS: Final = frozenset({"result", "elements", "candles", "rates"})
_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "apiLimitExceeded": TooManyRequests,
    "contractNotFound": NotServed,
    "marketUnavailable": ServerFault,
    "Server Error": ServerFault,
    "Unavailable": ServerFault,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``result`` decides where there is one; some answers have their rows instead."""
    if not isinstance(told, dict):
        if told is not None and status == 200:
            return NotAnAnswer("it is no answer of Kraken's", retry=True, body=body)
        return by_status(status, body)
    if told.get("result") == "error" or "error" in told or told.get("errors"):
        return _refusal(status, told, body)
    if status == 200 and not (_ANSWERS & told.keys()):
        return NotAnAnswer("it has neither result nor rows", retry=True, body=body)
    return by_status(status, body)


classify = classifier(judge)


def _refusal(status: int, told: dict[str, Any], body: bytes) -> SourceError:
    word = text_of(told, "error", "message") or str(told.get("errors", ""))
    known = next((kind for name, kind in _REFUSALS.items() if name in word), None)
    if known is None:
        by_http = by_status(status)
        known = OurRequest if by_http is None else type(by_http)
    return known(f"it said {word!r}", body=body)


# No limit of these public paths is documented; this one is our own.
MANNERS: Final = Manners((Window("requests", 100, 10.0),), judge)
