"""Where answers are kept, byte for byte: ``raw/<source>/<dataset>/{bodies,index}/…parquet``.

A body is kept once, under its SHA-256; an index row says which question it answered, about which
subject and UTC days, and when. Asking again adds index rows and keeps both answers. The name of
every file ends in the SHA-256 of its bytes, so a changed file is refused by whoever opens it. Bodies
are moved in before the index that names them: a kill in between leaves bytes that nothing reads.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import polars as pl

from pipelines.clock import iso
from pipelines.extract.asking import Answer
from pipelines.extract.streams import Sound
from pipelines.files import DamagedError, beside, digest, digest_of, move_in, verified

INDEX = pl.Schema(
    {
        "asking": pl.String(),  # instant at which this asking began; all its pages share it
        "subject": pl.String(),
        "page": pl.Int32(),
        "first_day": pl.Date(),
        "last_day": pl.Date(),
        "method": pl.String(),
        "address": pl.String(),
        "params": pl.String(),  # JSON object, keys sorted, no secrets
        "status": pl.Int32(),
        "asked_at": pl.Datetime("us", "UTC"),
        "kept_at": pl.Datetime("us", "UTC"),
        "outcome": pl.String(),  # "answered", or the kind of error that ended the question
        "is_complete": pl.Boolean(),  # whether all pages about this subject came
        "sha256": pl.String(),  # of the body
        "size": pl.Int64(),
        "file": pl.String(),  # bodies file that holds it
    }
)
_NOTHING = pl.DataFrame(schema={**INDEX, "index_file": pl.String()})
ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Page:
    """One kept answer, as a parser gets it."""

    number: int  # among the pages read together; `Chosen.winners` refers to it
    subject: str
    subjects: tuple[str, ...]  # all subjects that the same body answers for
    first_day: date
    last_day: date
    address: str
    params: Mapping[str, str]
    status: int
    asked_at: datetime
    sha256: str
    body: bytes
    # Of a capture: the frames of one connection, where it was parted; and the kind wanted.
    frames: pl.Series | None = None
    heard_at: pl.Series | None = None  # when each of them was received
    sound: Sound = Sound.EVENT


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers to one question, or what came of it before it failed."""

    answers: tuple[Answer, ...]
    outcome: str = ANSWERED


@dataclass(frozen=True, slots=True)
class Raw:
    """The archive of answers under one folder."""

    root: Path
    pinned: frozenset[str] | None = None  # names of the only index files to be read, if given

    def keep(
        self, source: str, dataset: str, asking: datetime, asked: Sequence[Asked], now: datetime
    ) -> int:
        """Keep questions with their answers; returns how many index rows were added."""
        folder = self._folder(source, dataset)
        rows = [row for one in asked for row in _index_rows(one, asking, now)]
        if not rows:
            return 0
        known = self._known_bodies(source, dataset)
        bodies = {digest_of(a.body): a.body for one in asked for a in one.answers}
        fresh = {sha: body for sha, body in sorted(bodies.items()) if sha not in known}
        name = _write_named(folder / "bodies", "", _bodies_frame(fresh)) if fresh else ""
        index = pl.DataFrame(
            rows, schema={n: t for n, t in INDEX.items() if n != "file"}, orient="row"
        )
        index = index.with_columns(
            file=pl.col("sha256").replace_strict(known, default=name, return_dtype=pl.String())
        )
        _write_named(folder / "index", f"{iso(asking).replace(':', '')}.", index)
        return index.height

    def index(self, source: str, dataset: str) -> pl.DataFrame:
        """Every index row of a dataset, with the ``index_file`` it stands in, each file checked.
        Raises DamagedError.
        """
        files = sorted((self._folder(source, dataset) / "index").glob("*.parquet"))
        frames = [
            _read_index(path, path.stat().st_mtime_ns)
            for path in files
            if self.pinned is None or path.name in self.pinned
        ]
        return pl.concat([_NOTHING, *frames])

    def held(self, source: str, dataset: str, as_of: datetime | None = None) -> pl.DataFrame:
        """Index rows of complete answers: those kept by ``as_of``, or all that are kept."""
        by_then = True if as_of is None else pl.col("kept_at") <= as_of
        return self.index(source, dataset).filter(pl.col("is_complete"), by_then)

    def need_not_be_asked(self, source: str, dataset: str) -> pl.DataFrame:
        """The held rows whose bodies are still there: what was lost is asked for again."""
        return self.held(source, dataset).filter(
            pl.col("file").is_in(self._bodies(source, dataset))
        )

    def latest(self) -> datetime | None:
        """When the last answer of all was kept; None in an empty archive."""
        files = sorted(self.root.glob("*/*/index/*.parquet"))
        kept = [pl.read_parquet(_checked(p), columns=["kept_at"])["kept_at"].max() for p in files]
        return max((at for at in kept if isinstance(at, datetime)), default=None)

    def chosen(
        self, source: str, dataset: str, first: date, last: date, as_of: datetime
    ) -> pl.DataFrame:
        """Index rows, with ``day`` and ``number``, of the latest complete asking about each
        subject and UTC day. Rows of one question that share a body share a ``number``.
        """
        spread = self.every(source, dataset, first, last, as_of)
        latest = pl.col("asking") == pl.col("asking").max().over("subject", "day")
        return numbered(spread.filter(latest))

    def every(
        self, source: str, dataset: str, first: date, last: date, as_of: datetime
    ) -> pl.DataFrame:
        """Index rows, with ``day``, of every complete asking about each subject and UTC day."""
        rows = self.held(source, dataset, as_of).filter(
            pl.col("first_day") <= last, pl.col("last_day") >= first
        )
        return rows.with_columns(
            day=pl.date_ranges(
                pl.max_horizontal("first_day", pl.lit(first)),
                pl.min_horizontal("last_day", pl.lit(last)),
            )
        ).explode("day", empty_as_null=True, keep_nulls=True)

    def pages(self, source: str, dataset: str, chosen: pl.DataFrame) -> Iterator[Page]:
        """The kept answers behind index rows, each once, bodies checked against their digests."""
        folder = self._folder(source, dataset) / "bodies"
        once = chosen.group_by("number").agg(
            pl.col("subject").unique().sort().alias("subjects"),
            pl.col("first_day").min(),
            pl.col("last_day").max(),
            pl.col("sha256", "file", "address", "params", "status").first(),
            pl.col("asked_at").max(),
        )
        rows = once.sort("file", "number").iter_rows(named=True)
        for file, of_file in groupby(rows, key=lambda row: row["file"]):
            answered = list(of_file)
            wanted = pl.col("sha256").is_in([row["sha256"] for row in answered])
            held = pl.read_parquet(_checked(folder / file), columns=["sha256", "body"])
            bodies = dict(held.filter(wanted).iter_rows())
            yield from (_page(row, bodies) for row in answered)

    def checked(self, source: str, dataset: str, file: str) -> Path:
        """The bodies file of that name, checked. Raises DamagedError."""
        return _checked(self._folder(source, dataset) / "bodies" / file)

    def damaged(self) -> Iterator[str]:
        """One line for every file that is not what was kept, and every body that is not there."""
        for path in sorted(self.root.glob("*/*/*/*.parquet")):
            try:
                _checked(path)
            except DamagedError as error:
                yield str(error)
        for folder in sorted(self.root.glob("*/*/index")):
            yield from self._missing_bodies(folder.parent)

    def datasets(self) -> list[tuple[str, str]]:
        """(source, dataset) of everything that anything was kept of."""
        return sorted((p.parent.parent.name, p.parent.name) for p in self.root.glob("*/*/index"))

    def _missing_bodies(self, folder: Path) -> Iterator[str]:
        for path in sorted((folder / "index").glob("*.parquet")):
            try:
                named = pl.read_parquet(_checked(path))["file"].unique().to_list()
            except DamagedError:
                continue  # said already
            for file in sorted(name for name in named if name):
                if not (folder / "bodies" / file).exists():
                    yield f"{folder / 'bodies' / file} is missing, and {path.name} rests on it"

    def _known_bodies(self, source: str, dataset: str) -> dict[str, str]:
        if not (held := self._bodies(source, dataset)):
            return {}
        rows = self.index(source, dataset).filter(pl.col("file").is_in(held))
        return dict(rows.select("sha256", "file").unique().iter_rows())

    def _bodies(self, source: str, dataset: str) -> list[str]:
        return [path.name for path in (self._folder(source, dataset) / "bodies").glob("*.parquet")]

    def _folder(self, source: str, dataset: str) -> Path:
        return self.root / source / dataset


def numbered(spread: pl.DataFrame) -> pl.DataFrame:
    """Index rows with the ``number`` of the page that each is read as, in the order of pages."""
    number = pl.struct("sha256", "file", "address", "params").rank("dense") - 1
    return spread.sort("subject", "day", "page", "sha256").with_columns(
        number=number.cast(pl.Int32)
    )


def _index_rows(asked: Asked, asking: datetime, now: datetime) -> Iterator[tuple[object, ...]]:
    for answer in asked.answers:
        params = json.dumps(dict(sorted(answer.params)), separators=(",", ":"))
        sha256 = digest_of(answer.body)
        for subject in answer.subjects:
            yield (
                iso(asking),
                subject,
                answer.page,
                answer.first_day,
                answer.last_day,
                answer.method,
                answer.address,
                params,
                answer.status,
                answer.asked_at,
                now,
                asked.outcome,
                asked.outcome == ANSWERED,
                sha256,
                len(answer.body),
            )


def _bodies_frame(bodies: Mapping[str, bytes]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sha256": list(bodies),
            "size": [len(body) for body in bodies.values()],
            "body": list(bodies.values()),
        },
        schema={"sha256": pl.String(), "size": pl.Int64(), "body": pl.Binary()},
    )


def _write_named(folder: Path, prefix: str, frame: pl.DataFrame) -> str:
    part = beside(folder / "answers")
    try:
        frame.write_parquet(part, compression="zstd", compression_level=3)
        name = f"{prefix}{digest(part)}.parquet"
        move_in(part, folder / name)
    finally:
        part.unlink(missing_ok=True)
    return name


@lru_cache(maxsize=512)  # every reader of a day asks for the same few
def _read_index(path: Path, changed_ns: int) -> pl.DataFrame:
    """Checked when first read, and again when it was changed."""
    return pl.read_parquet(_checked(path)).with_columns(index_file=pl.lit(path.name))


def _checked(path: Path) -> Path:
    return verified(path, path.name.removesuffix(".parquet").rpartition(".")[2])


def _page(row: Mapping[str, object], bodies: Mapping[str, bytes]) -> Page:
    sha256 = str(row["sha256"])
    body = bodies.get(sha256)
    if body is None or digest_of(body) != sha256:
        raise DamagedError(f"answer {sha256[:12]}… is not in {row['file']}")
    subjects: Iterable[str] = row["subjects"]  # type: ignore[assignment]
    names = tuple(subjects)
    return Page(
        number=int(str(row["number"])),
        subject=names[0],
        subjects=names,
        first_day=row["first_day"],  # type: ignore[arg-type]
        last_day=row["last_day"],  # type: ignore[arg-type]
        address=str(row["address"]),
        params=json.loads(str(row["params"])),
        status=int(str(row["status"])),
        asked_at=row["asked_at"],  # type: ignore[arg-type]
        sha256=sha256,
        body=body,
    )
