"""BitMEX closed on 2026-09-23 at 04:00 UTC: nothing is asked, and captures of before are read.

Its listing went with it; the contracts of which a document was kept stand in a file of our own.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import captures, own_files
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.manners import Manners
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.statements import Grade, Statement

SOURCE: Final = "bitmex"
SINCE: Final = date(2019, 9, 1)
LAST_DAY: Final = date(2026, 9, 23)
MANNERS: Final = Manners()


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The contracts of the kept listing."""
    told = [tomllib.loads(body.decode("utf-8")).get("contract", []) for body in bodies]
    return tuple(sorted(str(contract["symbol"]) for one in told for contract in one))


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "The contracts whose terms a document tells, as a file of our own.",
        SINCE,
        own_files.file("ledger/bitmex.toml"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    captures.dataset(
        SOURCE,
        "liquidation",
        "Orders put into the table of active liquidations, from captured frames.",
        SINCE,
        until=LAST_DAY,
    ),
)

STATEMENTS: Final = (
    Statement(
        "The venue closed on 2026-09-23 at 04:00 UTC, announced on 2026-07-23; since 2026-08-26 "
        "it let positions only be reduced.",
        "github.com/thrasher-corp/gocryptotrader#2295 and github.com/ccxt/ccxt#29914",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Its REST path for liquidations told only orders active at that moment, without a time: "
        "it was no history.",
        "vendor's description of its API, mirrored in rektibus/exchange-docs @3b5108d",
        Grade.VENDOR,
    ),
    Statement(
        "Files of its trades and quotes stood at public.bitmex.com; whether they still do is "
        "not known.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
