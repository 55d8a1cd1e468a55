"""How HTX says no: in three dialects, of which one answer speaks one."""

from typing import Any, Final

from pipelines.extract.errors import (
    Headers,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of

_CODES: Final = ("err_code", "err-code", "code")  # of v1, of candles, of v3 and v5
_WORDS: Final = ("err_msg", "err-msg", "msg", "message")
_DONE: Final = "200"
_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "403": KeyRefused,
    "1014": OurRequest,
    "1030": OurRequest,
    "1032": TooManyRequests,
}
_NO_SUCH: Final = ("exist", "not found")

INFO: Final = Window("info", 240, 3.0)  # open interest, funding, liquidations, listings
MARKET: Final = Window("market", 800, 1.0)  # candles


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``status`` or a code decides; candles of the mark price have neither, and only ``data``."""
    if not isinstance(told, dict):
        if told is not None and status == 200:
            return NotAnAnswer("it is no answer of HTX's", retry=True, body=body)
        return by_status(status, body)
    code = text_of(told, *_CODES)
    if told.get("status", "ok") != "ok" or code not in ("", _DONE):
        return _refusal(status, code, text_of(told, *_WORDS), body)
    if status == 200 and "data" not in told:
        return NotAnAnswer("it has no data in it", retry=True, body=body)
    return by_status(status, body)


def _refusal(status: int, code: str, words: str, body: bytes) -> SourceError:
    """1014 stands for a contract that is not there, and for a parameter that is not."""
    by_http = by_status(status)
    kind = _REFUSALS.get(code, OurRequest if by_http is None else type(by_http))
    lower = words.lower()
    if kind is OurRequest and "contract" in lower and any(word in lower for word in _NO_SUCH):
        kind = NotServed
    return kind(f"code {code or 'none'}, {words!r}", body=body)


classify = classifier(judge)
MANNERS: Final = Manners((INFO, MARKET), judge)
