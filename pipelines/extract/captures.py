"""Frames that a collector wrote down, read as if a source had answered.

A day is held in any of: ``<day>.jsonl`` or ``<day>.jsonl.gz`` (lines), and ``<day>/<hour>.….parquet``,
the segments of one or of several collectors (:mod:`pipelines.extract.listening`).
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.extract import inflate
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import NotAnAnswer, SourceError, Unreachable
from pipelines.extract.listening import journal, segments
from pipelines.extract.ranges import ALL_AT_ONCE, days
from pipelines.files import digest_of

if TYPE_CHECKING:
    from pipelines.extract.door import Door

DAY_BYTES: Final = 1 << 30
_RATIO: Final = 200
_CHUNK: Final = 1 << 20


def dataset(source: str, name: str, about: str, since: date, until: date = date.max) -> Dataset:
    """A dataset read from ``<captures>/<source>/<name>/``; there are no frames after ``until``."""
    return Dataset(
        source,
        name,
        about,
        since,
        _reader(source, name),
        kept=Kept.CAPTURE,
        subjects_a_call=ALL_AT_ONCE,
        files=_addresses(source, name),
        serves=lambda day, now: day <= min(until, now.date()),
    )


def _addresses(source: str, name: str) -> Callable[[Path, date], list[str]]:
    def of_day(captures: Path, day: date) -> list[str]:
        return [file.address(captures) for file in files_of(captures / source / name, day)]

    return of_day


def _reader(source: str, name: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for day in days(scope) if scope.captures is not None else ():
            assert scope.captures is not None
            folder = scope.captures / source / name
            for page, file in enumerate(files_of(folder, day)):
                yield _answer(
                    scope, day, page, file.address(scope.captures), file.body(scope.captures)
                )

    return ask


@dataclass(frozen=True, slots=True)
class File:
    """One file of a day: lines (and perhaps their packed twin), a segment, or a left journal."""

    paths: tuple[Path, ...]

    def address(self, captures: Path) -> str:
        return f"captures/{self.paths[0].relative_to(captures).as_posix()}"

    def body(self, captures: Path) -> bytes:
        """What it holds; a journal that a dead collector left is closed in memory."""
        path = self.paths[0]
        match path.suffix:
            case segments.PARQUET:
                return _sound(path)
            case journal.SUFFIX:
                return _closed(path)
            case _:
                return _body(list(self.paths), self.address(captures))


def files_of(folder: Path, day: date) -> list[File]:
    """What is held of a day, in a stable order; of the present hour's journals only left ones."""
    plain = folder / f"{day.isoformat()}.jsonl"
    twins = tuple(path for path in (plain, plain.with_suffix(".jsonl.gz")) if path.exists())
    hours = folder / day.isoformat()
    closed = sorted(hours.glob(f"*{segments.PARQUET}"))
    left = segments.left_behind(hours) if hours.exists() else []
    return [File(twins)] * bool(twins) + [File((path,)) for path in (*closed, *left)]


def _sound(path: Path) -> bytes:
    """A segment whose bytes are what its name says."""
    body = path.read_bytes()
    if digest_of(body) != path.name.split(".")[-2]:
        reason = "the segment is not what was written; put it back from a backup or remove it"
        raise NotAnAnswer(reason).about("captures", path.name)
    return body


def _closed(path: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="liqledger-") as folder:
        place = Path(folder) / path.name
        segments.write(path, place)
        return place.read_bytes()


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


def _answer(scope: Scope, day: date, page: int, address: str, body: bytes) -> Answer:
    return Answer(
        subjects=(EVERYTHING,),
        first_day=day,
        last_day=day,
        page=page,
        method="FILE",
        address=address,
        params=(),
        status=200,
        asked_at=scope.now,
        body=body,
    )
