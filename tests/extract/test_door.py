"""What passes through the door, what it waits for, and what it refuses to ask."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipelines.extract.door import Door
from pipelines.extract.errors import (
    Blocked,
    KeyRefused,
    NotServed,
    OurRequest,
    Redirected,
    ServerFault,
    TooManyRequests,
    Unreachable,
)
from pipelines.extract.question import Limits

Make = Callable[..., Any]


def test_an_answer_comes_with_the_source_s_own_address(door_to: Make, answer_with: Make) -> None:
    door = door_to(answer_with(b'{"a": 1}'))
    reply = door.get("/v1/x", {"symbol": "BTC", "limit": 5})
    assert reply.address == "https://api.nowhere.test/v1/x"
    assert reply.params == (("symbol", "BTC"), ("limit", "5"))
    assert (reply.body, reply.told, reply.status) == (b'{"a": 1}', {"a": "1"}, 200)
    assert reply.asked_at == door.clock.now()


def test_a_stand_in_may_lie_in_a_folder(door_to: Make, answer_with: Make, loopback: Any) -> None:
    at = {"api.nowhere.test": f"{loopback.address}/api.nowhere.test"}
    door_to(answer_with(b"[]"), at=at).get("/v1/x", {"s": "a b&c"})
    assert loopback.seen[0].startswith("GET /api.nowhere.test/v1/x?s=a+b%26c HTTP/1.1")


def test_a_busy_source_is_asked_again_when_it_said(
    door_to: Make, answer_with: Make, fake_time: Any
) -> None:
    busy = answer_with(b"slow down", "Retry-After: 7.5", status=429)
    reply = door_to(busy, answer_with(b"[]")).get("/x")
    assert reply.body == b"[]"
    assert 7.5 <= sum(fake_time.slept) < 8.5


def test_a_date_in_retry_after_is_read_against_the_answer_s_own_date(
    door_to: Make, answer_with: Make, fake_time: Any
) -> None:
    dates = (
        "Date: Wed, 18 Nov 2020 08:00:00 GMT",
        "Retry-After: Wed, 18 Nov 2020 08:00:20 GMT",
    )
    door_to(answer_with(b"", *dates, status=503), answer_with(b"[]")).get("/x")
    assert 20 <= sum(fake_time.slept) < 21


@pytest.mark.parametrize("absurd", ["86400000", "99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_retry_after_is_cut_down(
    door_to: Make, answer_with: Make, fake_time: Any, absurd: str
) -> None:
    busy = answer_with(b"", f"Retry-After: {absurd}", status=429)
    door_to(busy, answer_with(b"[]")).get("/x")
    assert sum(fake_time.slept) <= 121


@pytest.mark.parametrize(
    "nonsense", ["-30", "soon", "1e9", "NaN", "٣", "Wed, 18 Nov 2020 08:00:00 GMT"]
)
def test_a_senseless_retry_after_is_ignored(
    door_to: Make, answer_with: Make, fake_time: Any, nonsense: str
) -> None:
    busy = answer_with(b"", f"Retry-After: {nonsense}".encode().decode("latin-1"), status=503)
    door_to(busy, answer_with(b"[]")).get("/x")
    assert sum(fake_time.slept) <= 0.5


def test_tries_have_an_end(door_to: Make, answer_with: Make, loopback: Any) -> None:
    with pytest.raises(ServerFault):
        door_to(answer_with(b"", status=500), limits=Limits(tries=4)).get("/x")
    assert len(loopback.seen) == 4


def test_waiting_has_an_end(door_to: Make, answer_with: Make, fake_time: Any) -> None:
    busy = answer_with(b"", "Retry-After: 100", status=429)
    with pytest.raises(TooManyRequests):
        door_to(busy, limits=Limits(tries=50, waiting_s=250)).get("/x")
    assert 200 <= sum(fake_time.slept) <= 250


@pytest.mark.parametrize("status", [403, 418, 451])
def test_a_ban_is_not_hammered(
    door_to: Make, answer_with: Make, loopback: Any, fake_time: Any, status: int
) -> None:
    door = door_to(answer_with(b"", "Retry-After: 900", status=status))
    for _ in range(3):
        with pytest.raises(Blocked):
            door.get("/x")
    assert len(loopback.seen) == 1
    fake_time.now_s += 901
    with pytest.raises(Blocked):
        door.get("/x")
    assert len(loopback.seen) == 2


def test_a_revoked_key_is_not_tried_again(
    door_to: Make, answer_with: Make, loopback: Any, keyed: Any
) -> None:
    door = door_to(answer_with(b"", status=401), source=keyed, key="k1-abcdef")
    for _ in range(3):
        with pytest.raises(KeyRefused):
            door.get("/x")
    assert len(loopback.seen) == 1


def test_a_missing_file_can_be_an_answer(door_to: Make, answer_with: Make) -> None:
    door = door_to(answer_with(b"<Error>NoSuchKey</Error>", status=404))
    assert door.get("/x.zip", missing_is_data=True, archive=True).status == 404
    with pytest.raises(NotServed):
        door.get("/x")


def test_a_redirect_is_refused_and_nobody_follows_it(
    door_to: Make, answer_with: Make, loopback: Any, keyed: Any
) -> None:
    elsewhere = answer_with(b"", f"Location: {loopback.address}/other", status=302)
    with pytest.raises(Redirected, match="redirects are never followed"):
        door_to(elsewhere, source=keyed, key="k1-abcdef").get("/x")
    assert len(loopback.seen) == 1


def test_a_source_that_nobody_listens_for_is_unreachable(fake_time: Any, door_to: Make) -> None:
    at = {"api.nowhere.test": "http://127.0.0.1:9"}
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        door_to(at=at).get("/x")
    assert len(fake_time.slept) == 5


def test_only_the_source_s_own_hosts_are_asked(door_to: Make, answer_with: Make) -> None:
    with pytest.raises(OurRequest, match="not one of its hosts"):
        door_to(answer_with(b"[]")).get("/x", host="169.254.169.254")


@pytest.mark.parametrize("path", ["@evil.test/x", "/../../secret", "x", "/%2e%2e/%2e%2e/secret"])
def test_a_path_does_not_lead_out_of_the_source(
    door_to: Make, answer_with: Make, loopback: Any, path: str
) -> None:
    at = {"api.nowhere.test": f"{loopback.address}/inside"}
    with pytest.raises(OurRequest):
        door_to(answer_with(b"[]"), at=at).get(path)
    assert loopback.seen == []


@pytest.mark.parametrize(
    "base",
    [
        "http://203.0.113.5",
        "ftp://127.0.0.1",
        "file:///etc",
        "https://a@b.test",
        "https://",
        "x",
    ],
)
def test_a_stand_in_is_encrypted_or_on_this_machine(fake_time: Any, keyed: Any, base: str) -> None:
    with pytest.raises(OurRequest):
        Door(keyed, clock=fake_time.clock, at={"api.keyed.test": base})


def test_a_stand_in_for_an_unknown_host_is_refused(fake_time: Any, keyed: Any) -> None:
    with pytest.raises(OurRequest, match="no host"):
        Door(keyed, clock=fake_time.clock, at={"other.test": "https://x.test"})


def test_nothing_of_the_environment_is_used(
    door_to: Make, answer_with: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert door_to(answer_with(b"[]")).get("/x").status == 200


def test_no_cookie_is_carried_along(door_to: Make, answer_with: Make, loopback: Any) -> None:
    door = door_to(answer_with(b"[]", "Set-Cookie: a=b"))
    door.get("/x")
    door.get("/x")
    assert "Cookie" not in loopback.seen[1]


def test_threads_share_one_door(door_to: Make, answer_with: Make, loopback: Any) -> None:
    door = door_to(answer_with(b'["whole"]'))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda number: door.get("/x", {"n": number}), range(64)))
    assert [dict(reply.params)["n"] for reply in replies] == [str(n) for n in range(64)]
    assert {reply.body for reply in replies} == {b'["whole"]'}
    assert len(loopback.seen) == 64


def test_a_retry_is_told(door_to: Make, answer_with: Make) -> None:
    told: list[str] = []
    door_to(answer_with(b"", status=502), answer_with(b"[]"), progress=told.append).get("/x")
    assert told[0].startswith("Nowhere: it answered with status 502; asking again in ")
