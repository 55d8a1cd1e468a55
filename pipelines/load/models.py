"""SQL models: one file, one table. The header says what the query cannot.

    -- What the table holds, in one line or several.
    -- key: day, venue
    -- day: UTC day.
    -- size_coins: Coins liquidated. Null: a row does not say.

A blank line ends the header. A column whose meaning has no ``Null:`` may not be null.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.load.connection import connect, first_line, quoted
from pipelines.tables import TABLES

SCHEMAS = ("core", "mart", "check", "finding")
WRITTEN_BY_THE_LOADER = frozenset({"lake.files", "lake.bounds", "lake.regimes"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIELD = re.compile(r"-- ([a-z][a-z0-9_]*): (\S.*)")


class ModelError(ValueError):
    """A model cannot be read, ordered or built; one line says which and why."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column says, and what its absence means; ``null`` is empty where it may not be."""

    about: str
    null: str = ""

    @classmethod
    def read(cls, text: str) -> "Meaning":
        about, _, null = text.partition(" Null: ")
        return cls(about, null)

    def __str__(self) -> str:
        return f"{self.about} Null: {self.null}" if self.null else self.about


@dataclass(frozen=True, slots=True)
class Model:
    """The table ``<schema>.<name>`` that a query makes, and the tables that the query reads."""

    table: str
    about: str
    key: tuple[str, ...]
    columns: Mapping[str, Meaning]
    query: str
    reads: frozenset[str]

    @property
    def schema(self) -> str:
        return self.table.split(".")[0]

    @property
    def sql_name(self) -> str:
        """The table's name in SQL, where ``check`` alone would be a word of the language."""
        return ".".join(f'"{part}"' for part in self.table.split("."))


def read(path: Path, parser: duckdb.DuckDBPyConnection) -> Model:
    """The model of one file. Raises ModelError."""
    table = f"{path.parent.name}.{path.stem}"
    if path.parent.name not in SCHEMAS or not _NAME.fullmatch(path.stem):
        raise ModelError(f"{path}: a model is sql/<{'|'.join(SCHEMAS)}>/<name>.sql")
    header, _, query = path.read_text(encoding="utf-8").partition("\n\n")
    about, key, columns = _header(table, header.splitlines())
    reads = frozenset(inputs_of(table, query, parser))
    return Model(table, about, key, columns, query.strip(), reads)


def read_all(folder: Path) -> list[Model]:
    """Every model under ``folder``, each after those it reads. Raises ModelError."""
    with connect() as parser:
        models = [read(path, parser) for path in sorted(folder.glob("*/*.sql"))]
    if not models:
        raise ModelError(f"{folder} has no SQL model; it should hold <schema>/<table>.sql")
    return in_order(models)


def in_order(models: Sequence[Model]) -> list[Model]:
    """``models``, each after those it reads. Raises ModelError if there is no such order."""
    by_table = {model.table: model for model in models}
    known = by_table.keys() | {f"lake.{name}" for name in TABLES} | WRITTEN_BY_THE_LOADER
    for model in models:
        if unknown := sorted(model.reads - known):
            raise ModelError(f"{model.table} reads {', '.join(unknown)}, which nothing makes")
    graph = {m.table: sorted(m.reads & by_table.keys()) for m in models}
    try:
        return [by_table[table] for table in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " reads ".join(reversed(error.args[1]))
        raise ModelError(f"models read each other in a circle: {circle}") from None


def inputs_of(table: str, query: str, parser: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables that ``query`` selects from, as DuckDB's parser finds them."""
    try:
        # As a literal: handing over a parameter makes DuckDB import pandas where there is one.
        (text,) = parser.execute(f"select json_serialize_sql({quoted(query)})").fetchall()[0]
    except duckdb.Error as error:
        raise ModelError(f"{table}: {first_line(error)}") from None
    tree = json.loads(text)
    if tree["error"]:
        raise ModelError(f"{table}: {first_line(ValueError(tree['error_message']))}")
    if len(tree["statements"]) != 1:
        raise ModelError(f"{table}: a model is one query, not {len(tree['statements'])}")
    nodes = list(_nodes(tree))
    named = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    return set(_inputs(table, nodes, named))


def _inputs(table: str, nodes: Sequence[dict[str, Any]], named: set[str]) -> Iterator[str]:
    for node in nodes:
        match node:
            case {"type": "BASE_TABLE", "schema_name": "", "table_name": name}:
                if name not in named:
                    raise ModelError(f"{table} reads {name} without its schema")
            case {"type": "BASE_TABLE", "schema_name": schema, "table_name": name}:
                yield f"{schema}.{name}"
            case {"type": "TABLE_FUNCTION", "function": {"function_name": str(name)}}:
                if name.startswith(("read_", "parquet_", "glob", "sniff_")):
                    raise ModelError(f"{table} opens files with {name}; read a table of lake")


def _header(table: str, lines: Sequence[str]) -> tuple[str, tuple[str, ...], dict[str, Meaning]]:
    about: list[str] = []
    fields: dict[str, str] = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found and found[1] in fields:
            raise ModelError(f"{table}: its header says {found[1]} twice")
        if found:
            fields[found[1]] = found[2]
        elif fields or not line.startswith("-- "):
            raise ModelError(f"{table}: its header has no '-- name: meaning' in {line!r}")
        else:
            about.append(line.removeprefix("-- "))
    key = tuple(fields.pop("key", "").split(", "))
    if not about or key == ("",) or not fields:
        raise ModelError(f"{table}: its header needs a meaning, a key and its columns")
    if strange := [name for name in key if name not in fields]:
        raise ModelError(f"{table}: its key names {', '.join(strange)}, which it does not have")
    return " ".join(about), key, {name: Meaning.read(text) for name, text in fields.items()}


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    match tree:
        case dict():
            yield tree
            for child in tree.values():
                yield from _nodes(child)
        case list():
            for child in tree:
                yield from _nodes(child)
