"""Errors as one line that says what to do; a traceback only with ``--debug``."""

import errno
import sys

from pydantic import ValidationError
from rich.console import Console

ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)
_DISK = {errno.ENOSPC, errno.EDQUOT}
# SQLite, Polars and DuckDB wrap the error number into texts of their own.
_FULL = ("disk is full", "disk I/O error", "No space left on device", "Disk quota exceeded")
FAILED, USAGE, INTERRUPTED = 1, 2, 130


class RefusedError(Exception):
    """Something that cannot be done as asked; the text says what to do instead."""


def line_of(error: BaseException) -> str:
    """What went wrong, in one line for a person."""
    if is_full(error) or any(words in str(error) for words in _FULL):
        return "no space left on the disk (or it fails); free some and run again: nothing is lost"
    match error:
        case ValidationError():
            first = error.errors()[0]
            return f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}"
        case OSError():
            return f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def is_full(error: BaseException) -> bool:
    """Whether the disk had no room."""
    return isinstance(error, OSError) and error.errno in _DISK


def told(error: BaseException) -> int:
    """Print the line and return the exit code."""
    if isinstance(error, KeyboardInterrupt):
        ERRORS.print("liqledger: stopped; what was kept so far is kept")
        return INTERRUPTED
    ERRORS.print(f"liqledger: {line_of(error)}", markup=False)
    return FAILED


def wants_debug() -> bool:
    return "--debug" in sys.argv
