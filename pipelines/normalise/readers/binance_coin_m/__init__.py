"""Binance COIN-M: what it serves over REST, what its archive holds, what its socket showed."""

from pipelines.normalise.readers.binance_coin_m import bulk, frames, rest

READERS = (*rest.READERS, *bulk.READERS, *frames.READERS)
STATEMENTS = (*rest.STATEMENTS, *bulk.STATEMENTS, *frames.STATEMENTS)
