"""Which readers make which canonical table."""

from collections.abc import Mapping, Sequence
from itertools import chain

from pipelines.normalise import (
    binance,
    binance_bulk,
    binance_frames,
    bybit,
    bybit_frames,
    coinalyze,
    coinglass,
    kraken,
)
from pipelines.normalise.eras import Reader
from pipelines.tables import INSTRUMENTS, Table

_MODULES = (
    coinglass,
    coinalyze,
    binance,
    binance_bulk,
    binance_frames,
    kraken,
    bybit,
    bybit_frames,
)
READERS: Sequence[Reader] = tuple(chain.from_iterable(module.READERS for module in _MODULES))
LISTINGS: Mapping[str, Reader] = {r.source: r for r in READERS if r.table is INSTRUMENTS}


def readers_of(table: Table) -> list[Reader]:
    """The readers that give rows of ``table``."""
    return [reader for reader in READERS if reader.table is table]


def datasets_of(table: Table) -> list[tuple[str, str]]:
    """(source, dataset) of every answer that ``table`` rests on, listings and closes included."""
    found = set()
    for reader in readers_of(table):
        found |= {(reader.source, reader.dataset), (reader.source, "instruments")}
        if reader.closes_from:
            found.add((reader.source, reader.closes_from))
    return sorted(found)
