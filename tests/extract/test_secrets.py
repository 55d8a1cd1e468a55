"""A key goes into its header, and into nothing that anybody could read later."""

import pickle
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from pipelines.extract.door import Door
from pipelines.extract.errors import KeyMissing, KeyRefused, NotAnAnswer, SourceError
from pipelines.extract.question import Limits
from pipelines.extract.transport import Key

Make = Callable[..., Any]
SECRET = "canary-7f3a/b+9="
ONCE = Limits(tries=1)


def test_the_key_is_sent_in_its_header(
    door_to: Make, answer_with: Make, loopback: Any, keyed: Any
) -> None:
    reply = door_to(answer_with(b"[]"), source=keyed, key=f" {SECRET}\n").get("/x", {"a": 1})
    assert f"X-Secret: {SECRET}\r\n" in loopback.seen[0]
    assert SECRET not in repr(reply)


def test_a_key_cannot_be_printed_or_written_down(door_to: Make, keyed: Any) -> None:
    key = Key("X-Secret", SECRET)
    door = door_to(source=keyed, key=SECRET)
    texts = (repr(key), str(key), f"{key}", repr(door), repr(door._session.headers))
    assert all(SECRET not in text for text in texts)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_missing_key_names_its_variable_and_nothing_is_asked(
    door_to: Make, answer_with: Make, loopback: Any, keyed: Any
) -> None:
    with pytest.raises(KeyMissing, match="KEYED_KEY is not set"):
        door_to(answer_with(b"[]"), source=keyed).get("/x")
    assert loopback.seen == []


@pytest.mark.parametrize("bad", ["line\nbreak", "schlüssel", "two words", "nul\0"])
def test_a_key_that_no_header_can_carry_is_not_repeated(
    fake_time: Any, keyed: Any, bad: str
) -> None:
    with pytest.raises(KeyRefused) as caught:
        Door(keyed, clock=fake_time.clock, key=bad)
    assert bad not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (401, f'{{"message": "bad key {SECRET}"}}', ()),
        (400, f"unknown {quote(SECRET, safe='')}", ()),
        (500, f"<html>{SECRET}</html>", ()),
        (429, SECRET, ("Retry-After: 1",)),
        (451, SECRET, ()),
        (302, "", (f"Location: https://{SECRET}.evil.test/?k={SECRET}",)),
        (200, f'["{SECRET}"]', ()),
        (200, f"<html>{SECRET}", ()),
        (200, f'{{"{SECRET}": 1, "{SECRET}": 2}}', ()),
        (200, "[]", (f"Content-Encoding: {SECRET}",)),
    ],
)
def test_no_error_repeats_the_key(
    door_to: Make,
    answer_with: Make,
    keyed: Any,
    status: int,
    body: str,
    headers: tuple[str, ...],
) -> None:
    told: list[str] = []
    script = answer_with(body.encode(), *headers, status=status)
    limits = Limits(tries=2)
    door = door_to(script, source=keyed, key=SECRET, limits=limits, progress=told.append)
    with pytest.raises(SourceError) as caught:
        door.get("/x")
    written = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    everything = written + repr(caught.value.body) + "".join(told)
    assert SECRET not in everything
    assert quote(SECRET, safe="") not in everything
    assert caught.value.__context__ is None  # no library's error, with its request, hangs on it


def test_an_answer_that_repeats_the_key_is_not_kept(
    door_to: Make, answer_with: Make, keyed: Any
) -> None:
    with pytest.raises(NotAnAnswer, match="repeats our key"):
        door_to(answer_with(f'["{SECRET}"]'.encode()), source=keyed, key=SECRET).get("/x")


def test_an_error_is_one_line_whatever_the_source_says(door_to: Make, answer_with: Make) -> None:
    rude = answer_with(b"", "Content-Encoding: \x1b[31mred", status=200)
    with pytest.raises(NotAnAnswer) as caught:
        door_to(rude, limits=ONCE).get("/x", {"q": "a\nb" * 400})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 900
