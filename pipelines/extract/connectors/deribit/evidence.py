"""On what grounds Deribit is asked as it is."""

from typing import Final

from pipelines.statements import Grade, Statement

STATEMENTS: Final = (
    Statement(
        "A question costs 500 credits and 10,000 come back each second: 20 questions.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Without a key the limits are stricter for each address; by how much is not said.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "At most 1,000 trades come at once, and the host of history has all since the launch.",
        "other projects' notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The next page of trades begins at the last instant of the one before, and `has_more` says "
        "whether there is one; start and end are included.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "How far back the usual host gives trades: it is asked for two days, the host of history "
        "for what is older.",
        "nothing that was read says it",
        Grade.UNVERIFIED,
    ),
    Statement(
        "At most 744 hours of funding and 5,000 bars come at once.",
        "ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "There is no history of open interest; a book summary tells it for the moment.",
        "vendor's list of methods as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "`trades.future.<currency>.100ms` has the trades of all futures that are settled in it.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`ticker.BTC-PERPETUAL.100ms` has the shape of the raw channel that was seen.",
        "frames of 2019-08-01 of the raw channel",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Futures are settled in BTC, ETH or USDC; other currencies are not asked about.",
        "the names in what was read",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Candles of the mark price come only from the host of history, and are not asked for.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Candles of the index may be served; they are not asked for.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
)
