"""Captured websocket frames: JSON lines, each a frame with its receive time or a sign of life."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.clock import instant
from pipelines.normalise.eras import Refused
from pipelines.normalise.fields import shown
from pipelines.raw import Page
from pipelines.strict_json import NotStrictJsonError, read


@dataclass(frozen=True, slots=True)
class Heard:
    """Frames and minutes with any sound, by UTC hour."""

    frames: Counter[datetime]
    minutes: dict[datetime, set[int]]


def lines(page: Page) -> Iterator[bytes]:
    yield from (line for line in page.body.split(b"\n") if line.strip())


def frames(page: Page) -> Iterator[Any | Refused]:
    """The message of each frame, read strictly; a torn line is refused and the next one read."""
    for line in lines(page):
        try:
            envelope = read(line)
            if "alive" in envelope:
                continue
            yield read(envelope["frame"].encode())
        except (NotStrictJsonError, LookupError, TypeError, AttributeError) as error:
            yield Refused(f"unreadable frame: {error}", shown(line.decode("utf-8", "replace")))


def heard(page: Page) -> Heard:
    """When the capture listened, by the receive time that stands before each frame."""
    count: Counter[datetime] = Counter()
    minutes: dict[datetime, set[int]] = defaultdict(set)
    for line in lines(page):
        stamp = (
            line[: line.find(b'","')].rpartition(b'"')[2] if b'"received_at"' in line[:16] else b""
        )
        try:
            at = instant(stamp.decode())
        except ValueError:
            continue
        hour = at.replace(minute=0, second=0, microsecond=0)
        minutes[hour].add(at.minute)
        count[hour] += b'"alive"' not in line
    return Heard(count, dict(minutes))
