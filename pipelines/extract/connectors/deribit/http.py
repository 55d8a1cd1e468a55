"""Deribit v2: JSON-RPC over GET. Its liquidations are trades with a flag, among all trades.

So the whole tape of a contract is read, oldest first. Many trades share a millisecond: each page
begins with the last instant of the one before, and a reader takes that instant from the later page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Blocked,
    Headers,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS
from pipelines.extract.turning import (
    Params,
    Series,
    SeriesOf,
    Stamps,
    at_once,
    by_spans,
    oldest_first,
    one_after_another,
    stamps_ms,
)

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "deribit"
SINCE: Final = date(2019, 9, 1)
CURRENCIES: Final = ("BTC", "ETH", "USDC")  # what a future is settled in
HISTORY: Final = "history.deribit.com"
_RECENT: Final = timedelta(days=2)
_EXPIRED_AGO_MS: Final = 35 * 24 * HOUR_MS
_TRADES: Final = 1000
_FUNDING_HOURS: Final = 744
_BARS: Final = 5000

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "-32602": OurRequest,
    "10028": TooManyRequests,
    "10066": TooManyRequests,
    "11050": OurRequest,
    "13009": KeyRefused,
    "13020": NotServed,
    "13021": Blocked,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """An error has a code of JSON-RPC, whatever the status; what is no error has a result."""
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        code = text_of(error, "code")
        by_http = by_status(status)
        kind = _REFUSALS.get(code, OurRequest if by_http is None else type(by_http))
        return kind(f"code {code}, {text_of(error, 'message')!r}", body=body)
    refused = by_status(status, body)
    if refused is None and told is not None and not (isinstance(told, dict) and "result" in told):
        return NotAnAnswer("it has no result", retry=True, body=body)
    return refused


classify = classifier(judge)

# 500 credits a question, 10,000 of them back each second.
MANNERS: Final = Manners((Window("requests", 20, 1.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The futures that trade, and those that had not long expired when the listing was made."""
    names: set[str] = set()
    for body in bodies:
        told = strict_json.read(body)
        made_us = text_of(told, "usOut")
        made_ms = int(made_us) // 1000 if made_us.isdigit() else 0
        for row in told["result"] if isinstance(told.get("result"), list) else ():
            if isinstance(row, dict) and _matters(row, made_ms):
                names.add(text_of(row, "instrument_name"))
    return tuple(sorted(names - {""}))


def _matters(row: dict[str, Any], made_ms: int) -> bool:
    expires = text_of(row, "expiration_timestamp")
    return not expires.isdigit() or int(expires) > made_ms - _EXPIRED_AGO_MS


def is_perpetual(name: str) -> bool:
    return name.endswith("-PERPETUAL")


def _of_every_currency(method: str, *more: tuple[str, str]) -> Ask:
    path = f"/api/v2/public/{method}"
    return one_after_another(
        *(at_once(path, currency=each, kind="future", **dict(more)) for each in CURRENCIES)
    )


def _result(told: Any) -> Any:
    return told["result"]


def _trades(told: Any) -> Any:
    return _held(told, "trades", [])


def _ticks(told: Any) -> Any:
    """The instants of the bars, each as a row: the answer has one list a field."""
    return [(tick,) for tick in _held(told, "ticks", [])]


def _goes_on(told: Any) -> bool:
    return _held(told, "has_more", False) is True


def _held(told: Any, name: str, else_: object) -> Any:
    result = told["result"]
    return result.get(name, else_) if isinstance(result, dict) else else_


def _series(
    method: str, rows: Any, stamps: Stamps, most: int, *, host: str | None = None, **fixed: Any
) -> SeriesOf:
    """``fixed`` are parameters beside the name; of trades, pages overlap in an instant."""

    def series(name: str, scope: Scope) -> Series:
        return Series(
            f"/api/v2/public/{method}",
            {"instrument_name": name, **fixed},
            rows,
            stamps,
            most,
            host=host,
            shares_instants=rows is _trades,
            goes_on=_goes_on if rows is _trades else None,
        )

    return series


def _tape(host: str | None, **fixed: str) -> Ask:
    method = "get_last_trades_by_instrument_and_time"
    rows = {"count": _TRADES, "sorting": "asc", **fixed}
    series = _series(method, _trades, stamps_ms("timestamp"), _TRADES, host=host, **rows)
    return oldest_first(series, _bounds)


def _bounds(first_ms: int, last_ms: int) -> Params:
    return {"start_timestamp": first_ms, "end_timestamp": last_ms}


def _from_before(first_ms: int, last_ms: int) -> Params:
    """Neither bound lies on an hour, so that it does not matter whether they are included."""
    return {"start_timestamp": first_ms - 1, "end_timestamp": last_ms}


_OLD_TAPE: Final = _tape(HISTORY, include_old="true")
_NEW_TAPE: Final = _tape(None)


def _ask_trades(door: "Door", scope: Scope) -> Iterator[Answer]:
    """The days that lie back a little from the host of history, the last ones from the other."""
    recent = (scope.now - _RECENT).date()
    if scope.first_day < recent:
        until = min(scope.last_day, recent - timedelta(days=1))
        yield from _OLD_TAPE(door, replace(scope, last_day=until))
    if scope.last_day >= recent:
        yield from _NEW_TAPE(door, replace(scope, first_day=max(scope.first_day, recent)))


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every future, perpetual or dated, trading or expired, and what it is settled in.",
        SINCE,
        one_after_another(
            _of_every_currency("get_instruments", ("expired", "false")),
            _of_every_currency("get_instruments", ("expired", "true")),
        ),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest of every future at the moment of asking; there is no history of it.",
        SINCE,
        _of_every_currency("get_book_summary_by_currency"),
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "funding",
        "What perpetuals paid in each hour.",
        SINCE,
        by_spans(
            _series("get_funding_rate_history", _result, stamps_ms("timestamp"), _FUNDING_HOURS),
            _from_before,
            HOUR_MS,
        ),
        wants=is_perpetual,
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        by_spans(
            _series("get_tradingview_chart_data", _ticks, stamps_ms(0), _BARS, resolution="60"),
            _bounds,
            HOUR_MS,
        ),
        weighs=True,  # open interest of linear futures is in coins
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "The whole tape of a future; a flag tells which trades liquidated their maker or taker.",
        SINCE,
        _ask_trades,
    ),
)
