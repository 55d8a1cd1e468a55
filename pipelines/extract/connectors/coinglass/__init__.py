"""CoinGlass v4 is asked for coins over venues that we choose, for pairs, and for lists of both.

A key is needed for everything, and a higher plan for some of it.
"""

from typing import Final

from pipelines.extract.connectors.coinglass.around import AROUND
from pipelines.extract.connectors.coinglass.histories import HISTORIES
from pipelines.extract.connectors.coinglass.lists import LISTS, listed
from pipelines.extract.connectors.coinglass.names import EXCHANGE_LIST, SINCE, SOURCE
from pipelines.extract.connectors.coinglass.refusals import MANNERS, classify, judge
from pipelines.statements import Grade, Statement

DATASETS: Final = (*LISTS, *HISTORIES, *AROUND)

_DOCUMENTS = "vendor's documentation repository, 2026-01-26"
STATEMENTS: Final = (
    Statement(
        "A history gives 1000 rows at most, oldest first, from `start_time` to `end_time` in ms.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement(
        "Weighted funding takes its bounds in ms, though its document says seconds.",
        "the sample in that document, 2026-01-26",
        Grade.DERIVED,
    ),
    Statement(
        "A missing key is told with HTTP status 200 and code 401 in the body.",
        "another project's measurement, 2026-09-12",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Too many requests, missing parameters and faults of the server come as codes 400 and 500.",
        "thirty real answers",
        Grade.OBSERVED,
    ),
    Statement(
        "A plan that is too low for a question says so with code 403, or with `upgrade` in words.",
        "from memory; no such answer was seen",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Plans allow 30, 80, 300 or 1200 requests a minute; the headers tell which it is.",
        "third parties; the headers: vendor's documentation",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Single orders: at most 200 an answer, past seven days, plans from Standard on; "
        "`min_liquidation_amount` is compulsory.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement(
        "Which 200 orders come where there are more is not said: windows are halved until fewer do.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement(
        "Single orders may be asked for one `exchange`, and every venue of our own is one that is "
        "accepted there.",
        "the list of parameters; not tried",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The calendar reaches 15 days back and ahead, for plans from Startup on.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement("`exchange-list` without a symbol adds up all coins.", "not tried", Grade.UNVERIFIED),
)

__all__ = [
    "DATASETS",
    "EXCHANGE_LIST",
    "MANNERS",
    "SINCE",
    "SOURCE",
    "STATEMENTS",
    "classify",
    "judge",
    "listed",
]
