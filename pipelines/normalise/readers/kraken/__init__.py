"""Kraken Futures: its tape and tickers, its charts and analytics, and what its socket shows."""

from pipelines.normalise.readers.kraken import charts, frames, rest

READERS = (*rest.READERS, *charts.READERS, *frames.READERS)
STATEMENTS = (*rest.STATEMENTS, *charts.STATEMENTS, *frames.STATEMENTS)
