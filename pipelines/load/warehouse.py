"""The DuckDB file: built whole from the lake and ``sql/``, never edited, always safe to delete.

It is built beside its place, closed, opened again for reading, checked and only then moved in.
Whoever has the old file open keeps it.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb

from pipelines.files import beside, move_in
from pipelines.lake import Lake
from pipelines.load.connection import connect, first_line, quoted
from pipelines.load.evidence import BOUNDS, FILES, REGIMES, Held, attach, held_files, register
from pipelines.load.models import SCHEMAS, Meaning, Model, ModelError, in_order
from pipelines.load.promises import all_checks, declared, keys_of_lake
from pipelines.tables import TABLES

# A build of 30 million candles stays below 1 GiB with these, Python and Arrow included.
MEMORY = "768MB"
THREADS = 2
ROWS_SHOWN = 3

Progress = Callable[[str, float], None]  # a table, and the seconds that it took


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that is not kept: how many rows say so, and the first of them as text."""

    table: str
    about: str
    rows: int
    first: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} ({self.about}) {self.rows} rows, first: {'; '.join(self.first)}"


class NotBuiltError(Exception):
    """DuckDB could not write the warehouse; the old one stands."""


class BrokenPromiseError(Exception):
    """The warehouse breaks promises of ours and was not moved in; the old one stands."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        said = " | ".join(str(check) for check in broken)
        super().__init__(f"warehouse not replaced: {said}")
        self.broken = tuple(broken)


@dataclass(frozen=True, slots=True)
class Built:
    """A warehouse in its place: rows and seconds of each table, and the checks it breaks."""

    path: Path
    rows: Mapping[str, int]
    seconds: Mapping[str, float]
    broken: tuple[Broken, ...]

    @property
    def findings(self) -> int:
        return self.rows.get("mart.findings", 0)


def build(
    target: Path,
    lake: Lake,
    models: Sequence[Model],
    *,
    progress: Progress | None = None,
    publish_broken: bool = False,
) -> Built:
    """Build every model from the lake and move the file to ``target``.

    Raises DamagedError for a file of the lake that is not what was written, ModelError for a
    model that cannot be built, NotBuiltError where DuckDB gives up (a full disk), and, unless
    ``publish_broken``, BrokenPromiseError where a check has rows.
    """
    held = held_files(lake)
    part = beside(target)
    _clear_left_over(target)
    try:
        seconds = _fill(part, lake, held, models, progress)
        if _log(part).exists():
            raise ModelError(f"{part} has a log beside it after it was closed; is the disk full?")
        rows, broken = _checked(part, [FILES, BOUNDS, REGIMES, *models, *all_checks(models)])
        if broken and not publish_broken:
            raise BrokenPromiseError(broken)
        move_in(part, target)
    except duckdb.Error as error:
        raise NotBuiltError(f"{target} was not replaced: {first_line(error)}") from error
    finally:
        _clear(part)
    return Built(target, MappingProxyType(rows), MappingProxyType(seconds), tuple(broken))


def _fill(
    part: Path,
    lake: Lake,
    held: Sequence[Held],
    models: Sequence[Model],
    progress: Progress | None,
) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with _opened(part) as warehouse:
        warehouse.begin()  # one for all: each commit costs a sync, and nobody reads this file yet
        for schema in ("lake", *SCHEMAS):
            warehouse.execute(f'create schema "{schema}"')
        attach(warehouse, lake, held)
        _comment_views(warehouse)
        register(warehouse, held)
        for model in _all_of(warehouse, held, models):
            began = time.monotonic()
            create(warehouse, model)
            seconds[model.table] = time.monotonic() - began
            if progress:
                progress(model.table, seconds[model.table])
        warehouse.commit()
        warehouse.execute("checkpoint")
    return seconds


def _all_of(
    warehouse: duckdb.DuckDBPyConnection, held: Sequence[Held], models: Sequence[Model]
) -> Iterator[Model]:
    """The loader's own tables, then the models in order, then checks of what they declare."""
    yield from (FILES, BOUNDS, REGIMES)
    yield keys_of_lake(warehouse, held)
    yield from in_order(models)
    yield from declared(models)


def create(warehouse: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the table of ``model``, commented. Raises ModelError where its header is wrong."""
    try:
        warehouse.execute(f"create table {model.sql_name} as {model.query}")
    except duckdb.Error as error:
        raise ModelError(f"{model.table} cannot be built: {first_line(error)}") from error
    rows = warehouse.execute(f"describe {model.sql_name}").fetchall()
    made = {str(name) for name, *_ in rows}
    if made != model.columns.keys():
        silent = ", ".join(sorted(made - model.columns.keys())) or "none"
        absent = ", ".join(sorted(model.columns.keys() - made)) or "none"
        raise ModelError(
            f"{model.table}: header and query differ: undocumented {silent}, not made {absent}"
        )
    _comment(warehouse, "table", model.sql_name, model.about, model.columns)


def _comment_views(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES.values():
        columns = {column.name: Meaning(column.about, column.null) for column in table.columns}
        _comment(warehouse, "view", f"lake.{table.name}", table.about, columns)


def _comment(
    warehouse: duckdb.DuckDBPyConnection,
    kind: str,
    place: str,
    about: str,
    columns: Mapping[str, Meaning],
) -> None:
    said = [f"comment on {kind} {place} is {quoted(about)}"]
    for name, meaning in columns.items():
        said.append(f"comment on column {place}.{name} is {quoted(str(meaning))}")
    warehouse.execute("; ".join(said))


def _checked(part: Path, models: Sequence[Model]) -> tuple[dict[str, int], list[Broken]]:
    """Rows of each table as a reader finds them, and the checks that have any."""
    with connect(part, read_only=True) as warehouse:
        rows = {model.table: _count(warehouse, model) for model in models}
        broken = [
            Broken(model.table, model.about, rows[model.table], _first_rows(warehouse, model))
            for model in models
            if model.schema == "check" and rows[model.table]
        ]
    return rows, broken


def _count(warehouse: duckdb.DuckDBPyConnection, model: Model) -> int:
    ((rows,),) = warehouse.execute(f"select count(*) from {model.sql_name}").fetchall()
    return int(rows)


def _first_rows(warehouse: duckdb.DuckDBPyConnection, model: Model) -> tuple[str, ...]:
    found = warehouse.execute(f"select * from {model.sql_name} limit {ROWS_SHOWN}")
    names = [column[0] for column in found.description or []]
    return tuple(
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True))
        for row in found.fetchall()
    )


@contextmanager
def _opened(part: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(part) as warehouse:
        warehouse.execute(f"set memory_limit = '{MEMORY}'")
        warehouse.execute(f"set threads = {THREADS}")
        warehouse.execute(f"set temp_directory = {quoted(str(_spill(part)))}")
        # Order is stated in every model; keeping the order of files as well costs memory.
        warehouse.execute("set preserve_insertion_order = false")
        yield warehouse


def _spill(part: Path) -> Path:
    return part.with_name(f"{part.name}.spill")


def _log(part: Path) -> Path:
    return part.with_name(f"{part.name}.wal")


def _clear(part: Path) -> None:
    for file in (part, _log(part)):
        file.unlink(missing_ok=True)
    shutil.rmtree(_spill(part), ignore_errors=True)


def _clear_left_over(target: Path) -> None:
    """Remove what builders of this warehouse left that were killed; a living one is let be."""
    mark = re.compile(rf"\.{re.escape(target.name)}\.(\d+)-[0-9a-f]+\.part")
    for path in target.parent.glob(f".{target.name}.*"):
        found = mark.match(path.name)
        if found and not _lives(int(found[1])):
            _clear(path.with_name(found[0]))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
