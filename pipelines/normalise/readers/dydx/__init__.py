"""dYdX v4: what its answers and frames mean."""

from pipelines.normalise.readers.dydx import rest, trades

READERS = (*rest.READERS, *trades.READERS)
STATEMENTS = (*rest.STATEMENTS, *trades.STATEMENTS)
