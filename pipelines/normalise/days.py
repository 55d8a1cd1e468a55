"""Days of a canonical table, made from the archive and written to the lake."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl

from pipelines.clock import iso
from pipelines.extract.asking import Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.files import DamagedError
from pipelines.house import House
from pipelines.lake import Lake, Made, days_between
from pipelines.normalise.asked import askings, listening
from pipelines.normalise.dollars import RATES_DATASET, RATES_SOURCE, rates_of
from pipelines.normalise.engine import Rows, normalise
from pipelines.normalise.eras import RATES, Known, Reader
from pipelines.normalise.listing import listing
from pipelines.normalise.registry import LISTINGS, reader_of, readers_of
from pipelines.normalise.releases import RELEASED, releases
from pipelines.normalise.resting import Files, on_days, together
from pipelines.raw import Raw
from pipelines.tables import (
    ASKINGS,
    INSTRUMENTS,
    LIQUIDATIONS,
    LISTENING,
    QUARANTINE,
    RECONCILED,
    RELEASES,
    TABLES,
    PromiseBrokenError,
    Table,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one day of one table."""

    day: date
    made: Made
    refused: int
    reasons: Counter[str]
    coverage: tuple[str, ...]

    @property
    def as_metadata(self) -> dict[str, str | int]:
        """What is told of the day."""
        return {
            "dagster/row_count": self.made.rows,
            "rows_quarantined": self.refused,
            "sha256": self.made.sha256,
            "as_of": self.made.as_of,
            "raw_files": len(self.made.inputs),
            "coverage": ", ".join(self.coverage) or "no rows",
        }


# Tables whose stable coins become dollars at the rate of the hour.
IN_DOLLARS = (LIQUIDATIONS,)
MADE_HERE = tuple(t for t in TABLES.values() if t not in (QUARANTINE, *RECONCILED))


def rests_on(table: Table) -> list[tuple[str, str]]:
    """(source, dataset) of everything that ``table`` is made from."""
    if table is ASKINGS:
        return [(dataset.source, dataset.name) for dataset in CATALOGUE.values()]
    if table is LISTENING:
        return [(d.source, d.name) for d in CATALOGUE.values() if d.kept is Kept.CAPTURE]
    found = set()
    for reader in readers_of(RELEASED if table is RELEASES else table):
        found.add((reader.source, reader.dataset))
        found |= {(s, LISTINGS[s].dataset) for s in reader.explained_by if s in LISTINGS}
        if reader.closes_from:
            found.add((reader.source, reader.closes_from))
    if table in IN_DOLLARS:
        found |= {(RATES_SOURCE, RATES_DATASET), (RATES_SOURCE, LISTINGS[RATES_SOURCE].dataset)}
    return sorted(found)


def write_each(
    house: House, table: Table, days: Sequence[date], as_of: datetime
) -> tuple[dict[date, Written], dict[date, str]]:
    """Make days of ``table``; if they fail together, one by one. Returns days done and failed."""
    raw, lake = house.raw, house.lake
    done: dict[date, Written] = {}
    try:
        for one in write_days(raw, lake, table, min(days), max(days), as_of):
            done[one.day] = one
        return done, {}
    except (DamagedError, PromiseBrokenError, pl.exceptions.PolarsError) as together:
        if len(days) == 1:
            return {}, {days[0]: str(together)}
    failed: dict[date, str] = {}
    for day in (day for day in days if day not in done):
        alone, why = write_each(house, table, [day], as_of)
        done |= alone
        failed |= why
    return done, failed


def write_days(
    raw: Raw, lake: Lake, table: Table, first: date, last: date, as_of: datetime
) -> Iterable[Written]:
    """Make and write every UTC day of ``table`` from ``first`` to ``last``, one by one."""
    match table.name:
        case ASKINGS.name:
            asked, inputs = askings(raw, first, last, as_of)
            rows = Rows(asked, QUARANTINE.empty(), inputs)
        case LISTENING.name:
            heard, inputs = listening(raw, first, last, as_of)
            rows = Rows(heard, QUARANTINE.empty(), inputs)
        case RELEASES.name:
            lookup = Lookup(raw, first, last, as_of)
            told, inputs = releases(raw, lookup.explained, first, last, as_of)
            rows = Rows(told, QUARANTINE.empty(), inputs)
        case INSTRUMENTS.name:
            rows = _listings(raw, first, last, as_of)
        case _:
            rows = _facts(raw, table, first, last, as_of)
    return _written(lake, table, rows, days_between(first, last), iso(as_of))


def _facts(raw: Raw, table: Table, first: date, last: date, as_of: datetime) -> Rows:
    made = []
    lookup = Lookup(raw, first, last, as_of)
    rates, of_rates = lookup.rates() if table in IN_DOLLARS else (RATES.to_frame(), {})
    for reader in readers_of(table):
        known, terms, closes = lookup.known(reader, rates)
        rows = normalise(raw, reader, first, last, as_of, known)
        told = rows.rows[table.time].dt.date().unique().to_list()
        by_rate = {day: files for day, files in of_rates.items() if day in told}
        inputs = together([rows.inputs, closes, by_rate, on_days(told, terms)])
        made.append(Rows(rows.rows, rows.refused, inputs))
    return _together(table, made)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What readers look up for some days, each listing read once."""

    raw: Raw
    first: date
    last: date
    as_of: datetime
    listings: dict[str, Rows] = field(default_factory=dict)

    def terms(self, source: str) -> Rows:
        """The listing of a source; an empty one where the source has no instruments."""
        if source not in LISTINGS:
            return Rows(INSTRUMENTS.empty(), QUARANTINE.empty(), {})
        if source not in self.listings:
            self.listings[source] = listing(self.raw, LISTINGS[source], self.as_of)
        return self.listings[source]

    def known(self, reader: Reader, rates: pl.DataFrame) -> tuple[Known, Files, Files]:
        """What a reader is handed, and the files of the listings and of the closes in it."""
        terms = [self.terms(source) for source in reader.explained_by]
        known = Known(pl.concat([one.rows for one in terms]), rates=rates)
        files = together(one.inputs for one in terms)
        if not reader.closes_from:
            return known, files, {}
        (by,) = reader_of(reader.source, reader.closes_from)
        closes = self._read(by, known)
        return replace(known, closes=closes.rows), files, closes.inputs

    def explained(self, reader: Reader) -> tuple[Known, Files]:
        """The same for readers whose dollars need no rate; the closes are among the files."""
        known, terms, closes = self.known(reader, RATES.to_frame())
        days = days_between(self.first, self.last)
        return known, together([on_days(days, terms), closes])

    def rates(self) -> tuple[pl.DataFrame, Files]:
        """Rates of stable coins, and the files that say so, by day."""
        (by,) = reader_of(RATES_SOURCE, RATES_DATASET)
        terms = self.terms(RATES_SOURCE)
        candles = self._read(by, Known(terms.rows))
        told = candles.rows["time"].dt.date().unique().to_list()
        return rates_of(candles.rows), together([candles.inputs, on_days(told, terms.inputs)])

    def _read(self, reader: Reader, known: Known) -> Rows:
        return normalise(self.raw, reader, self.first, self.last, self.as_of, known)


def _listings(raw: Raw, first: date, last: date, as_of: datetime) -> Rows:
    """The same listing for each day, since a listing tells the terms and not the day."""
    made = []
    for reader in LISTINGS.values():
        found = listing(raw, reader, as_of)
        days = pl.DataFrame(
            {
                "time": pl.datetime_range(
                    first, last, "1d", time_unit="ms", time_zone="UTC", eager=True
                )
            }
        )
        spread = found.rows.drop("time").join(days, how="cross")
        refused = found.refused.drop("time").join(days, how="cross")
        inputs = on_days(days_between(first, last), found.inputs)
        made.append(
            Rows(
                spread.select(INSTRUMENTS.schema.names()),
                refused.select(QUARANTINE.schema.names()),
                inputs,
            )
        )
    return _together(INSTRUMENTS, made)


def _together(table: Table, made: list[Rows]) -> Rows:
    return Rows(
        pl.concat([table.empty(), *(rows.rows for rows in made)]),
        pl.concat([QUARANTINE.empty(), *(rows.refused for rows in made)]),
        together(rows.inputs for rows in made),
    )


def _written(
    lake: Lake, table: Table, rows: Rows, days: list[date], as_of: str
) -> Iterable[Written]:
    by_day = _split(rows.rows, table.time)
    refused_by_day = _split(rows.refused, QUARANTINE.time)
    for day in days:
        good = by_day.get(day, table.empty())
        bad = refused_by_day.get(day, QUARANTINE.empty())
        inputs = sorted(rows.inputs.get(day, ()))
        lake.write(QUARANTINE, day, bad, as_of=as_of, inputs=inputs, part=table.name)
        made = lake.write(table, day, good, as_of=as_of, inputs=inputs)
        yield Written(day, made, bad.height, Counter(bad["reason"].to_list()), _words(good))


def _split(rows: pl.DataFrame, time: str) -> dict[date, pl.DataFrame]:
    parts = rows.with_columns(_day=pl.col(time).dt.date()).partition_by(
        "_day", as_dict=True, include_key=False
    )
    return {key[0]: part for key, part in parts.items()}


def _words(rows: pl.DataFrame) -> tuple[str, ...]:
    """The coverage words that stand in a day's rows."""
    if "coverage" not in rows.columns:
        return ()
    return tuple(rows["coverage"].cast(pl.String).unique().sort())
