"""dYdX v4 by its indexer: liquidations are told by their type among all trades of a market.

The tape is turned back by instants, and all trades of a block share one: a page's end parts
them, so the next page begins at the same instant again.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract import captures
from pipelines.extract.addresses import segment
from pipelines.extract.asking import Dataset, Kept, Scope
from pipelines.extract.errors import (
    Blocked,
    Headers,
    NotAnAnswer,
    NotServed,
    SourceError,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS
from pipelines.extract.streams import Stream
from pipelines.extract.turning import (
    Bounds,
    Series,
    SeriesOf,
    at_once,
    by_spans,
    newest_first,
    stamps_iso,
)
from pipelines.statements import Grade, Statement

SOURCE: Final = "dydx"
SINCE: Final = date(2023, 10, 26)
_MOST: Final = 1000
_MARKETS: Final = "/v4/perpetualMarkets"


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """The status decides; its list of errors tells an unknown market from a wrong question."""
    errors = told.get("errors") if isinstance(told, dict) else None
    if isinstance(errors, list):
        return _refusal(status, [one for one in errors if isinstance(one, dict)], body)
    if status == 200 and told is not None and not isinstance(told, dict):
        return NotAnAnswer("it is no object", retry=True, body=body)
    return by_status(status, body)


def _refusal(status: int, errors: list[dict[str, Any]], body: bytes) -> SourceError:
    words = "; ".join(text_of(one, "msg") for one in errors)
    said = f"status {status}, {words!r}"
    if any(one.get("code") == "GEOBLOCKED" for one in errors):
        return Blocked(said, body=body)
    if status == 400 and any(one.get("param") == "ticker" for one in errors):
        return NotServed(said, body=body)
    kind = type(by_status(status) or NotAnAnswer(said))
    return kind(said, body=body)


classify = classifier(judge)

MANNERS: Final = Manners((Window("requests", 100, 10.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every market, whatever its status."""
    tickers: set[str] = set()
    for body in bodies:
        markets = strict_json.read(body).get("markets")
        tickers |= set(markets) if isinstance(markets, dict) else set()
    return tuple(sorted(tickers - {""}))


def _iso(instant_ms: int) -> str:
    whole = datetime.fromtimestamp(instant_ms // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{instant_ms % 1000:03d}Z"


def _series(path: str, rows: str, stamp: str, **fixed: str) -> SeriesOf:
    def of(ticker: str, scope: Scope) -> Series:
        return Series(
            f"/v4/{path}/{segment(ticker)}",
            {"limit": _MOST, **fixed},
            rows=lambda told: told.get(rows),
            stamps=stamps_iso(stamp),
            most=_MOST,
            shares_instants=rows == "trades",
        )

    return of


def _until(name: str) -> Bounds:
    """There is no beginning to ask for: pages are turned until it is reached."""
    return lambda start_ms, last_ms: {name: _iso(last_ms)}


def _subscribed(tickers: Sequence[str]) -> Sequence[str]:
    told: list[dict[str, str]] = [{"type": "subscribe", "channel": "v4_markets"}]
    told += [{"type": "subscribe", "channel": "v4_trades", "id": ticker} for ticker in tickers]
    return [json.dumps(one) for one in told]


STREAMS: Final = (
    Stream(
        SOURCE,
        "v4_trades",
        "indexer.dydx.trade",
        "/v4/ws",
        _subscribed,
        events=(b'"liquidated"', b'"deleveraged"'),
        lives=(b'"v4_trades"', b'"v4_markets"'),  # somebody always trades
        subjects_a_connection=30,
    ),
)

DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every market, whatever its status.",
        SINCE,
        at_once(_MARKETS),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "The whole tape of a market; its liquidations are told by their type.",
        SINCE,
        newest_first(
            _series("trades/perpetualMarket", "trades", "createdAt"), _until("createdBeforeOrAt")
        ),
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest in coins of every market at the moment of asking.",
        SINCE,
        at_once(_MARKETS),
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each hourly funding rate.",
        SINCE,
        newest_first(
            _series("historicalFunding", "historicalFunding", "effectiveAt"),
            _until("effectiveBeforeOrAt"),
            ends_short=False,  # how many rows a page holds at most is not documented
        ),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price, each with the open interest at its beginning.",
        SINCE,
        by_spans(
            _series("candles/perpetualMarkets", "candles", "startedAt", resolution="1HOUR"),
            lambda start_ms, last_ms: {"fromISO": _iso(start_ms), "toISO": _iso(last_ms)},
            HOUR_MS,
        ),
        weighs=True,  # open interest is in coins, and stands in them
    ),
    captures.dataset(
        SOURCE,
        "v4_trades",
        "Liquidations among all trades, as the socket gave them and a collector wrote them down.",
        SINCE,
    ),
)

STATEMENTS: Final = (
    Statement(
        "The tape gives at most 1000 trades a page, newest first, up to and with the instant of "
        "`createdBeforeOrAt`.",
        "vendor's document, as mirrored in 2026-03",
        Grade.VENDOR,
    ),
    Statement(
        "Candles are bounded by `fromISO` and `toISO`, at most 1000 a page, newest first.",
        "vendor's document; ccxt spells both names otherwise",
        Grade.VENDOR,
    ),
    Statement(
        "A hundred questions in ten seconds are served.",
        "from memory; ccxt asks one in 100 ms",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Errors stand in a list with msg, param and location; a place that is not served is told "
        "by status 403 and the code GEOBLOCKED.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "At most 32 markets may be subscribed to on one connection; 30 are.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "How far back the indexer keeps trades is not documented, nor how many rates a page holds.",
        "open point",
        Grade.UNVERIFIED,
    ),
)
