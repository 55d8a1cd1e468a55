"""Bitfinex derivatives. A subject is a symbol, as ``tBTCF0:USTF0``; everything comes as arrays.

One history tells the liquidations of all symbols, margin positions in spot pairs among them, and is
asked about everything at once: three questions a minute leave no other way.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract import captures
from pipelines.extract.addresses import segment
from pipelines.extract.asking import Ask, Dataset, Kept, Scope
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
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS
from pipelines.extract.streams import Stream
from pipelines.extract.turning import (
    Params,
    Series,
    SeriesOf,
    at_once,
    by_spans,
    newest_first,
    stamps_ms,
)
from pipelines.statements import Grade, Statement

SOURCE: Final = "bitfinex"
SINCE: Final = date(2019, 9, 10)
HOST: Final = "api-pub.bitfinex.com"
LISTING: Final = "/v2/conf/pub:list:pair:futures"
BUSY: Final = "tBTCF0:USTF0"
_EVENTS_A_PAGE: Final = 500
_CANDLES_A_PAGE: Final = 10_000

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "10020": OurRequest,
    "11010": TooManyRequests,
    "20060": ServerFault,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """A refusal is an array that begins with "error"; its code decides, whatever the status."""
    if isinstance(told, list) and told[:1] == ["error"]:
        return _refusal(status, [str(word) for word in told[1:3]], body)
    error = by_status(status, body)
    if error is None and told is not None and not isinstance(told, list):
        return NotAnAnswer("it is no array", retry=True, body=body)
    return error


def _refusal(status: int, said: list[str], body: bytes) -> SourceError:
    code, words = (*said, "", "")[:2]
    by_http = by_status(status)
    kind = _REFUSALS.get(code) or (OurRequest if by_http is None else type(by_http))
    if "ratelimit" in words:
        kind = TooManyRequests
    elif "symbol" in words or "key: invalid" in words:
        kind = NotServed
    return kind(f"error {code}, {words!r}", body=body)


classify = classifier(judge)

MANNERS: Final = Manners(
    (
        Window("listing", 30, 60.0),
        Window("liquidations", 3, 60.0),
        Window("status", 90, 60.0),
        Window("candles", 30, 60.0),
    ),
    judge,
)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every pair of derivatives as a symbol, which has a ``t`` in front."""
    names: set[str] = set()
    for body in bodies:
        told = strict_json.read(body)
        pairs = told[0] if isinstance(told, list) and told else ()
        names |= {f"t{pair}" for pair in pairs if isinstance(pair, str) and pair}
    return tuple(sorted(names))


def _flat(told: Any) -> Any:
    """Rows stand one by one, or several together, in arrays of their own."""
    groups = told if isinstance(told, list) else ()
    return [row for group in groups for row in (group if isinstance(group, list) else [group])]


def _bounds(start_ms: int, last_ms: int) -> Params:
    return {"start": start_ms, "end": last_ms}


def _liquidations(subject: str, scope: Scope) -> Series:
    return Series(
        "/v2/liquidations/hist",
        {"limit": _EVENTS_A_PAGE, "sort": -1},
        rows=_flat,
        stamps=stamps_ms(2),
        most=_EVENTS_A_PAGE,
        cost={"liquidations": 1},
        shares_instants=True,  # what a page's end parts comes twice, and is told by its id
    )


def _states(subject: str, scope: Scope) -> Series:
    """The first state of each hour: how many there are in between is not documented."""
    return Series(
        f"/v2/status/deriv/{segment(subject)}/hist",
        {"limit": 1, "sort": 1},
        rows=lambda told: told,
        stamps=stamps_ms(0),
        most=1,
        cost={"status": 1},
    )


def _candles(subject: str, scope: Scope) -> Series:
    return Series(
        f"/v2/candles/{segment(f'trade:1h:{subject}')}/hist",
        {"limit": _CANDLES_A_PAGE, "sort": 1},
        rows=lambda told: told,
        stamps=stamps_ms(0),
        most=_CANDLES_A_PAGE,
        cost={"candles": 1},
    )


def _says(subjects: Sequence[str]) -> Sequence[str]:
    keys = ("liq:global", f"deriv:{BUSY}")
    return [json.dumps({"event": "subscribe", "channel": "status", "key": key}) for key in keys]


def _by_hour(series_of: SeriesOf) -> Ask:
    return by_spans(series_of, _bounds, HOUR_MS)


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every pair of derivatives that trades.",
        SINCE,
        at_once(LISTING),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Every liquidation of all symbols, those of margin positions in spot pairs among them.",
        SINCE,
        newest_first(_liquidations, _bounds),
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "status",
        "The first state of each hour: prices, open interest in coins, and the funding rate.",
        SINCE,
        _by_hour(_states),
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price; hours without a trade are left out.",
        SINCE,
        _by_hour(_candles),
        weighs=True,  # open interest is in coins
    ),
    captures.dataset(
        SOURCE,
        "liq_global",
        "Every liquidation as the socket gave it, with states of one busy market beside it.",
        SINCE,
    ),
)

STREAMS: Final = (
    Stream(
        SOURCE,
        "liq_global",
        HOST,
        "/ws/2",
        _says,
        events=(b'"pos"',),
        lives=(b"null", b'"hb"'),  # a state has empty places; a heartbeat comes every 15 seconds
        break_s=20.0,
    ),
)

STATEMENTS: Final = (
    Statement(
        "`liquidations/hist` tells all symbols, at most 500 rows a page, by `start` and `end`; "
        "three questions a minute are served.",
        "vendor's document, as mirrored in 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "States are served 90 times a minute, at most 5000 a page; candles 30 times, at most "
        "10,000 a page.",
        "vendor's document, as mirrored in 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "How far back liquidations and states reach, and how dense states are, is not documented.",
        "open point",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`start` and `end` are both included.",
        "by analogy with its other histories",
        Grade.UNVERIFIED,
    ),
    Statement(
        "The listing is one array of pairs inside an array; what limit it has is not documented.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        'A refusal is `["error", code, words]`: 11010 is the rate limit, and a symbol or a key '
        "that it does not know is named in the words.",
        "code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "10020 is a parameter that it refuses, 20060 maintenance; the rate limit may come as status "
        "429.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A channel without news says a heartbeat every 15 seconds.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
