"""KuCoin futures. It publishes no liquidations at all, so there is nothing of them to ask for.

Open interest has a history only at the host of the unified account; all else is asked of the host
of futures, and both answer in one envelope.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract.asking import Dataset, Kept, Scope
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
from pipelines.extract.manners import Heard, Manners, Window, classifier, count_in, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS
from pipelines.extract.turning import Params, Series, SeriesOf, at_once, by_spans, stamps_ms
from pipelines.statements import Grade, Statement

SOURCE: Final = "kucoin"
SINCE: Final = date(2020, 1, 1)
UNIFIED: Final = "api.kucoin.com"
_INTERESTS_A_PAGE: Final = 200
_RATES_A_PAGE: Final = 100
_CANDLES_A_PAGE: Final = 200  # the lower of the two counts that are told
_CANDLES_WEIGH: Final = 3

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "400000": NotServed,
    "400100": OurRequest,
    "429000": TooManyRequests,
    "500000": ServerFault,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``code`` decides where there is one, whatever the status."""
    code = text_of(told, "code") if isinstance(told, dict) else ""
    if not code:
        error = by_status(status, body)
        strange = None if told is None else NotAnAnswer("it has no code", retry=True, body=body)
        return error or strange
    if code == "200000":
        whole_answer = status == 200 and "data" in told
        return None if whole_answer else NotAnAnswer("it has no data in it", body=body)
    words = text_of(told, "msg")
    kind = _REFUSALS.get(code)
    if kind is None:
        by_http = by_status(status)
        kind = OurRequest if by_http is None else type(by_http)
    if "trading pair" in words.lower():
        kind = NotServed
    return kind(f"code {code}, {words!r}", body=body)


classify = classifier(judge)
_WINDOW: Final = Window("weight", 2000, 30.0)


def hears(headers: Headers) -> Iterator[Heard]:
    """How much weight is left; believed only if told of the same limit that the budget keeps."""
    most = count_in(headers, "gw-ratelimit-limit")
    left = count_in(headers, "gw-ratelimit-remaining")
    if left is not None and most == _WINDOW.amount:
        yield Heard(_WINDOW.name, used=max(most - left, 0))


MANNERS: Final = Manners((_WINDOW,), judge, hears)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every contract by its symbol."""
    symbols: set[str] = set()
    for body in bodies:
        for row in strict_json.read(body)["data"]:
            symbols.add(text_of(row, "symbol") if isinstance(row, dict) else "")
    return tuple(sorted(symbols - {""}))


def _rows(told: Any) -> Any:
    return told["data"]


def _series(
    path: str,
    time: str | int,
    most: int,
    *,
    host: str | None = None,
    weight: int = 1,
    **fixed: str | int,
) -> SeriesOf:
    def of(subject: str, scope: Scope) -> Series:
        params: Params = {"symbol": subject, **fixed}
        cost = {_WINDOW.name: weight}
        return Series(path, params, _rows, stamps_ms(time), most, cost=cost, host=host)

    return of


def _from_and_to(start_ms: int, last_ms: int) -> Params:
    return {"from": start_ms, "to": last_ms}


def _start_and_end(start_ms: int, last_ms: int) -> Params:
    return {"startAt": start_ms, "endAt": last_ms}


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every contract that trades, linear and inverse.",
        SINCE,
        at_once("/api/v1/contracts/active"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest in lots, by hour.",
        SINCE,
        by_spans(
            _series(
                "/api/ua/v1/market/open-interest",
                "ts",
                _INTERESTS_A_PAGE,
                host=UNIFIED,
                interval="1hour",
                pageSize=_INTERESTS_A_PAGE,
            ),
            _start_and_end,
            HOUR_MS,
        ),
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each settled funding rate.",
        SINCE,
        # at most one settlement an hour, so that no page can be too short for its stretch
        by_spans(
            _series("/api/v1/contract/funding-rates", "timepoint", _RATES_A_PAGE),
            _from_and_to,
            HOUR_MS,
        ),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        by_spans(
            _series(
                "/api/v1/kline/query", 0, _CANDLES_A_PAGE, weight=_CANDLES_WEIGH, granularity=60
            ),
            _from_and_to,
            HOUR_MS,
        ),
        weighs=True,  # open interest is in coins
    ),
)

STATEMENTS: Final = (
    Statement(
        "No liquidations are published: REST has no such path, and every topic of the socket that "
        "could carry them is answered with 404.",
        "notes of another collector, 2026; the vendor's documents have none",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "The history of open interest is below /api/ua/v1/ at the host of the unified account.",
        "the parameters are those of ccxt 4.5.90; the beginning of the path is from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "How far back open interest and candles reach is not documented.",
        "open point of the reference",
        Grade.UNVERIFIED,
    ),
    Statement(
        "funding-rates needs both bounds and gives 100 rows at most.",
        "vendor's document for the bounds; the count is from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A page of candles holds 500 rows by the vendor's SDK and 200 by a remark in ccxt; 200 "
        "are asked for. The last moment asked for is included.",
        "vendor's SDK 1.3.2 and ccxt 4.5.90, which disagree",
        Grade.UNVERIFIED,
    ),
    Statement(
        "About 2,000 of weight in 30 s are open to everybody, told of in gw-ratelimit headers.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A page of candles weighs 3; what other questions weigh is not known, and 1 is taken.",
        "vendor's SDK 1.3.2 for the candles",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Code 500000 means a fault of the venue's own, and market data need no key.",
        "from memory; ccxt 4.5.90 asks without one",
        Grade.UNVERIFIED,
    ),
)
