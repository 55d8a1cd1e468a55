"""Which readers make which canonical table: each source's are found by its id."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import chain

from pipelines.normalise.eras import Reader
from pipelines.sources import SOURCES
from pipelines.statements import Statement
from pipelines.tables import INSTRUMENTS, Table

_MODULES = {source: import_module(f"pipelines.normalise.readers.{source}") for source in SOURCES}
READERS: Sequence[Reader] = tuple(
    chain.from_iterable(module.READERS for module in _MODULES.values())
)
LISTINGS: Mapping[str, Reader] = {r.source: r for r in READERS if r.table is INSTRUMENTS}
STATEMENTS: Mapping[str, Sequence[Statement]] = {
    source: tuple(module.STATEMENTS) for source, module in _MODULES.items()
}


def readers_of(table: Table) -> list[Reader]:
    """The readers that give rows of ``table``."""
    return [reader for reader in READERS if reader.table is table]


def reader_of(source: str, dataset: str) -> list[Reader]:
    """The readers of one dataset: most have one, some fill two tables."""
    return [reader for reader in READERS if (reader.source, reader.dataset) == (source, dataset)]
