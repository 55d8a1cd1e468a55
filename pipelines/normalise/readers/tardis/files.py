"""Tardis's files: gzipped CSV of one market and day, parted by the time at which it heard.

So a file can begin with an event of the evening before. It is refused, not counted: the file of
its own day may not be held, and a few rows of a day are no day.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from pipelines.extract.errors import SourceError
from pipelines.extract.inflate import gunzipped
from pipelines.normalise.eras import FIELD, Refused
from pipelines.normalise.fields import instant_ms, shown
from pipelines.raw import Page

MOST_BYTES = 1 << 30
MOST_RATIO = 200
_GZIP = b"\x1f\x8b"
_MICROSECONDS = re.compile(r"[0-9]{16}")
_DAY = re.compile(r"/([0-9]{4})/([0-9]{2})/([0-9]{2})/")
EVENING = "an event of another day than its file's"


def rows_of(page: Page, names: Sequence[str]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The named columns of each line, in whichever order they stand; an empty cell is None."""
    if page.status == 404:
        return
    try:
        text = _text(page.body)
    except SourceError as error:
        yield Refused(f"unreadable file: {error.reason}", page.address)
        return
    first, *lines = text.splitlines() or [""]
    header = first.split(",")
    if missing := sorted(set(names) - set(header)):
        yield Refused(f"a file without the columns {', '.join(missing)}", shown(first))
        return
    places = [header.index(name) for name in names]
    at, day = names.index("timestamp"), "-".join(_day(page.address))
    for line in lines:  # no cell of these files is quoted
        yield _row(line, places, len(header), at, day)


def _row(
    line: str, places: Sequence[int], width: int, at: int, day: str
) -> tuple[FIELD, ...] | Refused:
    cells = line.split(",")
    if len(cells) != width:
        return Refused(f"a line that has not {width} cells", shown(line))
    found = tuple(cells[place] or None for place in places)
    if day and (day_of := _day_of(found[at])) and day_of != day:
        return Refused(EVENING, shown(line))
    return found


def _text(body: bytes) -> str:
    """Undone from gzip, which a server may have done already."""
    if body.startswith(_GZIP):
        body = gunzipped([body], MOST_BYTES, MOST_RATIO)
    return body.decode("utf-8")


def _day(address: str) -> tuple[str, ...]:
    found = _DAY.search(address)
    return found.groups() if found else ()


def _day_of(text: FIELD) -> str:
    if text is None or not _MICROSECONDS.fullmatch(text):
        return ""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text))
    return at.date().isoformat()


def instant_us(text: pl.Expr) -> pl.Expr:
    """Microseconds since 1970 as a UTC instant, cut to milliseconds."""
    whole = pl.when(text.str.contains(r"^[0-9]{16}$")).then(text)
    return instant_ms(whole.str.slice(0, 13))
