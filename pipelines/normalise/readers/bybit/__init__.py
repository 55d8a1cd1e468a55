"""Bybit v5: what it serves over REST, and what its socket shows."""

from pipelines.normalise.readers.bybit import frames, rest

READERS = (*rest.READERS, *frames.READERS)
STATEMENTS = (*rest.STATEMENTS, *frames.STATEMENTS)
