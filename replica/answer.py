"""What is asked of the replica and what it answers, before anything is made to go wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from replica.rows import NO_ROWS, Page

JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to one source; header names are in lower case."""

    host: str
    path: str
    query: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    client: str
    posted: Mapping[str, object] | None = None  # the JSON object of a POST


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body; the body's rows stay apart so that a fault can alter them."""

    status: int = 200
    head: bytes = b""
    page: Page = NO_ROWS
    tail: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *more: tuple[str, str]) -> "Answer":
        return replace(self, headers=(*self.headers, *more))

    def body(self) -> bytes:
        return self.head + self.page.body() + self.tail


def json_answer(value: object, status: int = 200) -> Answer:
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status=status, head=body)


def paged(head: str, page: Page, tail: str) -> Answer:
    return Answer(head=head.encode(), page=page, tail=tail.encode())


class RefusedError(Exception):
    """The source's own answer to a request that it does not accept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer
