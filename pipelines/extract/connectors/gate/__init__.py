"""Gate futures. A subject is spelled ``usdt:BTC_USDT`` or ``btc:BTC_USD``: what it settles in leads.

Liquidations are served an hour and a contract at a time. A contract's row does not say what it
settles in, but its name ends in the quote, which does.
"""

from typing import Final

from pipelines.extract.connectors.gate import rest, streams
from pipelines.extract.connectors.gate.manners import (
    MANNERS,
    SINCE,
    SOURCE,
    classify,
    judge,
    listed,
)
from pipelines.statements import Grade, Statement

__all__ = [
    "DATASETS",
    "MANNERS",
    "SINCE",
    "SOURCE",
    "STATEMENTS",
    "STREAMS",
    "classify",
    "judge",
    "listed",
]

DATASETS: Final = (*rest.DATASETS, *streams.DATASETS)
STREAMS: Final = streams.STREAMS

STATEMENTS: Final = (
    Statement(
        "200 questions in 10 s are served for each kind of question; we ask no more of all kinds.",
        "third parties; the rate limit in ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "liq_orders answers for an hour and 1,000 rows at most: 24 calls a contract and day, so "
        "that 600 contracts take twelve minutes of the limit.",
        "vendor's SDK 7.2.161 for the hour and the rows; the rest is arithmetic",
        Grade.VENDOR,
    ),
    Statement(
        "Without a contract liq_orders passes over from and to and shows about the latest hour: "
        "a contract is always named.",
        "notes of another collector, 2026",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "How far back liq_orders reaches is not documented: 14 hours were read back in 2026-08. "
        "We ask 30 days back; an empty hour may be one that is no longer kept, which the sums of "
        "contract_stats would show.",
        "open point of the reference",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether `to` of liq_orders is included, and in which order its rows come, is not "
        "documented; neither is relied on.",
        "vendor's SDK is silent",
        Grade.UNVERIFIED,
    ),
    Statement(
        "contract_stats takes a beginning and a count and no end; it gives at least 100 buckets a "
        "page, oldest first; how far back it reaches is not documented.",
        "vendor's SDK for the parameters, ccxt 4.5.90 for the page; the order is assumed",
        Grade.UNVERIFIED,
    ),
    Statement(
        "funding_rate gives 1,000 rows at most. Refusals come with status 400, 401 or 429.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Candles are 2,000 a page, and of the latest 10,000 of an interval alone.",
        "vendor's SDK; the words of the refusal in ccxt 4.5.90",
        Grade.VENDOR,
    ),
    Statement(
        "The labels INTERNAL and SERVER_ERROR mean a fault of the venue's own.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A contract named by its base and USD settles in bitcoin, one named by USDT in USDT.",
        "the names in the vendor's examples; no document says that it is a rule",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The socket takes `!all` in place of a contract; `time` of a message is not checked where "
        "nobody logs in, and the ticker of BTC_USD speaks often enough to be a sign of life.",
        "third parties for `!all`; the rest is assumed",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Contracts that settle in USD1 have a socket of their own since 2026-08-19; they are not "
        "asked for.",
        "third party's notes",
        Grade.THIRD_PARTY,
    ),
)
