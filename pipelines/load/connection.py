"""The only door to DuckDB. Days are UTC days, whatever the machine's clock says."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb
import polars as pl

ONLY_READS = duckdb.StatementType.SELECT  # with, values, from, describe, show and summarize too
ROWS_AT_ONCE = 10_000


class QueryError(Exception):
    """A query was refused, failed, or took too long; one line says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a query; ``is_cut`` where there were more than the asker wanted."""

    rows: pl.DataFrame
    is_cut: bool


def connect(path: Path | str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """An open DuckDB file, or one in memory."""
    connection = duckdb.connect(path, read_only=read_only)  # noqa: TID251
    connection.execute("set TimeZone = 'UTC'")
    return connection


@dataclass(frozen=True, slots=True)
class Analyst:
    """A warehouse that questions can be asked of, and nothing else done to or through it."""

    connection: duckdb.DuckDBPyConnection

    def __enter__(self) -> "Analyst":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.connection.close()

    def query(self, sql: str, *, seconds: float = 30.0, most_rows: int = 100_000) -> Answer:
        """The first ``most_rows`` rows of one reading statement. Raises QueryError."""
        too_long = threading.Event()

        def stop() -> None:
            too_long.set()
            self.connection.interrupt()

        try:
            self._refuse_all_but_reading(sql)
            timer = threading.Timer(seconds, stop)
            timer.start()
            try:
                return self._fetched(sql, most_rows)
            finally:
                timer.cancel()
                timer.join()
        except duckdb.Error as error:
            if too_long.is_set():
                why = f"the query took longer than {seconds:g} s and was stopped"
                raise QueryError(why) from None
            raise QueryError(first_line(error)) from None

    def _refuse_all_but_reading(self, sql: str) -> None:
        # COPY TO could write into the lake's folder, which has to be open for its views.
        kinds = [statement.type for statement in self.connection.extract_statements(sql)]
        if kinds != [ONLY_READS]:
            raise QueryError("ask one query that only reads: select, with or describe")

    def _fetched(self, sql: str, most_rows: int) -> Answer:
        reader = self.connection.execute(sql).to_arrow_reader(ROWS_AT_ONCE)
        frames = [pl.DataFrame(pl.from_arrow(reader.schema.empty_table()))]
        held = 0
        for batch in reader:
            frames.append(pl.DataFrame(pl.from_arrow(batch)))
            held += batch.num_rows
            if held > most_rows:
                break
        rows = pl.concat(frames)
        return Answer(rows.head(most_rows), held > most_rows)


def analyst(path: Path, lake_root: Path, *, memory: str = "1GB", threads: int = 2) -> Analyst:
    """``path`` for reading by strangers: no file but the lake, no network, no settings."""
    connection = connect(path, read_only=True)
    lake = quoted(f"{lake_root.resolve()}/")
    for setting in (
        "python_enable_replacements = false",  # `from x` would read a variable of ours
        f"memory_limit = {quoted(memory)}",
        f"threads = {threads}",
        "temp_directory = ''",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        f"allowed_directories = [{lake}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return Analyst(connection)


def quoted(text: str) -> str:
    """``text`` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """What DuckDB says, in one line: without its candidates and its sketch of the query."""
    text = str(error).strip()
    place = re.search(r"^LINE \d+: .*$", text, re.MULTILINE)
    said = text.split("\n", 1)[0]
    return f"{said} [{place[0].strip()}]" if place else said
