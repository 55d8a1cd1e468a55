"""Files of lines, one an hour, that a user fetched from an archive, read as a capture of that hour.

A file stands at ``<captures>/<source>/<name>/hourly/<YYYYMMDD>/<HH>``, plain or with ``.gz`` or
``.lz4`` behind it. It is too large to be kept whole: only lines in which a given word stands are
kept, each to the letter, with the digest of the file that they are from. A file that is there
vouches for its hour.
"""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyarrow as pa

from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import NotAnAnswer, SourceError, Unreachable
from pipelines.extract.ranges import ALL_AT_ONCE, days

if TYPE_CHECKING:
    from pipelines.extract.door import Door

HOUR_BYTES: Final = 16 << 30  # of one file, unpacked; they pass through and are not held
LINE_BYTES: Final = 64 << 20
KEPT_BYTES: Final = 1 << 30
_RATIO: Final = 200
_RATIO_FROM: Final = 1 << 20
_CHUNK: Final = 1 << 20
_PACKINGS: Final = ("", ".gz", ".lz4")


def dataset(source: str, name: str, about: str, since: date, *, word: bytes) -> Dataset:
    """A dataset made of the lines in which ``word`` stands."""
    return Dataset(
        source,
        name,
        about,
        since,
        _reader(source, name, word),
        kept=Kept.CAPTURE,
        subjects_a_call=ALL_AT_ONCE,
        files=lambda captures, day: [
            _address(captures, held) for _, held in _hours(captures / source / name, day)
        ],
    )


def _reader(source: str, name: str, word: bytes) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for day in days(scope) if scope.captures is not None else ():
            assert scope.captures is not None
            for hour, held in _hours(scope.captures / source / name, day):
                address = _address(scope.captures, held)
                yield _answered(scope, day, hour, address, held, word)

    return ask


def _hours(folder: Path, day: date) -> Iterator[tuple[int, list[Path]]]:
    """The hours of a day that a file is there for."""
    for hour in range(24):
        if held := _held(folder / "hourly" / f"{day:%Y%m%d}", hour):
            yield hour, held


def _address(captures: Path, held: list[Path]) -> str:
    return f"captures/{held[0].relative_to(captures).as_posix()}"


def _held(folder: Path, hour: int) -> list[Path]:
    """The file of an hour, which may be spelled 7 or 07, in whichever packings it is there."""
    names = dict.fromkeys((f"{hour:02d}", str(hour)))
    paths = [folder / f"{name}{packing}" for name in names for packing in _PACKINGS]
    return [path for path in paths if path.is_file()]


def _answered(
    scope: Scope, day: date, hour: int, address: str, held: list[Path], word: bytes
) -> Answer:
    try:
        found = {path: _kept(path, word) for path in held}
    except SourceError as error:
        raise error.about("captures", address) from None
    except (OSError, EOFError, zlib.error) as error:
        reason = f"the file cannot be read: {error}"
        raise Unreachable(reason, retry=False).about("captures", address) from None
    if len({tuple(lines) for lines in found.values()}) > 1:
        reason = "two files of this hour hold different lines"
        raise NotAnAnswer(reason).about("captures", address)
    return Answer(
        subjects=(EVERYTHING,),
        first_day=day,
        last_day=day,
        page=hour,
        method="FILE",
        address=address,
        params=(("sha256", _digest(held[0])),),
        status=200,
        asked_at=scope.now,
        body=_captured(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), found[held[0]]),
    )


def _kept(path: Path, word: bytes) -> list[bytes]:
    """The lines with ``word`` in them, within limits."""
    kept: list[bytes] = []
    size = 0
    for line in _lines(path):
        if word in line:
            kept.append(line)
            size += len(line)
        if size > KEPT_BYTES:
            raise NotAnAnswer(f"more than {KEPT_BYTES:,} bytes of it are of interest")
    return kept


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in _unpacked(path):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > LINE_BYTES:
            raise NotAnAnswer(f"a line is longer than {LINE_BYTES:,} bytes")
    yield rest


def _unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file in pieces, undone from its packing, up to a limit."""
    packed = path.suffix in _PACKINGS[1:]
    believable = max(path.stat().st_size * _RATIO, _RATIO_FROM) if packed else HOUR_BYTES
    came = 0
    with closing(_opened(path)) as stream:
        while piece := stream.read(_CHUNK):
            came += len(piece)
            if came > HOUR_BYTES:
                raise NotAnAnswer(f"it is larger than {HOUR_BYTES:,} bytes")
            if came > believable:
                raise NotAnAnswer("it inflates beyond belief")
            yield piece


def _opened(path: Path) -> IO[bytes]:
    match path.suffix:
        case ".gz":
            return cast("IO[bytes]", gzip.open(path, "rb"))
        case ".lz4":
            stream: Any = pa.CompressedInputStream(pa.OSFile(str(path)), "lz4")
            return cast("IO[bytes]", stream)
        case _:
            return path.open("rb")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _captured(hour: datetime, lines: list[bytes]) -> bytes:
    """The lines as a collector would have kept them, and a sign of life for each minute."""
    stamps = [f"{hour:%Y-%m-%dT%H}:{minute:02d}:00.000Z" for minute in range(60)]
    told: list[dict[str, object]] = [{"received_at": at, "alive": True} for at in stamps]
    told += [{"received_at": stamps[0]} | _framed(line) for line in lines]
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in told).encode()


def _framed(line: bytes) -> dict[str, object]:
    """To the letter; what is no text is packed, for a reader to refuse."""
    try:
        return {"frame": line.decode("utf-8")}
    except UnicodeDecodeError:
        return {"packed": base64.b64encode(line).decode()}
