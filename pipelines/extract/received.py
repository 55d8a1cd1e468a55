"""What came over a connection: its bytes, what they say, and why none came."""

from collections.abc import Iterator
from typing import Any, Final

import requests
from urllib3.exceptions import ReadTimeoutError

from pipelines import strict_json
from pipelines.extract import transport
from pipelines.extract.errors import NotAnAnswer, OurRequest, SourceError, Unreachable
from pipelines.extract.manners import count_in

_CHUNK: Final = 1 << 16


def wire(response: requests.Response) -> Iterator[bytes]:
    """The body's bytes as sent, which must be as many as announced (urllib3 agrees, today)."""
    chunked = "Transfer-Encoding" in response.headers
    announced = None if chunked else count_in(response.headers, "Content-Length")
    came = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        came += len(chunk)
        yield chunk
    if announced is not None and announced != came:
        raise NotAnAnswer(f"{came:,} of {announced:,} bytes came", retry=True)


def read(body: bytes) -> tuple[Any, SourceError | None]:
    try:
        return strict_json.read(body), None
    except strict_json.NotStrictJsonError as error:
        if body.lstrip()[:1] == b"<":
            return None, NotAnAnswer("a page came instead of JSON", retry=True, body=body)
        # A body that does not parse may have been cut; one that says two things was not.
        cut = error.__cause__ is not None
        return None, NotAnAnswer(str(error), retry=cut, body=body)


def unreachable(error: Exception) -> SourceError:
    """In our own words: those of the libraries name addresses, headers and objects."""
    match error:
        case requests.exceptions.SSLError():
            return Unreachable("its certificate is not to be trusted", retry=False)
        case requests.exceptions.InvalidURL() | requests.exceptions.InvalidHeader():
            return OurRequest("no such question can be sent")
        case requests.Timeout() | ReadTimeoutError() | TimeoutError():
            return Unreachable("it did not answer in time")
        case _ if transport.HEADERS_TOO_LARGE in str(error):
            return NotAnAnswer(transport.HEADERS_TOO_LARGE)
        case _:
            return Unreachable(f"the connection failed or broke off ({_root(error)})")


def _root(error: BaseException) -> str:
    """The kind of the error below all errors, such as ConnectionRefusedError."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return type(error).__name__
