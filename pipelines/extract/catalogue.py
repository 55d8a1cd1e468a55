"""All that can be asked for, of all sources: each connector is found by the id of its source."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Final

from pipelines.extract.asking import Dataset
from pipelines.extract.manners import Manners
from pipelines.extract.streams import Stream
from pipelines.sources import SOURCES
from pipelines.statements import Statement

_CONNECTORS: Final[Mapping[str, ModuleType]] = {
    source: import_module(f"pipelines.extract.connectors.{source}") for source in SOURCES
}

CATALOGUE: Final[Mapping[str, Dataset]] = {
    dataset.id: dataset for connector in _CONNECTORS.values() for dataset in connector.DATASETS
}
MANNERS: Final[Mapping[str, Manners]] = {
    source: connector.MANNERS for source, connector in _CONNECTORS.items()
}
STREAMS: Final[Mapping[str, Stream]] = {
    stream.id: stream
    for connector in _CONNECTORS.values()
    for stream in getattr(connector, "STREAMS", ())
}
STATEMENTS: Final[Mapping[str, Sequence[Statement]]] = {
    source: tuple(connector.STATEMENTS) for source, connector in _CONNECTORS.items()
}


def listed(source: str, bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The subjects that a source's ``instruments`` answers name, in a stable order."""
    found: tuple[str, ...] = _CONNECTORS[source].listed(bodies)
    return found
