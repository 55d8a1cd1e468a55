"""HTX swaps, linear and coin-margined. A subject's margin stands in front of its code.

Sizes are contracts: so many coins each if linear, so many dollars if coin-margined. Prices beside
liquidations are bankruptcy prices. Candles add the volumes of both sides of a trade.
"""

from pipelines.normalise.readers.htx import orders, rest, tickers

READERS = (*rest.READERS, *orders.READERS, *tickers.READERS)
STATEMENTS = (*rest.STATEMENTS, *orders.STATEMENTS, *tickers.STATEMENTS)
