"""The HTTP/1.1 server on the loopback address: one thread a connection, one send an answer."""

import contextlib
import json
import select
import sys
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from replica import wire
from replica.answer import Request
from replica.clock import Clock
from replica.control import Control
from replica.faults import FaultBook
from replica.limits import Limiter
from replica.market import Market
from replica.routes import Router
from replica.rows import CACHE_MIB, Cache
from replica.venues.desk import Desk

CONTROL = "_replica"


class Replica(ThreadingHTTPServer):
    """A market behind the sources' own paths."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(
        self,
        market: Market,
        now_ms: int | None = None,
        scale: float = 1.0,
        port: int = 0,
        cache_mib: int = CACHE_MIB,
    ) -> None:
        self.clock = Clock(market.now_ms if now_ms is None else now_ms)
        self.faults = FaultBook()
        desk = Desk(market, self.clock, Limiter(self.clock, scale), Cache(cache_mib << 20))
        self.router = Router(desk, self.faults)
        self.control = Control(market, desk, self.router, self.faults)
        super().__init__(("127.0.0.1", port), Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        # Another name of the same machine: a different host for whoever follows a redirect.
        self.elsewhere = f"http://localhost:{self.server_port}/{CONTROL}/elsewhere"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault of the replica; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def read_faults(self, file: Path) -> None:
        self.faults.replace(json.loads(file.read_text("utf-8")))

    def hosts(self) -> dict[str, str]:
        return {host: f"{self.base}/{host}" for host in self.router.hosts}


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Replica

    def do_GET(self) -> None:
        self._respond("GET")

    def do_POST(self) -> None:
        self._respond("POST")

    def _respond(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        request = self._request()
        rule = None
        if request.host == CONTROL:
            answer = self.server.control.answer(request, method, body)
        else:
            if method == "POST":
                request = replace(request, posted=_object(body))
            answer, rule = self.server.router.answer(request, self.server.elsewhere)
        now = self.server.clock.now_ms()
        try:
            if rule is None:
                wire.send(self, answer, now)
            else:
                wire.send_badly(self, answer, rule, now)
        except OSError:
            self.close_connection = True

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        host, _, rest = path[1:].partition("/")
        headers = {name.lower(): value for name, value in self.headers.items()}
        params = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
        return Request(host, "/" + unquote(rest), query, params, headers, self.client_address[0])

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def until_closed(self, seconds: float) -> None:
        with contextlib.suppress(OSError):
            select.select([self.connection], [], [], seconds)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the counts say what was asked."""


def _object(body: bytes) -> dict[str, object]:
    """What was posted; empty where it is no JSON object, which no source accepts."""
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
