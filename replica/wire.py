"""Bytes on the connection: a proper answer in one send, or one that goes wrong on the way."""

import gzip
import time
import zlib
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol

from replica.answer import Answer
from replica.faults import Rule

BLOCK_BYTES = 16 * 1024 * 1024
HTML = (
    b"<!DOCTYPE html><html><head><title>Attention Required!</title></head>"
    b"<body><h1>Please stand by</h1><p>Checking your browser.</p></body></html>"
)


class Connection(Protocol):
    """What is needed of a connection; `close_connection` ends it after this answer."""

    close_connection: bool

    def send(self, data: bytes) -> None: ...

    def until_closed(self, seconds: float) -> None:
        """Waits until the other side goes away, at most so long."""
        ...


@lru_cache(maxsize=64)
def _status_line(status: int) -> str:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"HTTP/1.1 {status} {phrase}\r\n"


def head(
    answer: Answer, now_ms: int, length: int | None, extra: tuple[tuple[str, str], ...] = ()
) -> bytes:
    lines = [
        _status_line(answer.status),
        f"Date: {formatdate(now_ms / 1000, usegmt=True)}\r\n",
        f"Content-Type: {answer.content_type}\r\n",
    ]
    lines += [f"{name}: {value}\r\n" for name, value in (*answer.headers, *extra)]
    lines.append("Connection: close\r\n" if length is None else f"Content-Length: {length}\r\n")
    return ("".join(lines) + "\r\n").encode("latin-1")


def send(connection: Connection, answer: Answer, now_ms: int) -> None:
    body = answer.body()
    connection.send(head(answer, now_ms, len(body)) + body)


def send_badly(connection: Connection, answer: Answer, rule: Rule, now_ms: int) -> None:
    """The same answer, but slowly, in part, or inflated."""
    match rule.kind:
        case "slow":
            _slowly(connection, answer, now_ms, rule.number("bytes_per_second", 1000))
        case "stall":
            _stalled(connection, answer, now_ms, rule)
        case "cut":
            _cut(connection, answer, now_ms, rule.settings.get("length", True) is True)
        case "cut_gzip":
            packed = gzip.compress(answer.body(), mtime=0)
            _gzipped(connection, answer, now_ms, packed[: len(packed) // 2])
        case "gzip_bomb":
            _gzipped(connection, answer, now_ms, bomb(int(rule.number("megabytes", 2048))))
        case _:
            send(connection, answer, now_ms)


def _slowly(connection: Connection, answer: Answer, now_ms: int, speed: float) -> None:
    body = answer.body()
    connection.send(head(answer, now_ms, len(body)))
    part = max(int(speed / 20), 1)
    for at in range(0, len(body), part):
        connection.send(body[at : at + part])
        time.sleep(part / speed)


def _stalled(connection: Connection, answer: Answer, now_ms: int, rule: Rule) -> None:
    """Half of the body, then silence."""
    body = answer.body()
    connection.send(head(answer, now_ms, len(body)) + body[: len(body) // 2])
    connection.until_closed(rule.number("seconds", 30))
    connection.close_connection = True


def _cut(connection: Connection, answer: Answer, now_ms: int, with_length: bool) -> None:
    """Half of the body, then the connection ends; without a length nothing betrays it."""
    body = answer.body()
    length = len(body) if with_length else None
    connection.send(head(answer, now_ms, length) + body[: len(body) // 2])
    connection.close_connection = True


def _gzipped(connection: Connection, answer: Answer, now_ms: int, packed: bytes) -> None:
    extra = (("Content-Encoding", "gzip"),)
    connection.send(head(answer, now_ms, len(packed), extra))
    try:
        connection.send(packed)
    except OSError:  # the other side had enough, which is what it should do
        connection.close_connection = True


@lru_cache(maxsize=4)
def bomb(megabytes: int) -> bytes:
    """About a thousandth of its size when packed: gzip members of blanks, one after another."""
    whole, rest = divmod(megabytes * 1024 * 1024, BLOCK_BYTES)
    members = [_member(BLOCK_BYTES)] * whole + ([_member(rest)] if rest else [])
    return b"".join(members)


def _member(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(b" " * size) + packer.flush()
