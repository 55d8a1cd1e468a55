"""What is believed of asking Kraken Futures, and on what ground."""

from typing import Final

from pipelines.statements import Grade, Statement

_NOTES: Final = "another project's notes"

STATEMENTS: Final = (
    Statement(
        "No limit of the public paths is documented; 100 questions in 10 seconds is our own.",
        "no document found",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Refusals name a word in `error`, often with status 200.",
        "ccxt 4.5.90, krakenfutures exact codes",
        Grade.OBSERVED,
    ),
    Statement(
        "The tape of executions goes back to 2022-03-23 for PF_XBTUSD, 1000 a page.",
        "another project's check of 2026-07-17; a sample in ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`liquidation-volume` is one sum an hour, not parted by side, in a unit that no document "
        "names: it is kept as it came and read by nobody.",
        "open point of the reference",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Analytics give the oldest hours from `since` first; `more` says that some are missing.",
        "by analogy with the candles",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A call gives 2000 candles at most; `from` and `to` are in seconds.",
        "ccxt 4.5.90, krakenfutures",
        Grade.OBSERVED,
    ),
    Statement(
        "`historicalfundingrates` gives the whole history in one answer.",
        "ccxt 4.5.90, krakenfutures",
        Grade.OBSERVED,
    ),
    Statement(
        "The socket is at /ws/v1; its feed `trade` is subscribed to by product.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A subscription to `trade` is answered with a snapshot of the last trades first.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
)
