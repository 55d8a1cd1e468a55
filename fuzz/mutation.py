"""An answer spoiled by chance: a recipe of few steps, which a seed alone decides.

Steps change the structure (a value is dropped, doubled, swapped, wrapped, put where another stood);
at last a byte may be bent, or the answer cut off.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from fuzz.amounts import told_apart
from fuzz.payloads import Question

JUNK: tuple[Any, ...] = (
    None, True, "", "abc", "NaN", "1e999", "-0", "-5", "0", "１２", "1655078400１２３", "1,234.5",
    " Sell", "sell", "SELL ", "buy", "Both", "BUY", "Buy", "long", "short", "9" * 40, "1e-7",
    "0.0000000000000000001", 1e-19, 1e300, -1, 0, [], {}, [["x"]], {"a": {"b": None}}, "\ud800",
    "\x00", "İ", "2026-11-10T00:00:00.000Z", 1794268800000, 1794268800, "1794268800000000",
)  # fmt: skip
KINDS = (
    "replace", "drop", "double", "reverse", "rename", "wrap", "swap", "borrow", "retype", "digit",
)  # fmt: skip
MOST_STEPS = 4
WHOLE = 1.0
SEPARATORS = {"csv": ",", "gzip": ",", "text": "="}  # of the cells of a line


@dataclass(frozen=True, slots=True)
class Step:
    """One change: of which kind, at which place, with which other place or junk."""

    kind: str
    at: int
    other: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """``which`` question is spoiled; ``cut`` is what is left of it, ``bent`` the place of a byte."""

    which: int
    steps: tuple[Step, ...]
    cut: float = WHOLE
    bent: float | None = None


def recipe(name: str, seed: int) -> Recipe:
    """The recipe of a seed, for the reader of that name."""
    chance = Random(f"{name}#{seed}")
    steps = tuple(
        Step(chance.choice(KINDS), chance.randrange(10**6), chance.randrange(10**6))
        for _ in range(chance.randint(1, MOST_STEPS))
    )
    cut = chance.random() if chance.random() < 0.08 else WHOLE
    bent = chance.random() if chance.random() < 0.12 else None
    return Recipe(chance.randrange(10**6), steps, cut, bent)


def spoiled(source: str, dataset: str, questions: Sequence[Question], by: Recipe) -> Question:
    """One of the questions with a spoiled answer, in which each liquidation has a size of its own."""
    one = questions[by.which % len(questions)]
    box = [_parted(one)]
    for step in by.steps:
        _changed(box, step)
    body = box[0]
    if one.kind in ("frames", "lives") and not isinstance(body, list):
        body = [body]
    told_apart(source, dataset, body)
    data = bytearray(replace(one, body=_joined(one.kind, body)).bytes)
    if by.bent is not None and data:
        data[int(by.bent * (len(data) - 1))] ^= 0x20
    return replace(one, kind="bytes", body=bytes(data[: int(by.cut * len(data))]))


def _parted(one: Question) -> Any:
    """The body to work on; a line is parted into its cells."""
    if separator := SEPARATORS.get(one.kind):
        return [line.split(separator) for line in one.body]
    return copied(one.body)


def _joined(kind: str, body: Any) -> Any:
    separator = SEPARATORS.get(kind)
    if separator is None:
        return body
    lines = body if isinstance(body, list) else [body]
    texts = [
        separator.join(map(str, line)) if isinstance(line, list) else str(line) for line in lines
    ]
    return [text.replace("\ud800", "?") for text in texts]


def copied(value: Any) -> Any:
    if isinstance(value, list):
        return [copied(inside) for inside in value]
    if isinstance(value, dict):
        return {key: copied(inside) for key, inside in value.items()}
    return value


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside, as the container and the key in it."""
    for key in range(len(value)) if isinstance(value, list) else list(value):
        yield value, key
        if isinstance(value[key], list | dict):
            yield from spots(value[key])


def _changed(box: list[Any], step: Step) -> None:
    places = list(spots(box))
    where, key = places[step.at % len(places)]
    other, its_key = places[step.other % len(places)]
    match step.kind:
        case "replace":
            where[key] = copied(JUNK[step.other % len(JUNK)])
        case "swap" if not _holds(where[key], other) and not _holds(other[its_key], where):
            where[key], other[its_key] = other[its_key], where[key]
        case "borrow":
            where[key] = copied(other[its_key])
        case "wrap":
            where[key] = [where[key]]
        case "retype" | "digit":
            where[key] = _retyped(where[key]) if step.kind == "retype" else _bent(where[key], step)
        case _:
            _rearranged(box, where, key, step.kind)


def _rearranged(box: list[Any], where: Any, key: Any, kind: str) -> None:
    match kind:
        case "drop" if where is not box:
            del where[key]
        case "double" if isinstance(where, list) and where is not box:
            where.insert(key, copied(where[key]))
        case "reverse" if isinstance(where, list):
            where.reverse()
        case "rename" if isinstance(where, dict):
            where[f"{key}_"] = where.pop(key)


def _holds(outer: Any, inner: Any) -> bool:
    """Whether a value is inside another, so that they cannot change places."""
    return outer is inner or (
        isinstance(outer, list | dict) and any(value is inner for value in _containers(outer))
    )


def _containers(value: Any) -> Iterator[Any]:
    yield value
    for where, key in spots(value):
        if isinstance(where[key], list | dict):
            yield where[key]


def _retyped(value: Any) -> Any:
    """A number as text, or text as the number that it may be."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return json.dumps(value)


def _bent(value: Any, step: Step) -> Any:
    """A number, or a text with digits, with one digit changed."""
    text = value if isinstance(value, str) else json.dumps(value)
    digits = [place for place, letter in enumerate(text) if letter in "0123456789"]
    if not digits or isinstance(value, list | dict | bool | None):
        return value
    place = digits[step.other % len(digits)]
    told = text[:place] + str(step.at % 10) + text[place + 1 :]
    return told if isinstance(value, str) else _retyped(told)
