"""How the house stands: what is held of each source, what is damaged, what the work lacks."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata
from pathlib import Path

import msgspec
import polars as pl

from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.catalogue import STATEMENTS as ASKING
from pipelines.files import digest_of, left_over
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.normalise.registry import STATEMENTS as MEANING
from pipelines.normalise.registry import reader_of
from pipelines.report.errata import unmarked
from pipelines.settings import Keys
from pipelines.sources import SOURCES, Source
from pipelines.web import keyless

NEEDED_BYTES = 1 << 30
MOST_LOG_BYTES = 2_000_000_000
TESTED = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_good: bool
    advice: str = ""
    is_needed: bool = True


def standing(house: House, now: datetime, on: date | None = None) -> pl.DataFrame:
    """One row a dataset: its key, what is held, what it can give today, what its feed shows.

    ``on`` a day, only the feeds that spoke then, and what they could have shown.
    """
    rows = [_of_dataset(house, dataset, now, on or now.date()) for dataset in CATALOGUE.values()]
    told = pl.DataFrame(
        rows, schema_overrides={"last_day_held": pl.Date, "first_day_given": pl.Date}
    )
    return told if on is None else told.filter(pl.col("shows") != "")


def _of_dataset(house: House, dataset: Dataset, now: datetime, on: date) -> dict[str, object]:
    days = held_days(house, dataset.source, dataset.name)
    return {
        "source": dataset.source,
        "dataset": dataset.name,
        "key": _key(SOURCES[dataset.source]),
        "last_day_held": max(days, default=None),
        "days_held": len(days),
        "first_day_given": first_day_given(dataset, now),
        "shows": _shows(dataset, on),
        "tables": ", ".join(r.table.name for r in reader_of(dataset.source, dataset.name)),
        "about": dataset.about,
    }


def _key(source: Source) -> str:
    if not source.key_variable:
        return "not needed"
    if Keys().of(source.key_variable):
        return "present"
    return (
        f"may be set: {source.key_variable}"
        if source.key_is_optional
        else (f"set {source.key_variable}")
    )


def first_day_given(dataset: Dataset, now: datetime) -> date | None:
    """The earliest UTC day about which the source answers today; None where it answers about none.

    A capture, a ledger and a state at the asking are not asked about the past.
    """
    if dataset.kept is not Kept.HISTORY:
        return None
    days = days_between(dataset.since, now.date())
    return next((day for day in days if dataset.gives(day, now)), None)


def _shows(dataset: Dataset, on: date) -> str:
    """How much its feeds show on that day; empty where no feed of it spoke then."""
    told = [
        era.coverage.value
        for reader in reader_of(dataset.source, dataset.name)
        for era, _, _ in reader.stretches(on, on)
        if reader.until is None or on <= reader.until
    ]
    return ", ".join(dict.fromkeys(told))


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a source does not give, and what of it rests on nothing better than memory."""

    source: str
    lacks: tuple[str, ...]
    unverified: tuple[str, ...]


def lacking() -> list[Lacking]:
    """Of every source, what it cannot give and what is unverified, each in one line."""
    return [
        Lacking(
            source.id,
            source.lacks,
            tuple(
                one.says for one in (*ASKING[source.id], *MEANING[source.id]) if not one.is_verified
            ),
        )
        for source in SOURCES.values()
    ]


def held_days(house: House, source: str, dataset: str) -> set[date]:
    """UTC days of which any complete answer is kept."""
    rows = house.raw.index(source, dataset).filter(pl.col("is_complete"))
    spans = rows.select("first_day", "last_day").unique()
    days = spans.select(
        pl.date_ranges("first_day", "last_day")
        .explode(empty_as_null=True, keep_nulls=True)
        .unique()
    )
    return set(days.to_series().drop_nulls())


def damages(house: House) -> Iterator[str]:
    """One line for everything that is not what was written."""
    yield from house.raw.damaged()
    yield from house.lake.damaged()
    for path in sorted(house.lake.inputs()):
        if "/index/" in path and not (house.raw.root / path).exists():
            yield f"{house.raw.root / path} is missing, and days of the lake rest on it"
    for folder in sorted(house.reports.glob("[0-9]*")):
        yield from _edition_damages(folder)


def held_files(house: House) -> int:
    """How many files ``damages`` looks at."""
    shelves = (house.root / "raw", house.root / "lake")
    kept = sum(1 for shelf in shelves for _ in shelf.rglob("[!.]*.parquet"))
    return kept + sum(1 for path in house.reports.rglob("*") if path.is_file())


def _edition_damages(folder: Path) -> Iterator[str]:
    """Files of an edition that are not what its report.json says of them."""
    try:
        said = msgspec.json.decode((folder / "report.json").read_bytes())["files"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
        yield f"{folder / 'report.json'} cannot be read: {error}"
        return
    for name, sha256 in said.items():
        if not (folder / name).exists():
            yield f"{folder / name} is missing; make the page again: liqledger report"
        elif digest_of(unmarked((folder / name).read_bytes())) != sha256:
            yield f"{folder / name} is not what was published"


def examined(house: House) -> Iterator[Finding]:
    """What the work needs, one by one."""
    version = platform.python_version()
    tested = sys.version_info[:2] == TESTED
    yield Finding(
        f"Python {version}", tested, "" if tested else "tested on 3.11 only", is_needed=False
    )
    for package in ("dagster", "duckdb", "polars", "pyarrow", "requests"):
        yield Finding(f"{package} {metadata.version(package)}", True)
    for source, variable in sorted(keyless().items()):
        yield Finding(
            f"key of {source}",
            False,
            f"set {variable}, or do without {source}",
            is_needed=False,
        )
    yield _writable(house)
    yield _space(house)
    parts = left_over(house.root) if house.root.exists() else []
    yield Finding(
        f"{len(parts)} parts of interrupted writes",
        not parts,
        "harmless; may be deleted" if parts else "",
        is_needed=False,
    )
    yield Finding(
        "warehouse",
        house.warehouse.exists(),
        "" if house.warehouse.exists() else "make it: liqledger report",
        is_needed=False,
    )
    log = (
        sum(path.stat().st_size for path in house.dagster.rglob("*.db"))
        if house.dagster.exists()
        else 0
    )
    yield Finding(
        f"Dagster's log, {log / 1e6:.0f} MB",
        log < MOST_LOG_BYTES,
        "" if log < MOST_LOG_BYTES else "prune old runs in the Dagster UI",
        is_needed=False,
    )


def _writable(house: House) -> Finding:
    at = house.root if house.root.exists() else house.root.parent
    good = os.access(at, os.W_OK)
    return Finding(
        f"folder {house.root} can be written",
        good,
        "" if good else "choose another with --data",
    )


def _space(house: House) -> Finding:
    at = house.root if house.root.exists() else house.root.parent
    free = shutil.disk_usage(at).free
    enough = free > NEEDED_BYTES
    return Finding(f"{free / 1e9:.0f} GB free", enough, "" if enough else "free at least 1 GB")
