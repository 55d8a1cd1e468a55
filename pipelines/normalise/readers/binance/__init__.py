"""Binance USD-M: what it serves over REST, what its archive holds, and what its socket shows."""

from pipelines.normalise.readers.binance import bulk, frames, rest

READERS = (*rest.READERS, *bulk.READERS, *frames.READERS)
STATEMENTS = (*rest.STATEMENTS, *bulk.STATEMENTS, *frames.STATEMENTS)
