"""On what ground we ask Bitget as we do."""

from typing import Final

from pipelines.statements import Grade, Statement

STATEMENTS: Final = (
    Statement(
        "Liquidations reach three days back and may be late; newest first, at most 100 a page, on "
        "by `cursor`, of a whole product type at once; five questions a second are served.",
        "notes of another project",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The page of liquidations without a cursor is the last one.",
        "by analogy with other lists",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Funding rates come newest first, by numbered pages of at most 100.",
        "code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Candles of the past are served 200 a question, within 90 days from start to end.",
        "code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`startTime` and `endTime` of candles are both included.",
        "by analogy with other histories",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Daily candles begin at midnight in UTC+8: only hours are asked.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`tickers` of a product type tell the open interest of all its contracts at once.",
        "from memory; its socket's tickers have the same fields",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A contract's quote tells its product type: USDT, USDC, or USD for coin-margined ones.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Ratios are served once a second, by symbol alone; they reach back a day at least, and only "
        "contracts in USDT have them.",
        "the rate by ccxt 4.5.90, the rest from memory",
        Grade.UNVERIFIED,
    ),
    Statement("Other questions are served 20 times a second.", "from memory", Grade.UNVERIFIED),
    Statement(
        "Codes 40017, 40034 and 400172 refuse a parameter, 40309 a removed symbol, 429 a rate.",
        "code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement("40010 and 40725 are faults of its own.", "from memory", Grade.UNVERIFIED),
    Statement(
        "The socket's liquidations have no older form: the first frame shown is of 2026-04-28.",
        "code of another project",
        Grade.THIRD_PARTY,
    ),
)
