"""Where canonical Parquet lives: ``lake/<table>/day=<day>/<part>.parquet``, each with its manifest.

A manifest stands beside each file and names the digest of the file that is there now and of the
one before: it is replaced first, then the file is moved in, so that a kill between the two leaves
the old file with a manifest that still knows it. At last the manifest forgets the one before.
Whoever reads checks the digest; whatever is in neither place is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl

from pipelines.files import (
    DamagedError,
    beside,
    digest,
    digest_standing,
    move_in,
    verified,
    write_bytes_whole,
)
from pipelines.tables import Table


class Made(msgspec.Struct, frozen=True):
    """How one file came to be."""

    sha256: str
    rows: int
    as_of: str
    inputs: tuple[str, ...]  # digests of the raw index and body files, or lake files, read


class Manifest(msgspec.Struct, frozen=True):
    table: str
    day: str
    part: str
    current: Made
    previous: Made | None = None


@dataclass(frozen=True, slots=True)
class Lake:
    """Canonical tables by UTC day. A day that was never written is missing, not empty."""

    root: Path

    def path(self, table: Table, day: date, part: str = "rows") -> Path:
        return self.root / table.name / f"day={day.isoformat()}" / f"{part}.parquet"

    def write(
        self,
        table: Table,
        day: date,
        frame: pl.DataFrame,
        *,
        as_of: str,
        inputs: Sequence[str] = (),
        part: str = "rows",
    ) -> Made:
        """Replace one day of ``table`` by ``frame``, whole. The same rows give the same bytes."""
        place = self.path(table, day, part)
        unfinished = beside(place)
        try:
            table.conform(frame).write_parquet(
                unfinished, compression="zstd", compression_level=3, statistics=True
            )
            made = Made(digest(unfinished), frame.height, as_of, tuple(sorted(set(inputs))))
            before = self._replaced(place)
            manifest = Manifest(table.name, day.isoformat(), part, made, before)
            write_bytes_whole(_manifest(place), msgspec.json.encode(manifest))
            move_in(unfinished, place)
            if before is not None:  # it is gone; whoever puts it back is to be found out
                alone = Manifest(table.name, day.isoformat(), part, made)
                write_bytes_whole(_manifest(place), msgspec.json.encode(alone))
        finally:
            unfinished.unlink(missing_ok=True)
        return made

    def made(self, table: Table, day: date, part: str = "rows") -> Made | None:
        """How the file of that day that stands there now was made; None if it is missing."""
        place = self.path(table, day, part)
        return self._standing(place) if place.exists() else None

    def days(self, table: Table, part: str = "rows") -> list[date]:
        """Days that are held, ascending."""
        found = (self.root / table.name).glob(f"day=*/{part}.parquet")
        return sorted(date.fromisoformat(path.parent.name.removeprefix("day=")) for path in found)

    def files(self, table: Table) -> list[Path]:
        """Every file of ``table``, each checked against its digest. Raises DamagedError."""
        return [self._checked(p) for p in sorted((self.root / table.name).glob("day=*/*.parquet"))]

    def read(self, table: Table, first: date, last: date, part: str = "rows") -> pl.DataFrame:
        """The days from ``first`` to ``last`` that are held, both included, checked; maybe none."""
        held = self._held(table, first, last, part)
        frames = [pl.read_parquet(path) for path in held]
        return pl.concat([table.empty(), *frames])

    def scan(self, table: Table, first: date, last: date, part: str = "rows") -> pl.LazyFrame:
        """As ``read``, but the rows are read when they are needed; the digests are checked now."""
        held = self._held(table, first, last, part)
        frames = [pl.scan_parquet(path) for path in held]
        return pl.concat([table.empty().lazy(), *frames])

    def inputs(self) -> set[str]:
        """Every file that any day now standing was made from."""
        found: set[str] = set()
        for manifest in self.root.glob("*/day=*/*.json"):
            for made in _known(manifest.with_suffix(".parquet")):
                found |= set(made.inputs)
        return found

    def damaged(self) -> Iterator[str]:
        """One line for each file whose digest is wrong, and for each that its manifest misses."""
        for manifest in sorted(self.root.glob("*/day=*/*.json")):
            place = manifest.with_suffix(".parquet")
            if not place.exists() and _was_interrupted(place):
                continue
            try:
                self._checked(place, by=digest)
            except DamagedError as error:
                yield str(error)
        for place in sorted(self.root.glob("*/day=*/*.parquet")):
            if not _manifest(place).exists():
                yield f"{place} has no manifest; normalise that day again"

    def _held(self, table: Table, first: date, last: date, part: str) -> list[Path]:
        """The files of those days that are there, checked two at a time, since digests let others run."""
        days = days_between(first, last)
        held = [path for path in (self.path(table, day, part) for day in days) if path.exists()]
        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(self._checked, held))

    def _checked(self, place: Path, by: Callable[[Path], str] = digest_standing) -> Path:
        known = _known(place)
        return verified(place, *(made.sha256 for made in known), by=by)

    def _replaced(self, place: Path) -> Made | None:
        """What stands there, if it is sound; a day that is damaged can be made again."""
        try:
            return self._standing(place)
        except DamagedError:
            return None

    def _standing(self, place: Path) -> Made | None:
        if not place.exists() or not _manifest(place).exists():
            return None
        sha256 = digest_standing(place)
        return next((made for made in _known(place) if made.sha256 == sha256), None)


def days_between(first: date, last: date) -> list[date]:
    """UTC days from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _was_interrupted(place: Path) -> bool:
    """Whether a first write was killed before its last step: its part still stands beside."""
    known = {made.sha256 for made in _known(place)}
    parts = place.parent.glob(f".{place.name}.*.part")
    return any(digest(part) in known for part in parts)


def _manifest(place: Path) -> Path:
    return place.with_suffix(".json")


def _known(place: Path) -> list[Made]:
    try:
        manifest = msgspec.json.decode(_manifest(place).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedError(f"{_manifest(place)} cannot be read: {error}") from error
    return [made for made in (manifest.current, manifest.previous) if made is not None]
