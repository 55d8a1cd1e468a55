"""An edition is a folder: the old one or the new one stands there, never half of one."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.files import beside, move_in, write_bytes_whole


def publish(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write ``files`` beside ``folder``, then swap; first put right what a kill left."""
    recover(folder)
    part = beside(folder)
    try:
        for name, data in files.items():
            write_bytes_whole(part / name, data)
        if folder.exists():
            folder.replace(_aside(folder))
        move_in(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        recover(folder)
    return folder


def recover(folder: Path) -> None:
    """Put the old edition back after a kill between two renames; remove leftovers."""
    aside = _aside(folder)
    if aside.exists() and not folder.exists():
        aside.replace(folder)
    shutil.rmtree(aside, ignore_errors=True)
    for part in folder.parent.glob(f".{folder.name}.*.part"):
        shutil.rmtree(part, ignore_errors=True)


def read_edition(folder: Path) -> dict[str, bytes]:
    """Every file of an edition by its name. Raises FileNotFoundError without one."""
    # Reading puts nothing right: a publisher may be at work between its two renames.
    folder = next((place for place in (folder, _aside(folder)) if place.is_dir()), folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"no edition {folder.name}; make it with: liqledger report")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")
