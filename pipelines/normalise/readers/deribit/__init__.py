"""Deribit v2: what it serves over HTTP, and what its socket shows."""

from pipelines.normalise.readers.deribit import http, tickers, trades

READERS = (*http.READERS, *trades.READERS, *tickers.READERS)
STATEMENTS = (*http.STATEMENTS, *trades.STATEMENTS, *tickers.STATEMENTS)
