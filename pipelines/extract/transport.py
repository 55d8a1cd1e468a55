"""A requests Session that cannot be held up, led away, or made to carry a key elsewhere.

``timeout=(connect, read)`` limits one wait of a socket, not an answer: one byte a second goes
on for ever, in the headers as well as in the body. So every read of the socket is given what is
left of the whole answer's time, and the headers are given a size.
"""

import io
import socket
import threading
import time
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pipelines.extract.errors import KeyRefused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEADER_BYTES: Final = 131_072  # http.client alone would take 100 headers of 64 KiB
HEADERS_TOO_LARGE: Final = f"its headers are larger than {HEADER_BYTES:,} bytes"
CONNECTIONS: Final = 32  # kept open for each host; a thread more than that waits for one
_HIDDEN: Final = "[key]"


class Key(AuthBase):
    """A key that goes into one header and nowhere else: it cannot be printed or pickled.

    It is applied to each question as ``requests`` prepares it, so no Session holds it either.
    """

    __slots__ = ("_header", "_prefix", "_secret")

    def __init__(self, header: str, secret: str, prefix: str = "") -> None:
        secret = secret.strip()
        # requests and http.client would name the value in their complaint.
        if not (secret.isascii() and secret.isprintable()) or " " in secret:
            raise KeyRefused("the key holds a character that no header can carry")
        self._header, self._secret, self._prefix = header, secret, prefix

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __repr__(self) -> str:
        return f"Key({_HIDDEN})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not to be written down")

    def __call__(self, question: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._secret:
            question.headers[self._header] = self._prefix + self._secret
        return question

    def hide(self, text: str) -> str:
        """The same words without the key, should a source have repeated it."""
        return self.hide_in(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def hide_in(self, body: bytes) -> bytes:
        for form in self._forms():
            body = body.replace(form, _HIDDEN.encode())
        return body

    def is_in(self, body: bytes) -> bool:
        return any(form in body for form in self._forms())

    def _forms(self) -> tuple[bytes, ...]:
        if not self._secret:
            return ()
        return (self._secret.encode(), quote(self._secret, safe="").encode())


class Asking(threading.local):
    """What the present thread's question may still take; read by each wait on its socket."""

    due: float = 0.0  # on time.monotonic
    read_s: float = 0.0


_ASKING = Asking()


class _Bounded(io.RawIOBase):
    """The socket's bytes, each wait for them no longer than the question has left."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self.allowance: int | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left_s = _ASKING.due - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the time for one whole answer is over")
        self._sock.settimeout(min(_ASKING.read_s, left_s))
        count: int | None = self._raw.readinto(buffer)
        if self.allowance is not None and count is not None:
            self.allowance -= count
            if self.allowance < 0:
                raise OSError(HEADERS_TOO_LARGE)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp.close()
        self._bounded = _Bounded(sock)
        self.fp = io.BufferedReader(self._bounded)

    def begin(self) -> None:
        self._bounded.allowance = HEADER_BYTES
        super().begin()
        self._bounded.allowance = None


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        pools = {"http": _Pool, "https": _SecurePool}
        self.poolmanager.pool_classes_by_scheme = pools


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None; else requests inflates the body of a redirect even when told not to follow."""


def session(hosts: int) -> requests.Session:
    """One Session for all threads of a source.

    Its shared state is the pool, which is locked, and the cookies, of which it takes none;
    nothing else changes after this function. Proxies, .netrc and certificate paths of the
    environment are not read.
    """
    made = _Session()
    made.trust_env = False
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.headers.clear()
    made.headers.update({"User-Agent": "liquidation-ledger", "Accept-Encoding": "gzip"})
    adapter = _Adapter(hosts, CONNECTIONS, max_retries=0, pool_block=True)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def send(
    asker: requests.Session,
    question: requests.PreparedRequest,
    *,
    connect_s: float,
    read_s: float,
    total_s: float,
) -> requests.Response:
    """Send; headers and body must then arrive, in this thread, within ``total_s``."""
    _ASKING.due = time.monotonic() + total_s
    _ASKING.read_s = read_s
    return asker.send(
        question,
        stream=True,
        allow_redirects=False,
        verify=True,
        timeout=(min(connect_s, total_s), min(read_s, total_s)),
    )
