"""What Gate is asked over REST. What a contract settles in is part of every path."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipelines.extract.asking import EVERYTHING, Answer, Dataset, Kept, Scope
from pipelines.extract.connectors.gate.manners import SETTLES, SINCE, SOURCE
from pipelines.extract.errors import OurRequest
from pipelines.extract.paging import not_an_answer
from pipelines.extract.question import Reply
from pipelines.extract.ranges import (
    ALL_AT_ONCE,
    DAY_MS,
    EVENT_MS,
    HOUR_MS,
    Span,
    answer,
    whole,
    within_days,
)
from pipelines.extract.turning import Params, Series, SeriesOf, by_spans, oldest_first, stamps_s

if TYPE_CHECKING:
    from pipelines.extract.door import Door

_HOUR_S: Final = 3_600
_ORDERS_A_PAGE: Final = 1000
_STATS_A_PAGE: Final = 100
_CANDLES_A_PAGE: Final = 2000
_RATES_A_PAGE: Final = 1000
_CANDLES_KEPT_DAYS: Final = 415  # 10,000 hours, the present day among them
# How long orders are kept is not documented, and an hour that is no longer kept would look quiet.
_ORDERS_ASKED_DAYS: Final = 30


def _series(endpoint: str, time: str, most: int, prefix: str = "", **fixed: str | int) -> SeriesOf:
    """Rows of a contract, named with a prefix where its mark or index price is meant."""

    def of(subject: str, scope: Scope) -> Series:
        settle, _, contract = subject.partition(":")
        if settle not in SETTLES.values() or not contract:
            raise OurRequest(f"{subject!r} is not spelled as usdt:CONTRACT or btc:CONTRACT")
        path = f"/api/v4/futures/{settle}/{endpoint}"
        params: Params = {"contract": prefix + contract, **fixed}
        return Series(path, params, lambda told: told, stamps_s(time), most)

    return of


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    for settle in sorted(SETTLES.values()):
        reply = door.get(f"/api/v4/futures/{settle}/contracts")
        yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)


def _ask_orders(door: "Door", scope: Scope) -> Iterator[Answer]:
    span = whole(scope, EVENT_MS)
    series_of = _series("liq_orders", "time", _ORDERS_A_PAGE, limit=_ORDERS_A_PAGE)
    for subject in scope.subjects if span else ():
        assert span is not None
        yield from _by_hours(door, subject, series_of(subject, scope), span)


def _by_hours(door: "Door", subject: str, series: Series, span: Span) -> Iterator[Answer]:
    """Every hour of the span, each day's pages counted from 0."""
    end_s = -(-span.end_ms // 1000)
    page = 0
    for start_s in range(span.start_ms // 1000, end_s, _HOUR_S):
        if start_s * 1000 % DAY_MS == 0:
            page = 0
        days = Span(start_s * 1000, start_s * 1000 + EVENT_MS, EVENT_MS).days
        for reply in _between(door, series, start_s, min(start_s + _HOUR_S, end_s)):
            yield answer(reply, (subject,), *days, page=page)
            page += 1


def _between(door: "Door", series: Series, start_s: int, end_s: int) -> Iterator[Reply]:
    """The orders of a stretch of time; a page that is full may be cut, so halves are asked.

    Neighbouring stretches share a bound: whether the source includes it is not documented, and
    a reader passes over what lies on the later one.
    """
    reply, rows = series.asked(door, {"from": start_s, "to": end_s})
    stamps_ms = series.stamps(rows)
    if stamps_ms and not start_s * 1000 <= min(stamps_ms) <= max(stamps_ms) <= end_s * 1000:
        raise not_an_answer(reply, "its rows lie outside of the time that was asked about")
    if len(rows) < series.most:
        yield reply
    elif end_s - start_s <= 1:
        raise not_an_answer(reply, "one second holds more orders than fit on a page")
    else:
        middle_s = (start_s + end_s) // 2
        yield from _between(door, series, start_s, middle_s)
        yield from _between(door, series, middle_s, end_s)


def _from_and_to(start_ms: int, last_ms: int) -> Params:
    return {"from": start_ms // 1000, "to": last_ms // 1000}


def _from_and_count(start_ms: int, last_ms: int) -> Params:
    """An end cannot be named: as many buckets as there are until then, and no more."""
    first, last = -(-start_ms // HOUR_MS), last_ms // HOUR_MS
    return {"from": first * _HOUR_S, "limit": max(1, min(last - first + 1, _STATS_A_PAGE))}


def _candles(
    name: str, about: str, prefix: str = "", *, weighs: bool = False, routine: bool = True
) -> Dataset:
    series_of = _series("candlesticks", "t", _CANDLES_A_PAGE, prefix, interval="1h")
    return Dataset(
        SOURCE,
        name,
        about,
        SINCE,
        by_spans(series_of, _from_and_to, HOUR_MS),
        weighs=weighs,
        routine=routine,
        serves=lambda day, now: within_days(_CANDLES_KEPT_DAYS, day, now),
    )


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every perpetual contract that settles in USDT or in bitcoin.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Every forced order of a contract, an hour a call: 24 calls a contract and day.",
        SINCE,
        _ask_orders,
        serves=lambda day, now: within_days(_ORDERS_ASKED_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "contract_stats",
        "Hourly: the venue's own sums of liquidations, open interest, and long/short ratios.",
        SINCE,
        oldest_first(
            _series("contract_stats", "time", _STATS_A_PAGE, interval="1h"),
            _from_and_count,
            HOUR_MS,
        ),
        weighs=True,  # open interest is in it
    ),
    Dataset(
        SOURCE,
        "funding",
        "Each settled funding rate.",
        SINCE,
        # at most one settlement an hour, so that no page can be too short for its stretch
        by_spans(
            _series("funding_rate", "t", _RATES_A_PAGE, limit=_RATES_A_PAGE), _from_and_to, HOUR_MS
        ),
    ),
    _candles("candles", "Hourly candles of the last price.", weighs=True),
    _candles("mark_candles", "Hourly candles of the mark price.", "mark_"),
    _candles("index_candles", "Hourly candles of the index price.", "index_", routine=False),
)
