"""Captured websocket frames, as files hold them: JSON lines, or Parquet that a collector closed.

A line of JSON is ``{"received_at": …, "frame": "…"}``, or ``{"received_at": …, "alive": true}`` as
a sign of life. A segment of a collector has the columns ``received_at``, ``kind``, ``session`` and
``frame`` (:mod:`pipelines.extract.listening.segments`); of these only events are read here.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.clock import instant
from pipelines.extract.streams import Sound
from pipelines.normalise.eras import Refused
from pipelines.normalise.fields import shown
from pipelines.raw import Page
from pipelines.strict_json import NotStrictJsonError, read

NO_WITNESS = ""
ALIVE = "alive"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Heard:
    """Frames and minutes with any sound, by UTC hour."""

    frames: Counter[datetime]
    minutes: dict[datetime, set[int]]


def is_segment(page: Page) -> bool:
    """Whether a collector closed this file, rather than that somebody wrote lines."""
    return page.body.startswith(_PARQUET)


def witnesses(page: Page) -> Iterator[tuple[str, Page]]:
    """The events of a capture, parted by the connection that heard them; lines have one."""
    if not is_segment(page):
        yield NO_WITNESS, page
        return
    events = _segment(page).filter(pl.col("kind") == Sound.EVENT.value)
    for (session,), heard_then in events.group_by("session", maintain_order=True):
        yield str(session), replace(page, frames=tuple(heard_then["frame"]))


def lines(page: Page) -> Iterator[bytes]:
    yield from (line for line in page.body.split(b"\n") if line.strip())


def frames(page: Page, undone: Any = None) -> Iterator[Any | Refused]:
    """The message of each frame, read strictly; a torn one is refused and the next one read.

    ``undone`` unpacks a frame that came packed.
    """
    for frame in _bare(page):
        if isinstance(frame, Refused):
            yield frame
            continue
        try:
            yield read(undone(frame) if undone else frame)
        except (NotStrictJsonError, OSError, EOFError, ValueError) as error:
            what = shown(frame.decode("utf-8", "replace"))
            yield Refused(f"unreadable frame: {error}", what)


def _bare(page: Page) -> Iterator[bytes | Refused]:
    """The bytes of each frame."""
    if page.frames is not None:
        yield from page.frames
        return
    if is_segment(page):
        yield from _segment(page).filter(pl.col("kind") == Sound.EVENT.value)["frame"]
        return
    for line in lines(page):
        try:
            envelope = read(line)
            if ALIVE not in envelope:
                yield envelope["frame"].encode()
        except (NotStrictJsonError, LookupError, TypeError, AttributeError) as error:
            yield Refused(f"unreadable frame: {error}", shown(line.decode("utf-8", "replace")))


def heard(page: Page) -> Heard:
    """When the capture listened, by the receive time that stands beside each frame.

    Lines vouch for the minute of any sound. A collector says itself in which minutes it heard
    the feed without a break, and only those count.
    """
    count: Counter[datetime] = Counter()
    minutes: dict[datetime, set[int]] = defaultdict(set)
    for at, is_event, vouches in _sounds(page):
        hour = at.replace(minute=0, second=0, microsecond=0)
        if vouches:
            minutes[hour].add(at.minute)
        count[hour] += is_event
    return Heard(count, dict(minutes))


def _sounds(page: Page) -> Iterator[tuple[datetime, bool, bool]]:
    """When each sound was heard, whether it is an event, and whether it vouches for its minute."""
    if is_segment(page):
        segment = _segment(page).filter(pl.col("kind").is_in([Sound.EVENT.value, ALIVE]))
        for at, kind in segment.select("received_at", "kind").iter_rows():
            yield at, kind == Sound.EVENT.value, kind == ALIVE
        return
    for line in lines(page):
        stamp = (
            line[: line.find(b'","')].rpartition(b'"')[2] if b'"received_at"' in line[:16] else b""
        )
        try:
            yield instant(stamp.decode()), b'"alive"' not in line, True
        except ValueError:
            continue


def _segment(page: Page) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(page.body))
