"""Files that are whole or absent, and checked against their digest before they are read."""

import hashlib
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipelines.clock import Clock

NANOSECONDS: Final = 10**9
SETTLED_S: Final = 2.0  # the coarsest clock of a file system that is in use
Stamp = tuple[int, int, int, int, int]
_KNOWN: Final[dict[Path, tuple[Stamp, str]]] = {}  # digests that this process has worked out


class DamagedError(Exception):
    """A file is not what was written: it is missing, or its digest is another."""


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_standing(path: Path) -> str:
    """As ``digest``, but what this process has read and nobody touched since is not read again.

    Whoever looks for what rotted in place asks ``digest``. What was touched within the last seconds
    is read each time: a second change within one tick of the file system's clock would not show.
    """
    began, stamp = Clock().now().timestamp(), _stamp(path)
    known = _KNOWN.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    sha256 = digest(path)
    if _stamp(path) == stamp and began - max(stamp[-2:]) / NANOSECONDS > SETTLED_S:
        _KNOWN[path] = stamp, sha256
    return sha256


def _stamp(path: Path) -> Stamp:
    told = path.stat()
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def verified(path: Path, *digests: str, by: Callable[[Path], str] = digest) -> Path:
    """``path``, if its bytes have one of ``digests``. Raises DamagedError otherwise."""
    if not path.exists():
        raise DamagedError(f"{path} is missing; extract or normalise that day again")
    if (got := by(path)) not in digests:
        raise DamagedError(
            f"{path} is not what was written (sha256 {got[:12]}…, expected {digests[0][:12]}…); "
            "put it back from a backup, or remove it and make or ask for that day again"
        )
    return path


def beside(place: Path) -> Path:
    """Where to write what will be moved to ``place``: same folder, a name nobody reads."""
    place.parent.mkdir(parents=True, exist_ok=True)
    return place.with_name(f".{place.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.part")


def move_in(part: Path, place: Path) -> Path:
    """Sync ``part`` and give it the name ``place``; a reader sees the old file or the new one."""
    _sync(part)
    part.replace(place)
    _sync(place.parent)
    return place


def write_whole(place: Path, write: Callable[[Path], object]) -> str:
    """Let ``write`` fill a file beside ``place``, move it in, and return its SHA-256."""
    part = beside(place)
    try:
        write(part)
        sha256 = digest(part)
        move_in(part, place)
    finally:
        part.unlink(missing_ok=True)
    return sha256


def write_bytes_whole(place: Path, data: bytes) -> str:
    return write_whole(place, lambda part: part.write_bytes(data))


def left_over(root: Path) -> list[Path]:
    """Parts that a killed process left behind. They are never read and may be deleted."""
    return sorted(root.rglob(".*.part"))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
