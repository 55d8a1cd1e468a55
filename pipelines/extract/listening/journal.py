"""What a feed says, written down as it comes: one file an hour, on the disk within a second.

A line is whole or it was never written: a kill leaves at most one torn line at the end, and a full
disk none, since what was begun is cut off again. The journal of an hour is closed into Parquet by
``segments``; until then it belongs to the process that holds its lock.
"""

import fcntl
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

SUFFIX: Final = ".journal"
HOUR_US: Final = 3_600_000_000


class HeldError(Exception):
    """Another collector writes this journal."""


class NotWrittenError(Exception):
    """The disk did not take what was heard; what was written before is whole."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sound: when it was received (µs since 1970, UTC), what it is, and on which connection.

    ``frame`` is its text; bytes that are no text stand in ``packed``.
    """

    at: int
    kind: str
    session: str
    frame: str | None = None
    packed: bytes | None = None

    @property
    def bare(self) -> bytes:
        """The frame as it came."""
        return self.packed if self.packed is not None else (self.frame or "").encode()


_ENCODER: Final = msgspec.json.Encoder()


def line_of(at_us: int, kind: str, session: str, frame: bytes) -> bytes:
    """A sound as a line of a journal."""
    try:
        told = Line(at_us, kind, session, frame.decode())
    except UnicodeDecodeError:
        told = Line(at_us, kind, session, packed=frame)
    return _ENCODER.encode(told) + b"\n"


def place(folder: Path, at_us: int, collector: str) -> Path:
    """Where the journal of an hour stands: ``<day>/<hour>.<collector>.journal``."""
    hour = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    return folder / f"{hour:%Y-%m-%d}" / f"{hour:%H}.{collector}{SUFFIX}"


@dataclass(slots=True)
class Journal:
    """The journal of one feed: lines are gathered, and written by ``flush``."""

    folder: Path
    collector: str
    _lines: bytearray = field(default_factory=bytearray)
    _hour: int = -1
    _path: Path | None = None
    _handle: int = -1
    _size: int = 0

    def add(self, at_us: int, kind: str, session: str, frame: bytes = b"") -> Path | None:
        """Note a sound. Returns the journal of an hour that is over, which may now be closed.

        Raises HeldError, or NotWrittenError where the disk is full.
        """
        over = None
        hour = at_us // HOUR_US
        if hour > self._hour:  # a clock that was set back does not open an old hour again
            over = self.leave()
            self._open(at_us)
            self._hour = hour
        self._lines += line_of(at_us, kind, session, frame)
        return over

    def flush(self) -> None:
        """Hand everything to the operating system: a kill of this process loses nothing of it."""
        if not self._lines or self._handle < 0:
            return
        written = 0
        try:
            while written < len(self._lines):
                written += os.write(self._handle, memoryview(self._lines)[written:])
        except OSError as error:
            os.ftruncate(self._handle, self._size)
            raise NotWrittenError(f"{self._path}: {error.strerror}") from error
        self._size += written
        self._lines.clear()

    def another(self) -> int | None:
        """Another handle of the file, for whoever waits for the disk elsewhere (``synced``)."""
        return os.dup(self._handle) if self._handle >= 0 else None

    def leave(self) -> Path | None:
        """Flush, sync and let go; returns the file, if there is one."""
        if self._handle < 0:
            return None
        self.flush()
        synced(self._handle)
        path, self._handle, self._path = self._path, -1, None
        return path

    def abandon(self) -> None:
        """Let go without writing what was gathered: the disk does not take it."""
        if self._handle >= 0:
            os.close(self._handle)
        self._lines.clear()
        self._handle, self._path = -1, None

    def _open(self, at_us: int) -> None:
        path = place(self.folder, at_us, self.collector)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise NotWrittenError(f"{path}: {error.strerror}") from error
        if not _locked(handle):
            os.close(handle)
            raise HeldError(f"{path} is written by another collector; give this one a --name")
        self._size = whole_size(handle)
        os.ftruncate(handle, self._size)
        self._handle, self._path = handle, path


def synced(handle: int) -> None:
    """Wait for the disk and close: a loss of power loses nothing that was flushed."""
    try:
        os.fsync(handle)
    except OSError as error:
        raise NotWrittenError(f"the disk fails: {error.strerror}") from error
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether a living process writes this journal."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return not _locked(handle)
    finally:
        os.close(handle)


def whole_size(handle: int) -> int:
    """Bytes up to the end of the last whole line."""
    end = os.lseek(handle, 0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - (1 << 16))
        block = os.pread(handle, end - begin, begin)
        if (at := block.rfind(b"\n")) >= 0:
            return begin + at + 1
        end = begin
    return 0
