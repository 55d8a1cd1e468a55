"""OKX v5: what it serves over REST, and what its socket shows."""

from pipelines.normalise.readers.okx import forced, rest, tickers

READERS = (*rest.READERS, *forced.READERS, *tickers.READERS)
STATEMENTS = (*rest.STATEMENTS, *forced.STATEMENTS, *tickers.STATEMENTS)
