"""What is believed of asking Bybit, and on what ground."""

from typing import Final

from pipelines.statements import Grade, Statement

_DOCS: Final = "vendor's documents of 2026-07-24"

STATEMENTS: Final = (
    Statement(
        "600 questions in 5 seconds and address; a breach is status 403 and lasts ten minutes.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "Refusals come with status 200: `retCode` decides. Status 403 also means a country.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "Without a status the listing names only what trades; Closed is one that may be asked for.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "Funding refuses a start alone; with both bounds the newest 200 rows come.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "A range of candles gives the candle that holds its start as well.",
        "ccxt 4.5.90, fetch_ohlcv",
        Grade.OBSERVED,
    ),
    Statement(
        "There is no history of liquidations over REST: a guessed path was status 404.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`allLiquidation` is subscribed to symbol by symbol, on a socket for each category.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "At most 500 new connections in 5 minutes, and 1000 of an address for each market.",
        _DOCS,
        Grade.VENDOR,
    ),
    Statement(
        "The server wants a ping every 20 seconds.", "another project's notes", Grade.THIRD_PARTY
    ),
    Statement(
        "A connection takes 200 topics, and a refused topic takes its whole message with it.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
