"""Bitfinex derivatives: liquidations, states sampled by hour, candles; and its live feed."""

from pipelines.normalise.readers.bitfinex import liquidations, market

READERS = (*liquidations.READERS, *market.READERS)
STATEMENTS = (*liquidations.STATEMENTS, *market.STATEMENTS)
