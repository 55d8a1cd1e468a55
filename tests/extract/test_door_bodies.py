"""Bodies that are cut, packed, endless, doubled or of another kind."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import pytest

from pipelines.extract.errors import NotAnAnswer, Redirected, Unreachable
from pipelines.extract.question import Limits

Make = Callable[..., Any]
BODY = b'[{"t": 1, "l": 2.50}]'
ONCE = Limits(tries=1)
PACKED = gzip.compress(BODY, mtime=0)
GZIP = "Content-Encoding: gzip"


def test_a_gzip_body_is_undone(door_to: Make, answer_with: Make) -> None:
    assert door_to(answer_with(PACKED, GZIP)).get("/x").body == BODY


def test_a_gzip_body_of_two_members_is_whole(door_to: Make, answer_with: Make) -> None:
    both = gzip.compress(BODY[:7], mtime=0) + gzip.compress(BODY[7:])
    assert door_to(answer_with(both, GZIP)).get("/x").body == BODY


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("packed", [PACKED[: len(PACKED) // 2], PACKED[:-1], PACKED[:-8], b""])
def test_half_a_gzip_body_is_no_answer(
    door_to: Make, answer_with: Make, packed: bytes, length: bool
) -> None:
    with pytest.raises(NotAnAnswer, match="cut short"):
        door_to(answer_with(packed, GZIP, length=length), limits=ONCE).get("/x")


@pytest.mark.parametrize(
    "packed", [PACKED[:-8] + b"\0" * 8, PACKED + b"trailing", b"not gzip at all"]
)
def test_a_damaged_gzip_body_is_no_answer(door_to: Make, answer_with: Make, packed: bytes) -> None:
    with pytest.raises(NotAnAnswer, match="damaged"):
        door_to(answer_with(packed, GZIP), limits=ONCE).get("/x")


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_packing_that_nobody_asked_for_is_refused(
    door_to: Make, answer_with: Make, coding: str
) -> None:
    with pytest.raises(NotAnAnswer, match="nobody asked for"):
        door_to(answer_with(BODY, f"Content-Encoding: {coding}")).get("/x")


def _bomb() -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    return b"".join(engine.compress(zeros) for _ in range(128)) + engine.flush()


@pytest.mark.parametrize("status", [200, 500])
def test_a_bomb_is_refused_before_it_grows(door_to: Make, answer_with: Make, status: int) -> None:
    door = door_to(answer_with(_bomb(), GZIP, status=status), limits=ONCE)
    with _at_most_mib(40), pytest.raises(NotAnAnswer, match=r"beyond belief|larger than"):
        door.get("/x")


def test_a_bomb_behind_a_redirect_is_not_even_opened(door_to: Make, answer_with: Make) -> None:
    door = door_to(answer_with(_bomb(), GZIP, "Location: /x", status=302))
    with _at_most_mib(2), pytest.raises(Redirected):
        door.get("/x")


@contextmanager
def _at_most_mib(count: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < count << 20
    finally:
        tracemalloc.stop()


def test_a_body_has_a_size(door_to: Make, answer_with: Make) -> None:
    with pytest.raises(NotAnAnswer, match="larger than 1,000 bytes"):
        door_to(answer_with(b" " * 2000), limits=Limits(json_bytes=1000)).get("/x")


def test_a_packed_body_has_a_size_too(door_to: Make, answer_with: Make) -> None:
    packed = gzip.compress(b" " * 2000, mtime=0)
    with pytest.raises(NotAnAnswer, match="larger than 1,000 bytes"):
        door_to(answer_with(packed, GZIP), limits=Limits(json_bytes=1000)).get("/x")


def test_an_archive_may_be_larger(door_to: Make, answer_with: Make) -> None:
    door = door_to(answer_with(b"PK" * 1000), limits=Limits(json_bytes=10))
    assert len(door.get("/x.zip", archive=True).body) == 2000


def test_a_body_shorter_than_announced_is_asked_again(
    door_to: Make, answer_with: Make, loopback: Any
) -> None:
    cut = answer_with(BODY[:5], "Content-Length: 21", length=False)
    assert door_to(cut, answer_with(BODY)).get("/x").body == BODY
    assert len(loopback.seen) == 2


def test_a_cut_body_without_a_length_does_not_pass(door_to: Make, answer_with: Make) -> None:
    with pytest.raises(NotAnAnswer, match="not JSON"):
        door_to(answer_with(BODY[:-1], length=False), limits=ONCE).get("/x")


def test_a_cut_chunk_does_not_pass(door_to: Make) -> None:
    def cut(send: Any) -> None:
        send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n5\r\nab")

    with pytest.raises(Unreachable):
        door_to(cut, limits=ONCE).get("/x")


def test_chunks_are_joined(door_to: Make) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"1\r\n[\r\n1\r\n]\r\n0\r\n\r\n"
    assert door_to(lambda send: send(head + chunks)).get("/x").body == b"[]"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-"])
def test_a_connection_that_ends_early_is_asked_again(
    door_to: Make, answer_with: Make, start: bytes
) -> None:
    door = door_to(lambda send: send(start), answer_with(b"[]"))
    if start.endswith(b"\n"):  # headers that end early look like an empty body without a length
        assert door.get("/x").body == b"[]"
    else:
        assert door.get("/x").status == 200


def _trickle(send: Any, piece: bytes) -> None:
    for _ in range(200):
        send(piece)
        sleep(0.02)


def test_a_slow_body_ends_at_the_deadline(door_to: Make, quick: Limits) -> None:
    def slow(send: Any) -> None:
        send(b"HTTP/1.1 200 OK\r\n\r\n")
        _trickle(send, b" ")

    began = monotonic()
    with pytest.raises(Unreachable, match="did not answer in time"):
        door_to(slow, limits=quick).get("/x")
    assert monotonic() - began < 1.2


def test_slow_headers_end_at_the_deadline(door_to: Make, quick: Limits) -> None:
    def slow(send: Any) -> None:
        send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        _trickle(send, b"a")

    began = monotonic()
    with pytest.raises(Unreachable, match="did not answer in time"):
        door_to(slow, limits=quick).get("/x")
    assert monotonic() - began < 1.2


def test_slow_chunk_sizes_end_at_the_deadline(door_to: Make, quick: Limits) -> None:
    def slow(send: Any) -> None:
        send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        _trickle(send, b"0")

    with pytest.raises(Unreachable, match="did not answer in time"):
        door_to(slow, limits=quick).get("/x")


def test_a_silent_server_ends_at_the_deadline(door_to: Make, quick: Limits) -> None:
    with pytest.raises(Unreachable, match="did not answer in time"):
        door_to(lambda send: sleep(1), limits=quick).get("/x")


def test_endless_headers_are_refused(door_to: Make) -> None:
    def endless(send: Any) -> None:
        send(
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 9000) for i in range(40))
        )

    with pytest.raises(NotAnAnswer, match="headers are larger"):
        door_to(endless).get("/x")


def test_a_page_with_status_200_is_no_answer(
    door_to: Make, answer_with: Make, loopback: Any
) -> None:
    page = answer_with(b"\n<!doctype html><title>Just a moment</title>")
    with pytest.raises(NotAnAnswer, match="a page came instead of JSON"):
        door_to(page, limits=Limits(tries=2)).get("/x")
    assert len(loopback.seen) == 2


@pytest.mark.parametrize(
    "body", [b'{"side": "Sell", "side": "Buy"}', b'{"v": NaN}', b'[{"v": -Infinity}]']
)
def test_an_answer_that_readers_disagree_about_is_refused_at_once(
    door_to: Make, answer_with: Make, loopback: Any, body: bytes
) -> None:
    with pytest.raises(NotAnAnswer):
        door_to(answer_with(body)).get("/x")
    assert len(loopback.seen) == 1


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b'{"a": 1} trailing'])
def test_what_is_not_json_is_no_answer(door_to: Make, answer_with: Make, body: bytes) -> None:
    with pytest.raises(NotAnAnswer):
        door_to(answer_with(body), limits=ONCE).get("/x")


def test_an_object_is_posted_as_it_is_and_kept_as_parameters(
    door_to: Make, answer_with: Make, loopback: Any
) -> None:
    told = {"type": "candleSnapshot", "req": {"coin": "BTC", "startTime": 5}}
    reply = door_to(answer_with(b"[]")).post("/info", told)
    assert loopback.seen[0].startswith("POST /info HTTP/1.1")
    assert "content-type: application/json" in loopback.seen[0].lower()
    assert reply.method == "POST"
    assert reply.params == (("type", "candleSnapshot"), ("coin", "BTC"), ("startTime", "5"))
