"""What can go wrong between question and answer: one type for each thing to do about it."""

# ruff: noqa: N818 - each name says what happened; "Error" behind it would add nothing.

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar, Final, Self

Headers = Mapping[str, str]

_BODY_BYTES: Final = 65_536  # of a refusal, kept for whoever looks into it


class SourceError(Exception):
    """A source did not give what it was asked for; ``str()`` is one line that says what to do.

    ``retry`` says that the same question may be answered later, ``wait_s`` what the source said
    about when. ``shuts_s`` is how long nothing more should be asked of that host at all.
    """

    retry: bool = False
    shuts_s: float = 0.0
    advice: ClassVar[str] = "see the source's documentation"

    def __init__(
        self,
        reason: str,
        *,
        retry: bool | None = None,
        wait_s: float | None = None,
        shuts_s: float | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__()
        self.reason = one_line(reason)
        self.wait_s = wait_s
        self.body = body[:_BODY_BYTES]
        self.source = ""
        self.asked = ""
        if retry is not None:
            self.retry = retry
        if shuts_s is not None:
            self.shuts_s = shuts_s

    def about(self, source: str, asked: str) -> Self:
        """The same error, told of whom and of what was asked."""
        self.source, self.asked = one_line(source), one_line(asked, 300)
        return self

    def __str__(self) -> str:
        whom = f"{self.source}: " if self.source else ""
        what = f" (asked: {self.asked})" if self.asked else ""
        return f"{whom}{self.reason}; {self.advice}{what}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class TooManyRequests(SourceError):
    """The source's limit was reached."""

    retry = True
    advice = "wait a little and run again, or lower the rate"


class ServerFault(SourceError):
    """The source failed on its own side."""

    retry = True
    advice = "run again later"


class KeyMissing(SourceError):
    """The source needs a key and has none."""

    advice = "set the environment variable that holds the key"


class KeyRefused(SourceError):
    """The source does not accept the key that it was given."""

    shuts_s = 600.0
    advice = "check the key, or ask the source for a new one"


class PlanTooLow(SourceError):
    """The key is good, but its plan does not include this question."""

    advice = "leave this dataset out, or raise the plan"


class OurRequest(SourceError):
    """The question was wrong: a fault of this program or of its settings."""

    advice = "check the settings; if they are right, please report this"


class Blocked(SourceError):
    """The source does not serve this place, or has shut this address out for a time."""

    shuts_s = 600.0
    advice = "ask from another place, or leave this source alone for a while"


class NotServed(SourceError):
    """The source has no such thing, or no longer."""

    advice = "ask for other days or instruments, or read another source"


class NotAnAnswer(SourceError):
    """Bytes came, but not an answer: a page, a piece of one, or more than can be believed."""

    advice = "nothing of it is used; run again later"


class Redirected(SourceError):
    """The source pointed elsewhere; nobody went there, since the key would have gone along."""

    advice = "check the address of the source; redirects are never followed"


class Unreachable(SourceError):
    """No answer came in time."""

    retry = True
    advice = "check the connection, and run again"


def one_line(text: str, longest: int = 240) -> str:
    """Text of a stranger, fit for a log: printable, on one line, and of bounded length."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def retry_after_s(headers: Headers, now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for: a number or a date; None where it makes no sense.

    A date is measured against the answer's own ``Date``, since the two clocks may differ.
    """
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text, re.ASCII):
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    wait_s = (until - (_http_date(headers.get("Date", "")) or now)).total_seconds()
    return wait_s if wait_s >= 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def by_status(status: int, body: bytes = b"") -> SourceError | None:
    """What an HTTP status says by itself, for sources that add nothing to it."""
    said = f"it answered with status {status}"
    match status:
        case 200:
            return None
        case 401:
            return KeyRefused(said, body=body)
        case 403 | 451:
            return Blocked(f"{said}: not from here", body=body)
        case 404 | 410:
            return NotServed(said, body=body)
        case 418:
            return Blocked(f"{said}: this address is shut out for a time", body=body)
        case 429:
            return TooManyRequests(said, body=body)
        case 408 | 425 | 500 | 502 | 503 | 504:
            return ServerFault(said, body=body)
        case _:
            return _by_class(status, said, body)


def _by_class(status: int, said: str, body: bytes) -> SourceError:
    match status // 100:
        case 3:
            return Redirected(said, body=body)
        case 4:
            return OurRequest(said, body=body)
        case 5:
            return ServerFault(said, body=body)
        case _:
            return NotAnAnswer(said, body=body)
