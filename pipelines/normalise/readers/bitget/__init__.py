"""Bitget. Subjects are `USDT-FUTURES:BTCUSDT`, so that the product type is never guessed."""

from pipelines.normalise.readers.bitget import liquidations, market, tickers

READERS = (*liquidations.READERS, *tickers.READERS, *market.READERS)
STATEMENTS = (*liquidations.STATEMENTS, *tickers.STATEMENTS, *market.STATEMENTS)
