"""On what grounds OKX is asked as it is."""

from typing import Final

from pipelines.statements import Grade, Statement

_OPEN: Final = "an open point, to be checked against the live source"
STATEMENTS: Final = (
    Statement(
        "A refusal is a code in the answer, with status 200 or another.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Open interest and ratios reach back 1,440 entries, funding three months.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "`public/liquidation-orders` is in no document of 2026 and answered in 2026-09: one family "
        "a question, 100 rows, the newest over an hour old. It may end any day.",
        "another project's measurement of 2026-09-13",
        Grade.THIRD_PARTY,
    ),
    Statement("Whether that path still answers.", _OPEN, Grade.UNVERIFIED),
    Statement(
        "There, `after` gives what is older than that instant, and seven days are answered for.",
        _OPEN,
        Grade.UNVERIFIED,
    ),
    Statement(
        "The family of a contract is its name without the last part.",
        "the names in the vendor's samples; the families of perpetuals with a date were not seen",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The first push after subscribing may be a replay; an event heard on two connections "
        "counts once, so it does no harm beside the frames that it repeats.",
        "tardis-node of 2026-08 drops that push",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The liquidation channel takes only the kind of contract; other words are ignored.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Open interest of BTC is pushed every few seconds, so a minute without it is silence.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The listing and the candles of mark prices bear ten questions in two seconds.",
        "by analogy with the index; no limit of theirs was read",
        Grade.UNVERIFIED,
    ),
    Statement("Other regions have other hosts.", "from memory", Grade.UNVERIFIED),
)
