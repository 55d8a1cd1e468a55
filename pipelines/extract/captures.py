"""Frames that a collector wrote down, one file a day, read as if a source had answered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.extract import inflate
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import NotAnAnswer, SourceError, Unreachable
from pipelines.extract.ranges import ALL_AT_ONCE, days

if TYPE_CHECKING:
    from pipelines.extract.door import Door

DAY_BYTES: Final = 1 << 30
_RATIO: Final = 200
_CHUNK: Final = 1 << 20


def dataset(source: str, name: str, about: str, since: date) -> Dataset:
    """A dataset read from ``<captures>/<source>/<name>/<day>.jsonl`` or ``.jsonl.gz``."""
    return Dataset(
        source,
        name,
        about,
        since,
        _reader(source, name),
        kept=Kept.CAPTURE,
        subjects_a_call=ALL_AT_ONCE,
    )


def _reader(source: str, name: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        if scope.captures is None:
            return
        for day in days(scope):
            plain = scope.captures / source / name / f"{day.isoformat()}.jsonl"
            packed = plain.with_suffix(".jsonl.gz")
            held = [path for path in (plain, packed) if path.exists()]
            if held:
                address = f"captures/{source}/{name}/{held[0].name}"
                body = _body(held, address)
                yield _answer(scope, day, address, body)

    return ask


def _body(held: list[Path], address: str) -> bytes:
    """What the day's file holds, undone from gzip; where there are two, they must agree."""
    try:
        bodies = {_read(path) for path in held}
    except SourceError as error:
        raise error.about("captures", address) from None
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        raise Unreachable(reason, retry=False).about("captures", address) from None
    if len(bodies) > 1:
        reason = "the file and its packed twin hold different frames"
        raise NotAnAnswer(reason).about("captures", address)
    return bodies.pop()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        chunks = iter(lambda: file.read(_CHUNK), b"")
        if path.suffix == ".gz":
            return inflate.gunzipped(chunks, DAY_BYTES, _RATIO)
        return inflate.gathered(chunks, DAY_BYTES)


def _answer(scope: Scope, day: date, address: str, body: bytes) -> Answer:
    return Answer(
        subjects=(EVERYTHING,),
        first_day=day,
        last_day=day,
        page=0,
        method="FILE",
        address=address,
        params=(),
        status=200,
        asked_at=scope.now,
        body=body,
    )
