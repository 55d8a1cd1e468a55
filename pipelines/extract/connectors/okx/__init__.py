"""OKX v5: what it serves over REST, and what its socket shows."""

from pipelines.extract.connectors.okx import rest, stream
from pipelines.extract.connectors.okx.evidence import STATEMENTS
from pipelines.extract.connectors.okx.rest import MANNERS, SINCE, SOURCE, classify, listed
from pipelines.extract.connectors.okx.stream import STREAMS

__all__ = ("DATASETS", "MANNERS", "SINCE", "SOURCE", "STATEMENTS", "STREAMS", "classify", "listed")

DATASETS = (*rest.DATASETS, *stream.DATASETS)
