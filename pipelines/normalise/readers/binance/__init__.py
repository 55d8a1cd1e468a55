"""Binance USD-M: what it serves over REST, what its archive holds, and what its socket shows."""

from pipelines.normalise.readers.binance import bulk, frames, rest, tickers

_ROOMS = (rest, bulk, frames, tickers)
READERS = tuple(reader for room in _ROOMS for reader in room.READERS)
STATEMENTS = tuple(statement for room in _ROOMS for statement in room.STATEMENTS)
