"""Hyperliquid: every question is a POST of JSON to one path, and is told by its ``type``.

It has no public feed of all liquidations, hence no stream here. What its nodes write down, fill
by fill, lies in an archive that its reader pays for; whoever has fetched hours of it puts them
where ``hyperliquid/node_fills`` looks for them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract import hour_files
from pipelines.extract.asking import EVERYTHING, Answer, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    OurRequest,
    SourceError,
    by_status,
    one_line,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.paging import not_an_answer
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS, answer, within_days
from pipelines.extract.turning import Params, Series, by_spans, oldest_first, stamps_ms
from pipelines.statements import Grade, Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "hyperliquid"
SINCE: Final = date(2023, 5, 20)
_PATH: Final = "/info"
_RATES_A_PAGE: Final = 500
_CANDLES_KEPT: Final = 5000
_CANDLES_KEPT_DAYS: Final = 207  # whole days within 5000 hours, whatever the time of day
# A question weighs 20, and more for each so many rows that it brings.
_WEIGHT: Final = 20
_RATES_A_WEIGHT: Final = 20
_CANDLES_A_WEIGHT: Final = 60


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """The status decides; its refusals are plain text, but for one shape of its other path."""
    if isinstance(told, dict) and told.get("status") == "err":
        return OurRequest(f"it said {text_of(told, 'response')!r}", body=body)
    if status == 422:
        return OurRequest(f"status 422: {one_line(body.decode('utf-8', 'replace'))!r}", body=body)
    if status == 200 and told is not None and not isinstance(told, list):
        return NotAnAnswer("it is no list", retry=True, body=body)
    return by_status(status, body)


classify = classifier(judge)

MANNERS: Final = Manners((Window("weight", 1200, 60.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every perpetual of its own dex, delisted ones among them."""
    names: set[str] = set()
    for body in bodies:
        told = strict_json.read(body)
        universe = told[0].get("universe", ()) if isinstance(told, list) and told else ()
        names |= {str(row.get("name") or "") for row in universe if isinstance(row, dict)}
    return tuple(sorted(names - {""}))


def _ask_markets(door: "Door", scope: Scope) -> Iterator[Answer]:
    """Two lists of equal length: what the markets are, and how they stand."""
    reply = door.post(_PATH, {"type": "metaAndAssetCtxs"}, cost={"weight": _WEIGHT})
    told = reply.told
    if len(told) != 2 or not isinstance(told[0], dict) or not isinstance(told[1], list):
        raise not_an_answer(reply, "it is no pair of markets and their states")
    yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)


def _hours(scope: Scope, most: int) -> int:
    """How many hourly rows one page of these days brings at most."""
    return min(((scope.last_day - scope.first_day).days + 1) * 24, most)


def _rates(coin: str, scope: Scope) -> Series:
    rows = _hours(scope, _RATES_A_PAGE)
    return Series(
        _PATH,
        {"type": "fundingHistory", "coin": coin},
        rows=lambda told: told,
        stamps=stamps_ms("time"),
        most=_RATES_A_PAGE,
        cost={"weight": _WEIGHT + -(-rows // _RATES_A_WEIGHT)},
        posts=dict,
    )


def _candles(coin: str, scope: Scope) -> Series:
    rows = _hours(scope, _CANDLES_KEPT)
    return Series(
        _PATH,
        {"coin": coin, "interval": "1h"},
        rows=lambda told: told,
        stamps=stamps_ms("t"),
        most=_CANDLES_KEPT,
        cost={"weight": _WEIGHT + -(-rows // _CANDLES_A_WEIGHT)},
        posts=lambda params: {"type": "candleSnapshot", "req": dict(params)},
    )


def _bounds(start_ms: int, last_ms: int) -> Params:
    return {"startTime": start_ms, "endTime": last_ms}


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every perpetual of its own dex, delisted ones among them.",
        SINCE,
        _ask_markets,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest in coins of every perpetual at the moment of asking.",
        SINCE,
        _ask_markets,
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each hourly funding rate.",
        SINCE,
        oldest_first(_rates, _bounds),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price, as far back as 5,000 hours.",
        SINCE,
        by_spans(_candles, _bounds, HOUR_MS),
        weighs=True,  # open interest is in coins
        serves=lambda day, now: within_days(_CANDLES_KEPT_DAYS, day, now),
    ),
    hour_files.dataset(
        SOURCE,
        "node_fills",
        "Liquidations among the fills that a node wrote down, in hourly files that a user fetched.",
        date(2025, 5, 25),
        word=b'"liquidation"',
    ),
)

STATEMENTS: Final = (
    Statement(
        "1200 of weight a minute are served; most questions weigh 20, and one more for each 20 "
        "rates or 60 candles that they bring.",
        "vendor's document, as mirrored in 2026-03",
        Grade.VENDOR,
    ),
    Statement(
        "No public feed shows all liquidations: its socket refuses such a subscription, and its "
        "trades carry no mark.",
        "notes of two other projects",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`fundingHistory` gives at most 500 rows, oldest first; `candleSnapshot` reaches back 5000 "
        "candles of an interval.",
        "vendor's document, and the code of ccxt 4.5.90",
        Grade.VENDOR,
    ),
    Statement(
        "Fills of all users lie in node_fills_by_block/hourly/YYYYMMDD/HH.lz4 since 2025-07-27, "
        "in node_fills since 2025-05-25.",
        "notes of another project",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The file of an hour has the fills that a node saw in that UTC hour; its name has the hour "
        "with one digit or two.",
        "by analogy with its other archives",
        Grade.UNVERIFIED,
    ),
    Statement(
        "What it answers about a coin that it does not know is not documented.",
        "open point",
        Grade.UNVERIFIED,
    ),
)
