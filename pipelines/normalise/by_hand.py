"""What the pipeline makes of any payload, for whoever doubts a number: nothing is kept of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

import polars as pl

from pipelines.clock import iso
from pipelines.files import digest_of
from pipelines.normalise.days import Lookup
from pipelines.normalise.engine import Rows, read_pages
from pipelines.normalise.eras import Known, Reader
from pipelines.normalise.registry import LISTINGS, READERS, reader_of
from pipelines.raw import Page, Raw
from pipelines.tables import INSTRUMENTS

EVER = (date(2009, 1, 1), date(2099, 12, 31))


class NoReaderError(Exception):
    """There is no such dataset, or nothing is read from it."""


@dataclass(frozen=True, slots=True)
class Payload:
    """An answer of which we know no question: its bytes, and what is said of how it was asked."""

    body: bytes
    asked_at: datetime
    address: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Held:
    """Pages that no archive holds, in the place of one."""

    held: Sequence[Page]

    def pages(self, source: str, dataset: str, chosen: pl.DataFrame) -> Iterator[Page]:
        yield from self.held


def readers_for(source: str, dataset: str) -> list[Reader]:
    """The readers of a dataset. Raises NoReaderError and names those that there are."""
    found = reader_of(source, dataset)
    if not found:
        known = sorted({r.dataset for r in READERS if r.source == source})
        there = f"{source} has {', '.join(known)}" if known else "see: liqledger sources"
        raise NoReaderError(f"nothing is read from {source}/{dataset}; {there}")
    return found


def read(reader: Reader, payload: Payload, known: Known, day: date | None) -> Rows:
    """Rows and refusals of a payload by the era of ``day``; without one, by the present era."""
    if day is not None:
        days = (day, day)
    else:
        days = (reader.eras[-1].since, EVER[1]) if len(reader.eras) > 1 else EVER
    page = _page(payload, days)
    chosen = pl.DataFrame(
        {"subject": "*", "day": days[0], "number": 0, "file": "", "index_file": ""},
        schema_overrides={"number": pl.Int32()},
    )
    held: Raw = _Held([page])  # type: ignore[assignment]  # it offers all that is asked of it here
    return read_pages(held, reader, chosen, known, days, as_asked=False)


def kept(raw: Raw, source: str, dataset: str, day: date, as_of: datetime) -> list[Payload]:
    """The answers that the archive holds about a day."""
    chosen = raw.chosen(source, dataset, day, day, as_of)
    return [
        Payload(page.body, page.asked_at, page.address, page.params)
        for page in raw.pages(source, dataset, chosen)
    ]


def known_by(reader: Reader, listings: Sequence[Payload], raw: Raw, as_of: datetime) -> Known:
    """The listing that explains symbols: answers handed in, else those that the archive holds."""
    if reader.table is INSTRUMENTS:
        return Known(INSTRUMENTS.empty())
    if not listings:
        lookup = Lookup(raw, as_of.date(), as_of.date(), as_of)
        return Known(
            pl.concat(
                [
                    INSTRUMENTS.empty(),
                    *(lookup.terms(s).rows for s in reader.explained_by if s in LISTINGS),
                ]
            )
        )
    by, nothing = LISTINGS[reader.source], Known(INSTRUMENTS.empty())
    found = [read(by, one, nothing, None).rows for one in listings]
    return replace(nothing, instruments=pl.concat([INSTRUMENTS.empty(), *found]))


def lines(rows: Rows) -> Iterator[dict[str, object]]:
    """Canonical rows, then what was refused, each as an object that JSON can hold exactly."""
    good = ({"outcome": "row"} | row for row in rows.rows.iter_rows(named=True))
    columns = ("canonical", "reason", "row")
    bad = ({"outcome": "refused"} | r for r in rows.refused.select(columns).iter_rows(named=True))
    for told in chain(good, bad):
        yield {name: _plain(value) for name, value in told.items()}


def _plain(value: object) -> object:
    """Digits stay digits: a number of JSON would be read as a float by most."""
    match value:
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
    return value


def _page(payload: Payload, days: tuple[date, date]) -> Page:
    return Page(
        number=0,
        subject="*",
        subjects=("*",),
        first_day=days[0],
        last_day=days[1],
        address=payload.address,
        params=payload.params,
        status=200,
        asked_at=payload.asked_at,
        sha256=digest_of(payload.body),
        body=payload.body,
    )
