"""How CoinGlass says no: with HTTP status 200 and a ``code`` that means several things.

400 is said of too many requests, of a missing parameter and of a plan that is too low. So code
and words decide together.
"""

from collections.abc import Iterator
from typing import Any, Final

from pipelines.extract.errors import (
    Headers,
    KeyMissing,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    PlanTooLow,
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


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """What an answer says about itself; HTTP status matters only where there is no ``code``."""
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        return by_status(status, body) or _without_code(told, body)
    code, words = told["code"], text_of(told, "msg", "message")
    if code == "0" and "data" not in told:
        return NotAnAnswer("it has no data in it", body=body)
    if code == "0":
        return by_status(status, body)
    return _refusal(code, words.lower())(f"code {code}, {words!r}", body=body)


classify = classifier(judge)


def _without_code(told: object, body: bytes) -> SourceError | None:
    return None if told is None else NotAnAnswer("it has no code in it", retry=True, body=body)


# The words decide before the code does.
_BY_WORDS: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("too many requests", TooManyRequests),
    ("rate limit", TooManyRequests),
    ("upgrade", PlanTooLow),
    ("api key missing", KeyMissing),
    ("server error", ServerFault),
)
_BY_CODE: Final[dict[str, type[SourceError]]] = {
    "401": KeyRefused,
    "403": PlanTooLow,
    "404": NotServed,
    "429": TooManyRequests,
    **dict.fromkeys(("408", "500", "502", "503", "504"), ServerFault),
}


def _refusal(code: str, words: str) -> type[SourceError]:
    by_words = next((kind for said, kind in _BY_WORDS if said in words), None)
    return by_words or _BY_CODE.get(code, OurRequest)


def hears(headers: Headers) -> Iterator[Heard]:
    """Each answer names the plan's requests a minute, and how many of them are used."""
    most = count_in(headers, "API-KEY-MAX-LIMIT")
    yield Heard("requests", amount=most, used=count_in(headers, "API-KEY-USE-LIMIT"))


# The smallest plan's rate, until the first answer names the plan's own.
MANNERS: Final = Manners((Window("requests", 30, 60.0),), judge, hears)
