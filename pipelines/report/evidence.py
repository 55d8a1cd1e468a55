"""What a page was made from: digests of inputs, code and environment. No clock, no network."""

import hashlib
import platform
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from pipelines.files import digest, digest_of
from pipelines.weeks import Week

# What decides the bytes of an edition. Templates and style sheets are code like any other.
CODE = frozenset({".py", ".sql", ".html", ".css", ".md"})
PACKAGES = (
    "altair",
    "duckdb",
    "great-tables",
    "jinja2",
    "msgspec",
    "narwhals",
    "numpy",
    "polars",
    "pyarrow",
    "vl-convert-python",
)


class NoCodeError(FileNotFoundError):
    """The folder in which code was looked for holds none."""


@dataclass(frozen=True, slots=True)
class Input:
    """A raw file that the week rests on. ``path`` is relative to the data folder."""

    path: str
    sha256: str
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """``market`` as the command takes it: ``live``, ``recorded:DIR`` or ``simulated:SEED``."""

    market: str
    week: Week
    as_of: datetime
    inputs: tuple[Input, ...]
    code_sha256: str
    lock_sha256: str
    versions: tuple[tuple[str, str], ...]

    @property
    def inputs_sha256(self) -> str:
        """One digest of all inputs, whatever their order."""
        return _of_lines(sorted(f"{one.path}\0{one.sha256}" for one in self.inputs))


def gather(
    root: Path, market: str, week: Week, as_of: datetime, inputs: tuple[Input, ...]
) -> Evidence:
    """``root`` is the project's folder, with ``pipelines/``, ``sql/`` and the lock in it."""
    return Evidence(
        market,
        week,
        as_of,
        tuple(sorted(inputs, key=lambda one: (one.path, one.sha256))),
        code_digest(root / "pipelines", root / "sql"),
        digest(root / "requirements.lock"),
        versions(),
    )


def code_digest(*folders: Path) -> str:
    """SHA-256 over the sorted names and digests of all code in ``folders``."""
    found = [
        f"{folder.name}/{path.relative_to(folder).as_posix()}\0{digest_of(_text(path))}"
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in CODE and path.is_file()
    ]
    if not found:
        raise NoCodeError(f"no code in {', '.join(folder.name for folder in folders)}")
    return _of_lines(sorted(found))


def versions() -> tuple[tuple[str, str], ...]:
    """Python and the packages that take part in a page."""
    return (
        ("python", platform.python_version()),
        *((name, metadata.version(name)) for name in PACKAGES),
    )


def _text(path: Path) -> bytes:
    # A checkout on Windows ends lines otherwise; the code is the same.
    return path.read_bytes().replace(b"\r\n", b"\n")


def _of_lines(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
