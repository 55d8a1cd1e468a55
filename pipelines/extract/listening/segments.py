"""An hour that was heard, closed: a journal becomes Parquet under the digest of its bytes.

``python -m pipelines.extract.listening.segments JOURNAL …`` closes journals; the collector runs it
as a process of its own, since a cascade's hour is large and nothing may be missed meanwhile.
"""

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.extract.listening.journal import SUFFIX, Line, is_held
from pipelines.files import beside, digest, move_in, verified

PARQUET: Final = ".parquet"
ROWS: Final = 50_000  # a group of rows: what is held in memory at once
SCHEMA: Final = pa.schema(
    [
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("kind", pa.string()),
        ("session", pa.string()),
        ("frame", pa.binary()),
    ]
)
_DECODER: Final = msgspec.json.Decoder(Line)


def close(journal: Path) -> Path | None:
    """Make the segment of a journal, and remove the journal; None where it holds nothing.

    The segment is moved in before the journal goes: a kill in between leaves both, and the same
    journal gives the same segment again.
    """
    hour, collector, *_ = journal.name.split(".")
    part = beside(journal)
    try:
        rows = write(journal, part)
        place = journal.with_name(f"{hour}.{collector}.{digest(part)}{PARQUET}") if rows else None
        if place is not None:
            move_in(part, place)
    finally:
        part.unlink(missing_ok=True)
    journal.unlink()
    return place


def write(journal: Path, place: Path) -> int:
    """Write the lines of a journal as Parquet; the same lines give the same bytes."""
    rows = 0
    with pq.ParquetWriter(
        place, SCHEMA, compression="zstd", compression_level=3, write_page_checksum=True
    ) as writer:
        for batch in _batches(journal):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _batches(journal: Path) -> Iterator[pa.RecordBatch]:
    held: list[Line] = []
    with journal.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break  # torn by a kill
            held.append(_DECODER.decode(line))
            if len(held) == ROWS:
                yield _batch(held)
                held = []
    if held:
        yield _batch(held)


def _batch(lines: list[Line]) -> pa.RecordBatch:
    return pa.record_batch(
        [
            pa.array([one.at for one in lines], pa.timestamp("us", tz="UTC")),
            pa.array([one.kind for one in lines], pa.string()),
            pa.array([one.session for one in lines], pa.string()),
            pa.array([one.bare for one in lines], pa.binary()),
        ],
        schema=SCHEMA,
    )


def segments(folder: Path, day: str) -> list[Path]:
    """Closed segments of a day, whoever collected them; each checked against its digest."""
    found = sorted((folder / day).glob(f"*{PARQUET}"))
    return [verified(path, path.name.split(".")[-2]) for path in found]


def left_behind(folder: Path) -> list[Path]:
    """Journals below ``folder`` that no living collector writes."""
    return [path for path in sorted(folder.rglob(f"*{SUFFIX}")) if not is_held(path)]


def set_aside(journal: Path) -> Path:
    """Give a journal that was left behind a name under which nobody opens it again.

    A collector that begins in the hour in which its forerunner was killed writes a journal of the
    same name: it would be removed under its hands when the old one is closed.
    """
    if len(journal.name.split(".")) > 3:
        return journal  # it was set aside before
    hour, collector, _ = journal.name.split(".")
    names = (journal.with_name(f"{hour}.{collector}.{n}{SUFFIX}") for n in count(1))
    return journal.rename(next(name for name in names if not name.exists()))


def main(words: list[str]) -> int:
    os.nice(10)
    for word in words:
        close(Path(word))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
