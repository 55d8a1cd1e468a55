"""Captured websocket frames, as files hold them: JSON lines, or Parquet that a collector closed.

A line of JSON is ``{"received_at": …, "frame": "…"}`` (``packed`` instead of ``frame`` has bytes in
base 64), the same with ``life`` (``life_packed``) for a frame of the busy stream beside it, or
``{"received_at": …, "alive": true}`` as a sign of life. A segment of a collector has the columns
``received_at``, ``kind``, ``session`` and ``frame`` (:mod:`pipelines.extract.listening.segments`);
of these only events are read here.
"""

import base64
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import Any

import polars as pl

from pipelines.clock import instant, iso
from pipelines.extract.streams import Sound
from pipelines.normalise.eras import Refused
from pipelines.normalise.fields import shown
from pipelines.raw import Page
from pipelines.strict_json import read

NO_WITNESS = ""
ALIVE = "alive"
LINE_KEYS = {
    Sound.EVENT: ("frame", "packed"),
    Sound.LIFE: ("life", "life_packed"),
    Sound.OTHER: ("other", "other_packed"),
}
_LINE_WORDS = frozenset({ALIVE, "session", *(key for keys in LINE_KEYS.values() for key in keys)})
Undone = Callable[[bytes], bytes]
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Heard:
    """Frames and minutes with any sound, by UTC hour."""

    frames: Counter[datetime]
    minutes: dict[datetime, set[int]]


def is_segment(page: Page) -> bool:
    """Whether a collector closed this file, rather than that somebody wrote lines."""
    return page.body.startswith(_PARQUET)


def witnesses(page: Page, sound: Sound = Sound.EVENT) -> Iterator[tuple[str, Page]]:
    """The frames of one kind in a capture, parted by the connection that heard them.

    Lines have one connection, and what cannot be read of them is left to whoever reads events.
    """
    if not is_segment(page):
        yield NO_WITNESS, replace(page, sound=sound)
        return
    told = _segment(page).filter(pl.col("kind") == sound.value)
    for (session,), heard_then in told.partition_by(
        "session", maintain_order=True, as_dict=True
    ).items():
        heard_at, kept = heard_then["received_at"], heard_then["frame"]
        yield str(session), replace(page, frames=kept, heard_at=heard_at)


def lines(page: Page) -> Iterator[bytes]:
    yield from (line for line in page.body.split(b"\n") if line.strip())


def frames(page: Page, undone: Undone | None = None) -> Iterator[Any | Refused]:
    """The message of each frame, read strictly; a torn one is refused and the next one read.

    ``undone`` unpacks a frame that came packed.
    """
    if page.frames is None:
        for _, message in _stamped(page, undone):
            yield message
    else:
        for frame in page.frames.to_list():
            yield _message(frame, undone)


def timed_frames(
    page: Page, undone: Undone | None = None
) -> Iterator[tuple[str | None, Any | Refused]]:
    """The same, for a feed without times of its own: each behind the instant of its receipt."""
    for stamp, message in _stamped(page, undone):
        yield _iso_of(stamp), message


def _stamped(page: Page, undone: Undone | None) -> Iterator[tuple[object, Any | Refused]]:
    held = _lined(page)
    if page.frames is not None:
        stamps = repeat(None) if page.heard_at is None else page.heard_at
        held = zip(stamps, page.frames.to_list(), strict=False)
    for stamp, frame in held:
        yield stamp, frame if isinstance(frame, Refused) else _message(frame, undone)


def _message(frame: bytes, undone: Undone | None) -> Any | Refused:
    try:
        return read(undone(frame) if undone else frame)
    except (OSError, EOFError, ValueError) as error:
        return Refused(f"unreadable frame: {error}", shown(frame.decode("utf-8", "replace")))


def _iso_of(stamp: object) -> str | None:
    """An instant, or the text of one, in one spelling; None for anything else."""
    try:
        return iso(stamp if isinstance(stamp, datetime) else instant(str(stamp)))
    except (ValueError, OverflowError):
        return None


def _lined(page: Page) -> Iterator[tuple[object, bytes | Refused]]:
    """The bytes of each frame of the kind wanted; a packed one stands in base 64."""
    wanted = LINE_KEYS[page.sound]
    for line in lines(page):
        try:
            envelope = read(line)
            if any(key in envelope for key in wanted):
                yield envelope.get("received_at"), _frame_of(envelope, wanted)
            elif not any(key in envelope for key in _LINE_WORDS) and page.sound is Sound.EVENT:
                raise KeyError("frame")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            if page.sound is Sound.EVENT:
                what = shown(line.decode("utf-8", "replace"))
                yield None, Refused(f"unreadable frame: {error}", what)


def _frame_of(envelope: Any, wanted: tuple[str, str]) -> bytes:
    plain, packed = wanted
    if plain in envelope:
        text: str = envelope[plain]
        return text.encode()
    return base64.b64decode(envelope[packed], validate=True)


def heard(page: Page) -> Heard:
    """When the capture listened, by the receive time that stands beside each frame.

    Lines vouch for the minute of any sound. A collector says itself in which minutes it heard
    the feed without a break, and only those count.
    """
    if is_segment(page):
        return _heard_in(_segment(page, ["received_at", "kind"]))
    count: Counter[datetime] = Counter()
    minutes: dict[datetime, set[int]] = defaultdict(set)
    for at, is_event in _sounds(page):
        hour = at.replace(minute=0, second=0, microsecond=0)
        minutes[hour].add(at.minute)
        count[hour] += is_event
    return Heard(count, dict(minutes))


def _heard_in(segment: pl.DataFrame) -> Heard:
    alive = pl.col("kind") == ALIVE
    hours = segment.group_by(hour=pl.col("received_at").dt.truncate("1h")).agg(
        frames=(pl.col("kind") == Sound.EVENT.value).sum(),
        minutes=pl.col("received_at").filter(alive).dt.minute().unique(),
    )
    rows = list(hours.iter_rows())
    count = Counter({hour: frames for hour, frames, _ in rows})
    return Heard(count, {hour: set(minutes) for hour, _, minutes in rows if minutes})


def _sounds(page: Page) -> Iterator[tuple[datetime, bool]]:
    """When each sound of a file of lines was heard, and whether it is an event."""
    for line in lines(page):
        stamp = (
            line[: line.find(b'","')].rpartition(b'"')[2] if b'"received_at"' in line[:16] else b""
        )
        try:
            yield instant(stamp.decode()), b'"alive"' not in line
        except ValueError:
            continue


def _segment(page: Page, columns: list[str] | None = None) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(page.body), columns=columns)
