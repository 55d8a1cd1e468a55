"""Tables of comma-separated text, many lines at once, where nothing about them is in doubt."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

_COMMA, _NEWLINE = ord(","), ord("\n")
# What stands in a cell whatever reads it: no quotes, no other ends of lines, no other scripts.
_PLAIN: Final = bytes(set(range(0x20, 0x7F)) - {ord('"')}) + b"\n"


def cells(text: str, names: Sequence[str]) -> pl.DataFrame | None:
    """The first cells of each line by these names, null where empty, if all lines have as many;
    None for any other text, which is to be read line by line. A first line that begins with no
    digit is a header.
    """
    data = text.encode()
    if not data.endswith(b"\n") or data.translate(None, delete=_PLAIN):
        return None
    width = data[: data.index(b"\n")].count(b",") + 1
    if width < max(len(names), 2) or not _is_regular(data, width):  # an empty line has one cell
        return None
    places = [*names, *(str(place) for place in range(len(names), width))]
    return pl.read_csv(
        data,
        has_header=False,
        skip_rows=0 if text[:1].isdigit() else 1,
        columns=list(range(len(names))),
        schema=dict.fromkeys(places, pl.String()),
        quote_char=None,
    )


def _is_regular(data: bytes, width: int) -> bool:
    """Whether commas and ends of lines take turns as in a table so wide."""
    read = np.frombuffer(data, dtype=np.uint8)
    marks = read[(read == _COMMA) | (read == _NEWLINE)]
    line = np.array([_COMMA] * (width - 1) + [_NEWLINE], dtype=np.uint8)
    return marks.size % width == 0 and bool((marks.reshape(-1, width) == line).all())
