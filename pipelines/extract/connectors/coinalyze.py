"""Coinalyze v1 is asked for markets, up to 20 in one question that costs as many calls.

``BTCUSDT_PERP.A`` is one market of one venue: ``.A`` is its code for Binance, not for all.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    SourceError,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import (
    ALL_AT_ONCE,
    DAY_MS,
    HOUR_MS,
    answer,
    day_is_over,
    whole,
    within_days,
)
from pipelines.statements import Grade, Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "coinalyze"
SINCE: Final = date(2019, 9, 1)
_MARKETS_A_CALL: Final = 20
_HOURS_KEPT_DAYS: Final = 60  # 62 to 83 days of hours were seen


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """HTTP status decides; an answer with status 200 is a list."""
    error = by_status(status, body)
    words = text_of(told, "message", "error") if isinstance(told, dict) else ""
    if error is not None and words:
        return type(error)(f"{error.reason}, {words!r}", body=body)
    if error is None and told is not None and not isinstance(told, list):
        return NotAnAnswer(f"it is no list of markets {words!r}", retry=True, body=body)
    return error


classify = classifier(judge)

MANNERS: Final = Manners((Window("calls", 40, 60.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The perpetual markets; the list of venues has none."""
    markets: set[str] = set()
    for body in bodies:
        for row in strict_json.read(body):
            if isinstance(row, dict) and row.get("is_perpetual") is True:
                markets.add(str(row.get("symbol", "")))
    return tuple(sorted(markets - {""}))


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    for path in ("/v1/exchanges", "/v1/future-markets"):
        yield answer(door.get(path), (EVERYTHING,), scope.first_day, scope.last_day)


def _history(path: str, interval: str, bucket_ms: int, **more: str) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        span = whole(scope, bucket_ms)
        if span is None:
            return
        for first in range(0, len(scope.subjects), _MARKETS_A_CALL):
            markets = scope.subjects[first : first + _MARKETS_A_CALL]
            params: dict[str, str | int] = {
                "symbols": ",".join(markets),
                "interval": interval,
                "from": span.start_ms // 1000,
                "to": span.last_ms // 1000,
                **more,
            }
            reply = door.get(path, params, cost={"calls": len(markets)})
            yield answer(reply, markets, *span.days)

    return ask


def _daily(name: str, about: str, path: str, *, weighs: bool = False, **more: str) -> Dataset:
    return Dataset(
        SOURCE,
        name,
        about,
        SINCE,
        _history(path, "daily", DAY_MS, **more),
        subjects_a_call=_MARKETS_A_CALL,
        weighs=weighs,
        serves=day_is_over,
    )


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "The venues and their codes, and every futures market of theirs.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    _daily(
        "liquidations",
        "Longs and shorts liquidated a day, by market, in the market's own unit.",
        "/v1/liquidation-history",
        convert_to_usd="false",
    ),
    Dataset(
        SOURCE,
        "liquidations_hourly",
        "The same by hour, as far back as hours are kept.",
        SINCE,
        _history("/v1/liquidation-history", "1hour", HOUR_MS, convert_to_usd="false"),
        subjects_a_call=_MARKETS_A_CALL,
        serves=lambda day, now: within_days(_HOURS_KEPT_DAYS, day, now),
    ),
    _daily(
        "open_interest",
        "Open interest by market, daily candles, in the market's own unit.",
        "/v1/open-interest-history",
        weighs=True,
        convert_to_usd="false",
    ),
    _daily(
        "funding",
        "Funding rate by market, daily candles, in percent.",
        "/v1/funding-rate-history",
    ),
    _daily(
        "long_short",
        "Long/short ratio by market, daily.",
        "/v1/long-short-ratio-history",
    ),
    # Open interest is in coins: it weighs nothing without the price of the same market.
    _daily("price", "Daily candles by market.", "/v1/ohlcv-history", weighs=True),
)

STATEMENTS: Final = (
    Statement(
        "40 calls a minute and key; each symbol of a question is a call, 20 at most; too many are "
        "told with status 429 and Retry-After.",
        "third parties, and the package coinalyze 0.1.1",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A bad key is told with status 401, a bad parameter with 400, both with a `message`.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Hours are kept for 1500 to 2000 points, 62 to 83 days; days are kept for ever.",
        "third parties",
        Grade.THIRD_PARTY,
    ),
    Statement("`from` and `to` are seconds, both included.", "third parties", Grade.THIRD_PARTY),
)
