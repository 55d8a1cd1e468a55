"""Turning pages, and noticing when a source does not turn them."""

from collections.abc import Sequence
from typing import Any, Final

from pipelines.extract.errors import NotAnAnswer, SourceError
from pipelines.extract.question import Reply

MOST_PAGES: Final = 20_000


class Pages:
    """Watches one question's pages: each must be new, and lead on in one direction of time."""

    def __init__(self, source: str, *, newest_first: bool) -> None:
        self._source, self._newest_first = source, newest_first
        self._cursors: set[str] = set()
        self._marks: set[object] = set()
        self._reached: int | None = None
        self.turned = 0

    def turn(self, reply: Reply, stamps_ms: Sequence[int], mark: object = None) -> None:
        """Take note of a page. ``mark`` is something that only this page can begin with."""
        self.turned += 1
        if self.turned > MOST_PAGES:
            raise self._stuck(reply, "the pages have no end")
        if mark is not None and mark in self._marks:
            raise self._stuck(reply, "a page came twice")
        self._marks.add(mark)
        if not stamps_ms:
            return
        low, high = min(stamps_ms), max(stamps_ms)
        near, far = (high, low) if self._newest_first else (low, high)
        if self._reached is not None and self._turns_back(near):
            raise self._stuck(reply, "a page does not lead on from the one before")
        self._reached = far

    def follow(self, reply: Reply, cursor: str) -> str:
        """The cursor, if it has not been followed before."""
        if cursor in self._cursors:
            raise self._stuck(reply, "a cursor came twice")
        if cursor:
            self._cursors.add(cursor)
        return cursor

    def _turns_back(self, near: int) -> bool:
        assert self._reached is not None
        return near > self._reached if self._newest_first else near < self._reached

    def _stuck(self, reply: Reply, why: str) -> SourceError:
        return not_an_answer(reply, f"{why} (page {self.turned})").about(
            self._source, f"GET {reply.address}"
        )


def not_an_answer(reply: Reply, why: str) -> SourceError:
    """For what only whoever asked can notice."""
    return NotAnAnswer(why, body=reply.body).about("", f"GET {reply.address}")


def whole_numbers(rows: Any, name: str | int) -> list[int]:
    """One column of stamps, leaving out what is none: reading rows is for a later stage."""
    found: list[int] = []
    for row in rows if isinstance(rows, list) else ():
        try:
            text = row[name]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(text, str) and text.isascii() and text.isdigit():
            found.append(int(text))
    return found
