"""All that can be asked for, of all sources."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipelines.extract import binance, bybit, coinalyze, coinglass, kraken
from pipelines.extract.asking import Dataset
from pipelines.extract.manners import Manners

_CONNECTORS: Final = (coinglass, coinalyze, binance, kraken, bybit)

CATALOGUE: Final[Mapping[str, Dataset]] = {
    dataset.id: dataset for connector in _CONNECTORS for dataset in connector.DATASETS
}
MANNERS: Final[Mapping[str, Manners]] = {
    connector.SOURCE: connector.MANNERS for connector in _CONNECTORS
}
_LISTED: Final[Mapping[str, Callable[[Sequence[bytes]], tuple[str, ...]]]] = {
    connector.SOURCE: connector.listed for connector in _CONNECTORS
}


def listed(source: str, bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The subjects that a source's ``instruments`` answers name, in a stable order."""
    return _LISTED[source](bodies)
