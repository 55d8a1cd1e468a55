"""From a printed number back to its rows and to the answers that they came from."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipelines.files import DamagedError
from pipelines.house import House
from pipelines.raw import Raw
from pipelines.reconcile.told import told_of
from pipelines.reconcile.views import counted
from pipelines.report.publish import read_edition
from pipelines.report.trail import Number, Selection, find
from pipelines.tables import LIQUIDATIONS, TABLES
from pipelines.weeks import Week


@dataclass(frozen=True, slots=True)
class Origin:
    """One raw answer: the question, when it was asked, and where its bytes are kept."""

    sha256: str
    method: str
    address: str
    params: str
    asked_at: datetime
    file: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """A number, the canonical rows behind it by table, and the answers behind those."""

    number: Number
    rows: dict[str, pl.DataFrame]
    origins: tuple[Origin, ...]


def trace(house: House, week: Week, key: str) -> Trail:
    """Walk a number of the week's page back. Raises UnknownKeyError, FileNotFoundError or
    DamagedError.
    """
    number = find(read_edition(house.reports / week.name)["report.json"], key)
    rows: dict[str, pl.DataFrame] = {}
    for step in number.trail:
        name = step.table.removeprefix("lake.")
        found = selected(house, step)
        rows[name] = (
            pl.concat([rows[name], found]).unique(maintain_order=True) if name in rows else found
        )
    answers = sorted(
        {a for frame in rows.values() if "answer" in frame.columns for a in frame["answer"]}
    )
    sources = {s for frame in rows.values() if "source" in frame.columns for s in frame["source"]}
    return Trail(number, rows, tuple(_origins(house.raw, answers, sources)))


def selected(house: House, step: Selection) -> pl.DataFrame:
    """The canonical rows that a step of a trail names; of events told twice, those that count."""
    table = TABLES[step.table.removeprefix("lake.")]
    frames = []
    for part in _parts(house, table.name):
        rows = (
            counted(told_of(house.lake, step.first_day, step.last_day))
            if table is LIQUIDATIONS
            else house.lake.scan(table, step.first_day, step.last_day, part)
        )
        matching = [
            pl.col(name).cast(pl.String) == str(value) for name, value in step.filters.items()
        ]
        frames.append((rows.filter(matching) if matching else rows).collect())
    return pl.concat([table.empty(), *frames])


def _parts(house: House, table: str) -> list[str]:
    """Quarantined rows stand in a part for each table that they were meant for."""
    if table != "quarantine":
        return ["rows"]
    found = (house.lake.root / table).glob("day=*/*.parquet")
    return sorted({path.stem for path in found})


def _origins(raw: Raw, answers: list[str], sources: set[str]) -> list[Origin]:
    found: dict[str, Origin] = {}
    for source, dataset in raw.datasets():
        if source not in sources:
            continue
        rows = raw.index(source, dataset).filter(pl.col("sha256").is_in(answers))
        for row in rows.unique("sha256", maintain_order=True).iter_rows(named=True):
            place = f"raw/{source}/{dataset}/bodies/{row['file']}"
            found[row["sha256"]] = Origin(
                row["sha256"],
                row["method"],
                row["address"],
                row["params"],
                row["asked_at"],
                place,
                _is_intact(raw, source, dataset, row["file"]),
            )
    return [found[answer] for answer in answers if answer in found]


def _is_intact(raw: Raw, source: str, dataset: str, file: str) -> bool:
    try:
        raw.checked(source, dataset, file)
    except DamagedError:
        return False
    return True
