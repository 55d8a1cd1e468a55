"""Bybit v5: what it serves over REST, and what its sockets show."""

from pipelines.normalise.readers.bybit import frames, rest, tickers

_ROOMS = (rest, frames, tickers)
READERS = tuple(reader for room in _ROOMS for reader in room.READERS)
STATEMENTS = tuple(statement for room in _ROOMS for statement in room.STATEMENTS)
