"""Deribit v2: what it serves over HTTP, and what its socket shows."""

from pipelines.extract.connectors.deribit import http, stream
from pipelines.extract.connectors.deribit.evidence import STATEMENTS
from pipelines.extract.connectors.deribit.http import MANNERS, SINCE, SOURCE, classify, listed
from pipelines.extract.connectors.deribit.stream import STREAMS

__all__ = ("DATASETS", "MANNERS", "SINCE", "SOURCE", "STATEMENTS", "STREAMS", "classify", "listed")

DATASETS = (*http.DATASETS, *stream.DATASETS)
