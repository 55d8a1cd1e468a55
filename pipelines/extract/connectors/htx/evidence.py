"""What is believed of how HTX wants to be asked."""

from typing import Final

from pipelines.statements import Grade, Statement

_MEMORY: Final = "from memory, or by analogy with the linear swaps"


def _unverified(says: str, ground: str = _MEMORY) -> Statement:
    return Statement(says, ground, Grade.UNVERIFIED)


STATEMENTS: Final = (
    Statement(
        "240 questions in 3 s for an address, candles 800 a second; code 1032 beyond that.",
        "vendor's document of linear swaps, crawled in February 2026",
        Grade.VENDOR,
    ),
    Statement(
        "Orders are asked for at most 2 h at a time and 90 days back; `next` gives them oldest "
        "first, and `from_id` is then the highest id of the page before.",
        "vendor's document of the v3 query, crawled in February 2026",
        Grade.VENDOR,
    ),
    Statement(
        "Orders of v5: 2 h, 90 days, 100 a page, `from` the last id of the page before.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Open interest has no start: the last 200 points at most, newest first.",
        "vendor's document of linear swaps, crawled in February 2026",
        Grade.VENDOR,
    ),
    _unverified("Both bounds of a window of orders are included, and an id is never given twice."),
    _unverified("v5 gives the oldest first where `direct` is `next`, as v3 does."),
    _unverified("How many orders a page of v3 holds: pages are turned until one is empty."),
    _unverified("Every path of coin-margined swaps, its parameters and the shape of its answers."),
    _unverified("`from` and `to` of candles are both included."),
    _unverified("How far back the ratios of the largest traders reach: a day is taken."),
    _unverified("The sockets' paths: /linear-swap-notification and /swap-notification."),
    _unverified("The funding channel speaks about once a minute, which is the sign of life."),
    _unverified("The server's ping is `op: ping` with `ts`, answered by `op: pong` with the same."),
    _unverified("Daily candles end at midnight in UTC+8, so that only hours are asked."),
)
