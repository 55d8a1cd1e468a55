"""The printed amounts of an answer: each made different from all others, and found again.

They are read from the very bytes by a slow parser of its own; what it cannot read has none.
"""

import gzip
import io
import json
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from fuzz.sides import RULES, Amount, number_of

Words = dict[Decimal, Counter[str]]
WITH_HEADER = frozenset({("tardis", "liquidations")})
# A source that counts what a market calls one: 1000PEPE is a thousand coins.
IN_MULTIPLES = frozenset({"coinalyze"})
UNREADABLE = (
    *(ValueError, OSError, EOFError, LookupError, RuntimeError, NotImplementedError),
    *(zlib.error, zipfile.BadZipFile),
)
FRAME_KEYS = {"frames": "frame", "lives": "life"}


def told_apart(source: str, dataset: str, body: Any) -> None:
    """Give each amount a value that no other has; equal pieces keep equal amounts."""
    given: dict[tuple[str, Any], int] = {}
    for piece, key, number, text in [
        (piece, key, number_of(piece[key]), repr(piece))
        for piece, key, _ in _amounts(source, dataset, body)
    ]:
        if not number:  # none, or a zero, which means something
            continue
        nth = given.setdefault((text, key), len(given) + 1)
        told = f"{'-' if number < 0 else ''}1.{nth:04}"
        piece[key] = told if isinstance(piece[key], str) else float(told)


def words_of(source: str, dataset: str, kind: str, data: bytes) -> Words:
    """For each amount that stands in an answer, how often with which side."""
    found: Words = defaultdict(Counter)
    if (source, dataset) not in RULES:
        return found
    try:
        body = _parsed(kind, data)
    except UNREADABLE:
        return found
    factors = (1, 1000) if source in IN_MULTIPLES else (1,)
    for piece, key, sides in _amounts(source, dataset, body):
        number = number_of(piece[key])
        for factor in factors if number else ():
            found[abs(number or Decimal(0)) * factor].update(sides)
    return found


def _amounts(source: str, dataset: str, body: Any) -> Iterator[Amount]:
    rule = RULES.get((source, dataset))
    if rule is None:
        return
    if (source, dataset) in WITH_HEADER:
        yield from _of_lines(rule, body)
        return
    for piece in _pieces(body):
        yield from rule(piece)


def _of_lines(rule: Any, lines: Any) -> Iterator[Amount]:
    """Of lines below a header that names their cells."""
    if not isinstance(lines, list) or not lines or not isinstance(lines[0], list):
        return
    header = [str(name) for name in lines[0]]
    for line in lines[1:]:
        if isinstance(line, list) and len(line) == len(header):
            for _, name, sides in rule(dict(zip(header, line, strict=True))):
                yield line, header.index(name), sides


def _pieces(value: Any) -> Iterator[Any]:
    if isinstance(value, list | dict):
        yield value
        for inside in value.values() if isinstance(value, dict) else value:
            yield from _pieces(inside)


def _parsed(kind: str, data: bytes) -> Any:
    match kind:
        case "frames" | "lives":
            return list(_frames(data, FRAME_KEYS[kind]))
        case "csv":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _cells(archive.read(archive.namelist()[0]))
        case "gzip":
            return _cells(gzip.decompress(data))
        case "text":
            return None
    return _read(data)


def _cells(text: bytes) -> list[list[str]]:
    return [line.split(",") for line in text.decode("utf-8", "replace").splitlines()]


def _frames(data: bytes, key: str) -> Iterator[Any]:
    for line in data.split(b"\n"):
        try:
            yield _read(_read(line)[key].encode())
        except (ValueError, LookupError, TypeError, AttributeError):
            continue


def _read(data: bytes) -> Any:
    return json.loads(data, parse_float=Decimal, parse_int=Decimal)
