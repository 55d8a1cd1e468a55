"""How the house stands: what is held of each source, what is damaged, what the work lacks."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

import msgspec
import polars as pl

from pipelines.extract.catalogue import CATALOGUE
from pipelines.files import digest, left_over
from pipelines.house import House
from pipelines.normalise.registry import READERS
from pipelines.sources import SOURCES
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


def standing(house: House) -> pl.DataFrame:
    """One row a dataset: source, dataset, key, last day held, days held, coverage, about."""
    lacking = keyless()
    rows = []
    for dataset in CATALOGUE.values():
        days = held_days(house, dataset.source, dataset.name)
        variable = SOURCES[dataset.source].key_variable
        key = (
            "not needed"
            if not variable
            else f"set {variable}"
            if dataset.source in lacking
            else "present"
        )
        eras = [
            f"{era.coverage.value} since {era.since}"
            for reader in READERS
            if (reader.source, reader.dataset) == (dataset.source, dataset.name)
            for era in reader.eras
        ]
        rows.append(
            {
                "source": dataset.source,
                "dataset": dataset.name,
                "key": key,
                "last_day_held": max(days, default=None),
                "days_held": len(days),
                "coverage": "; ".join(dict.fromkeys(eras)),
                "about": dataset.about,
            }
        )
    return pl.DataFrame(rows, schema_overrides={"last_day_held": pl.Date})


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
        elif digest(folder / name) != sha256:
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
