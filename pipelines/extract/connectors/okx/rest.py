"""OKX v5: every answer is a list in one envelope, newest first, and its pages are turned backwards.

Only hours are asked: buckets of six hours and more begin at UTC+8 unless their name ends in `utc`.
Bounds fall between the hours, so that it does not matter which of them are included.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract.asking import Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS, within_days
from pipelines.extract.turning import (
    Params,
    Series,
    SeriesOf,
    at_once,
    newest_first,
    one_after_another,
    stamps_ms,
)

SOURCE: Final = "okx"
SINCE: Final = date(2020, 1, 1)
STATISTICS_SINCE: Final = date(2024, 2, 1)
_STATISTICS_DAYS: Final = 59  # 1440 hours, the present one among them
_FUNDING_DAYS: Final = 89
_FORCED_DAYS: Final = 6

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "50005": NotServed,
    "50011": TooManyRequests,
    "50013": ServerFault,
    "50014": OurRequest,
    "50110": KeyRefused,
    "50111": KeyRefused,
    "50113": KeyRefused,
    "51000": OurRequest,
    "51001": NotServed,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``code`` decides, also with status 200; HTTP status only where there is none."""
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        error = by_status(status, body)
        return error or (told and NotAnAnswer("it has no code", retry=True, body=body))
    code = told["code"]
    if code == "0":
        whole_answer = status == 200 and isinstance(told.get("data"), list)
        return None if whole_answer else NotAnAnswer("it has no data in it", body=body)
    by_http = by_status(status)
    kind = _REFUSALS.get(code, OurRequest if by_http is None else type(by_http))
    return kind(f"code {code}, {text_of(told, 'msg')!r}", body=body)


classify = classifier(judge)

# Each path has a limit of its own. Those of the listing and of mark prices are not documented in
# what was read; they are held to that of the index.
MANNERS: Final = Manners(
    (
        Window("listing", 10, 2.0),
        Window("candles", 20, 2.0),
        Window("mark_candles", 10, 2.0),
        Window("open_interest", 10, 2.0),
        Window("funding", 10, 2.0),
        Window("long_short", 5, 2.0),
        Window("liquidations", 40, 2.0),
    ),
    judge,
)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every swap and every dated contract."""
    names: set[str] = set()
    for body in bodies:
        rows = strict_json.read(body).get("data")
        for row in rows if isinstance(rows, list) else ():
            names.add(text_of(row, "instId") if isinstance(row, dict) else "")
    return tuple(sorted(names - {""}))


def is_perpetual(inst_id: str) -> bool:
    """By its name: swaps, and perpetuals that are listed among the dated contracts."""
    return inst_id.endswith("-SWAP") or "_XPERP-" in inst_id


def _rows(told: Any) -> Any:
    return told["data"]


def _details(told: Any) -> Any:
    """The single liquidations of all contracts of an answer."""
    found = [row.get("details") if isinstance(row, dict) else None for row in told["data"]]
    return [one for details in found if isinstance(details, list) for one in details]


def _series(path: str, window: str, most: int, stamp: str | int, **fixed: str) -> SeriesOf:
    def series(inst_id: str, scope: Scope) -> Series:
        told: Params = {"instId": inst_id, **fixed, "limit": most}
        return Series(path, told, _rows, stamps_ms(stamp), most, cost={window: 1})

    return series


def _forced(inst_id: str, scope: Scope) -> Series:
    """Asked by family: all contracts of one pair, of the one kind, are in the answer."""
    family = inst_id.rpartition("-")[0]
    kind = "SWAP" if inst_id.endswith("-SWAP") else "FUTURES"
    told: Params = {"instType": kind, "instFamily": family, "state": "filled", "limit": 100}
    path = "/api/v5/public/liquidation-orders"
    return Series(path, told, _details, stamps_ms("ts"), 100, cost={"liquidations": 1})


def _older(first_ms: int, last_ms: int) -> Params:
    """Whatever is older than the end; it has no beginning, and the last page may reach too far."""
    return {"after": last_ms}


def _older_event(first_ms: int, last_ms: int) -> Params:
    return {"after": last_ms + 1}


def _between(first_ms: int, last_ms: int) -> Params:
    return {"begin": first_ms - 1, "end": last_ms}


def _listing(kind: str) -> Any:
    return at_once("/api/v5/public/instruments", instType=kind)


_MARKET: Final = "/api/v5/market"
_STATISTICS: Final = "/api/v5/rubik/stat/contracts"

DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every swap and dated contract with what one contract is.",
        SINCE,
        one_after_another(_listing("SWAP"), _listing("FUTURES")),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest by hour in contracts, coins and dollars; the last 1,440 hours.",
        STATISTICS_SINCE,
        newest_first(
            _series(f"{_STATISTICS}/open-interest-history", "open_interest", 100, 0, period="1H"),
            _between,
            HOUR_MS,
        ),
        weighs=True,
        serves=lambda day, now: within_days(_STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each settled funding rate of perpetuals; the last three months.",
        SINCE,
        newest_first(
            _series("/api/v5/public/funding-rate-history", "funding", 400, "fundingTime"),
            _older,
            HOUR_MS,
        ),
        wants=is_perpetual,
        serves=lambda day, now: within_days(_FUNDING_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        newest_first(
            _series(f"{_MARKET}/history-candles", "candles", 300, 0, bar="1H"), _older, HOUR_MS
        ),
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        newest_first(
            _series(f"{_MARKET}/history-mark-price-candles", "mark_candles", 100, 0, bar="1H"),
            _older,
            HOUR_MS,
        ),
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Accounts that are net long over those that are net short, by hour; the last 1,440 hours.",
        STATISTICS_SINCE,
        newest_first(
            _series(
                f"{_STATISTICS}/long-short-account-ratio-contract",
                "long_short",
                100,
                0,
                period="1H",
            ),
            _between,
            HOUR_MS,
        ),
        serves=lambda day, now: within_days(_STATISTICS_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Liquidations of the last days from a path that is documented no more and may end any day.",
        SINCE,
        newest_first(_forced, _older_event),
        serves=lambda day, now: within_days(_FORCED_DAYS, day, now),
    ),
)
