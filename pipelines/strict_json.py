"""The one JSON reader for untrusted bytes: what readers disagree about is refused.

Numbers stay text, digit for digit, whether the source quoted them or not, because a number that
passed through a float is no longer what the source said. A repeated key is refused: libraries keep
the first or the last, and ``side`` given twice is then long or short by choice of library.
"""

import json
import re
from typing import Any, NoReturn


class NotStrictJsonError(ValueError):
    """The bytes are not the one thing that all careful readers would read alike."""


def read(body: bytes) -> Any:
    """Objects, lists, text, numbers as text, booleans and None. Raises NotStrictJsonError."""
    try:
        told = _told(body.decode("utf-8"))
        # half a pair can be written as an escape, and never again
        if b"\\" in body and _SURROGATE.search(body):
            json.dumps(told, ensure_ascii=False).encode("utf-8")
        return told
    except NotStrictJsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictJsonError(f"not JSON: {error}") from error


def _told(text: str) -> Any:
    """``decode`` without its searches for blanks, which cost a small frame as much as reading it."""
    bare = text.strip(_BLANKS)
    try:
        told, end = _DECODER.raw_decode(bare)
    except json.JSONDecodeError:
        end = -1
    # of what is no JSON, or more than one answer, the decoder says where
    return told if end == len(bare) else _DECODER.decode(text)


_BLANKS = " \t\n\r"  # of JSON; there are others in Unicode
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotStrictJsonError(f"key {repeated!r} is given twice")
    return made


def _constant(word: str) -> NoReturn:
    raise NotStrictJsonError(f"{word} is not a number of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_constant
)
