"""The payload files of the tests, and readers over them: for every reader a small answer.

A payload file holds questions: address, parameters, subjects, and the body as ``json``; as lines of
``csv`` (zipped), ``gzip`` or ``text``; or as ``frames`` or ``lives``, messages that a collector kept.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.clock import instant
from pipelines.lake import days_between
from pipelines.normalise.engine import Rows, read_pages
from pipelines.normalise.eras import Known, Reader
from pipelines.normalise.registry import LISTINGS, READERS
from pipelines.raw import Page
from pipelines.tables import INSTRUMENTS

KINDS = ("json", "csv", "gzip", "text", "frames", "lives")
PAYLOADS = Path(__file__).parents[1] / "tests" / "payloads"
DAY, LAST_DAY = date(2026, 11, 10), date(2026, 11, 12)
ASKED_AT = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
RECEIVED = "2026-11-10T00:00:01.000Z"


def packed(lines: Sequence[str], name: str = "rows.csv") -> bytes:
    """A ZIP of one CSV member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "\n".join(lines) + "\n")
    return buffer.getvalue()


def captured(frames: Sequence[Any], key: str = "frame") -> bytes:
    """JSON lines as a collector writes them: the frame is text inside its envelope."""
    lines = [
        json.dumps({"received_at": RECEIVED, key: json.dumps(frame)}, separators=(",", ":"))
        for frame in frames
    ]
    return "".join(line + "\n" for line in lines).encode()


@dataclass(frozen=True)
class Question:
    """One question with its answer."""

    address: str
    params: Mapping[str, str]
    subjects: tuple[str, ...]
    kind: str
    body: Any
    status: int = 200
    asked_at: datetime | None = None  # of a state, whose rows stand at that instant

    @property
    def bytes(self) -> bytes:
        match self.kind:
            case "csv":
                return packed(self.body)
            case "gzip":
                return gzip.compress("\n".join([*self.body, ""]).encode(), mtime=0)
            case "text":
                return "\n".join([*self.body, ""]).encode()
            case "frames":
                return captured(self.body)
            case "lives":
                return captured(self.body, "life")
            case "bytes":
                return bytes(self.body)
        return json.dumps(self.body).encode()


def payload(source: str, dataset: str, table: str = "") -> list[Question]:
    """What stands in the payload file of a dataset, or in that for one of its tables."""
    folder = PAYLOADS / source
    own = folder / f"{dataset}.{table}.json"
    path = own if own.exists() else folder / f"{dataset}.json"
    return [
        Question(
            told["address"],
            told["params"],
            tuple(told["subjects"]),
            kind := next(k for k in KINDS if k in told),
            told[kind],
            asked_at=instant(told["asked_at"]) if "asked_at" in told else None,
        )
        for told in json.loads(path.read_text("utf-8"))
    ]


@dataclass(frozen=True)
class Held:
    """Answers that nothing had to write to a disk."""

    answers: Sequence[Page]

    def pages(self, source: str, dataset: str, chosen: pl.DataFrame) -> Iterator[Page]:
        yield from self.answers


@dataclass(frozen=True)
class Bench:
    """Reads payloads with the readers of the project, against our own listings."""

    day: date = DAY
    last_day: date = LAST_DAY
    asked_at: datetime = ASKED_AT

    def on(self, day: date) -> "Bench":
        """The same, with answers about a single day."""
        return replace(self, day=day, last_day=day)

    def readers(self) -> Sequence[Reader]:
        return READERS

    def reader(self, source: str, dataset: str, table: str = "") -> Reader:
        return next(
            r
            for r in READERS
            if (r.source, r.dataset) == (source, dataset) and table in ("", r.table.name)
        )

    def payload(self, source: str, dataset: str, table: str = "") -> list[Question]:
        return payload(source, dataset, table)

    def payload_of(self, reader: Reader) -> list[Question]:
        return payload(reader.source, reader.dataset, reader.table.name)

    def known_of(self, reader: Reader) -> Known:
        """The listings that explain its symbols, and the closes that it asks for."""
        known = self.known(reader.source, reader.closes_from)
        others = [self.known(source).instruments for source in reader.listings]
        return replace(known, instruments=pl.concat([known.instruments, *others]))

    def known(self, source: str, closes_from: str = "") -> Known:
        if source not in LISTINGS:
            return Known(INSTRUMENTS.empty())
        listing = LISTINGS[source]
        rows = self.read(listing, payload(source, "instruments"), Known(INSTRUMENTS.empty())).rows
        if not closes_from:
            return Known(rows)
        by = self.reader(source, closes_from, "candles")
        return Known(rows, self.read(by, payload(source, closes_from), Known(rows)).rows)

    def pages(self, questions: Sequence[Question]) -> list[Page]:
        return [
            Page(
                number=number,
                subject=one.subjects[0],
                subjects=one.subjects,
                first_day=self.day,
                last_day=self.last_day,
                address=one.address,
                params=one.params,
                status=one.status,
                asked_at=one.asked_at or self.asked_at,
                sha256=f"{number:064x}",
                body=one.bytes,
            )
            for number, one in enumerate(questions)
        ]

    def read(
        self, reader: Reader, questions: Sequence[Question], known: Known | None = None
    ) -> Rows:
        """Rows and refusals, with one asking about all the days of the bench."""
        days = days_between(self.day, self.last_day)
        if reader.table.name == INSTRUMENTS.name:
            days = [self.asked_at.date()]
        chosen = pl.DataFrame(
            [
                (subject, day, number, "bodies", "index")
                for number, one in enumerate(questions)
                for subject in one.subjects
                for day in days
            ],
            schema={
                "subject": pl.String(),
                "day": pl.Date(),
                "number": pl.Int32(),
                "file": pl.String(),
                "index_file": pl.String(),
            },
            orient="row",
        )
        if known is None and reader.table.name == INSTRUMENTS.name:
            known = Known(INSTRUMENTS.empty())
        known = known or self.known_of(reader)
        held = Held(self.pages(questions))
        # Payloads of feeds that are over have the days of all others: their end is no part of it.
        endless = replace(reader, until=None)
        return read_pages(held, endless, chosen, known, (days[0], days[-1]))  # type: ignore[arg-type]

    def of(self, source: str, dataset: str, *, table: str = "") -> Rows:
        """The payload file of a dataset, read."""
        return self.read(self.reader(source, dataset, table), payload(source, dataset, table))

    def told(self, source: str, dataset: str, body: Any, *, table: str = "", **more: Any) -> Rows:
        """The first question of the payload file, with another body."""
        first = payload(source, dataset, table)[0]
        if isinstance(body, bytes):
            more = {"kind": "bytes"} | more
        changed = replace(first, body=body, **more)
        return self.read(self.reader(source, dataset, table), [changed])


def unpacked(reader: Reader, pages: Sequence[Page]) -> int:
    """Rows that the answers hold, counted by taking them apart; an unreadable one counts once."""
    era, _, _ = reader.stretches(DAY, DAY)[0]
    count = 0
    for page in pages:
        try:
            for row in era.unpack(replace(page, sound=reader.sound)):
                # Coinalyze's venues stand in the listing only to name those of its markets.
                count += not (isinstance(row, tuple) and row[0] == "exchange")
        except (ValueError, LookupError, TypeError, AttributeError):
            count += 1
    return count
