"""Kraken spot is asked for one thing: what a stable coin was worth in dollars, hour by hour."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import Answer, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS, answer, whole, within_days
from pipelines.extract.turning import at_once
from pipelines.statements import Grade, Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "kraken_spot"
SINCE: Final = date(2019, 9, 1)
PAIRS: Final = ("USDTUSD", "USDCUSD")
_HOURS_KEPT_DAYS: Final = 29  # 720 rows at most, the present hour among them

_REFUSALS: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("Too many requests", TooManyRequests),
    ("Rate limit exceeded", TooManyRequests),
    ("Unknown asset pair", NotServed),
    ("EService", ServerFault),
    ("Internal error", ServerFault),
)


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """A list of errors stands in every answer; it is empty where there is none."""
    errors = told.get("error") if isinstance(told, dict) else None
    if not isinstance(errors, list):
        if told is not None and status == 200:
            return NotAnAnswer("it has no list of errors", retry=True, body=body)
        return by_status(status, body)
    if errors:
        words = "; ".join(map(str, errors))
        kind = next((kind for said, kind in _REFUSALS if said in words), OurRequest)
        return kind(f"it said {words!r}", body=body)
    return by_status(status, body)


classify = classifier(judge)

MANNERS: Final = Manners((Window("requests", 1, 1.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The pairs by the names that they are asked for."""
    names: set[str] = set()
    for body in bodies:
        pairs = strict_json.read(body).get("result")
        for pair in pairs.values() if isinstance(pairs, dict) else ():
            names.add(str(pair.get("altname", "")) if isinstance(pair, dict) else "")
    return tuple(sorted(names - {""}))


def _ask_candles(door: "Door", scope: Scope) -> Iterator[Answer]:
    """One answer a pair: all hours since the first one asked for, the present one among them."""
    span = whole(scope, HOUR_MS)
    for pair in scope.subjects if span else ():
        assert span is not None
        params: dict[str, str | int] = {
            "pair": pair,
            "interval": 60,
            "since": span.start_ms // 1000 - 1,
        }
        yield answer(door.get("/0/public/OHLC", params), (pair,), *span.days)


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "The pairs of stable coins against the dollar.",
        SINCE,
        at_once("/0/public/AssetPairs", pair=",".join(PAIRS)),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "stable_candles",
        "Hourly candles of USDT and USDC in dollars, as far back as 720 hours.",
        SINCE,
        _ask_candles,
        serves=lambda day, now: within_days(_HOURS_KEPT_DAYS, day, now),
    ),
)

STATEMENTS: Final = (
    Statement(
        "OHLC gives 720 rows at most, whatever is asked, the unfinished hour as the last one; "
        "`since` is exclusive.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement("About one public question a second is served.", "from memory", Grade.UNVERIFIED),
)
