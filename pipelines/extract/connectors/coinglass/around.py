"""What CoinGlass tells beside its series: single orders, the calendar of economies, an index of mood."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Scope
from pipelines.extract.connectors.coinglass.names import ORDER_VENUES, SINCE, SOURCE
from pipelines.extract.ranges import ALL_AT_ONCE, answer, within_days
from pipelines.extract.turning import Series, SeriesOf, halved, one_after_another, stamps_ms

if TYPE_CHECKING:
    from pipelines.extract.door import Door

_ORDERS_A_PAGE: Final = 200
_LEAST_ORDER_USD: Final = "1"  # the parameter has to be there
_ORDER_DAYS: Final = 6  # whole days that lie within the past seven times 24 hours
_CALENDAR_DAYS: Final = 14  # whole days that lie within fifteen times 24 hours, either way
_DAY_MS: Final = 86_400_000


def _orders_on(venue: str) -> SeriesOf:
    def of_coin(coin: str, scope: Scope) -> Series:
        return Series(
            "/api/futures/liquidation/order",
            {"exchange": venue, "symbol": coin, "min_liquidation_amount": _LEAST_ORDER_USD},
            rows=_data,
            stamps=stamps_ms("time"),
            most=_ORDERS_A_PAGE,
        )

    return of_coin


def _data(told: Any) -> Any:
    return told.get("data")


def _between(first_ms: int, last_ms: int) -> dict[str, str | int]:
    return {"start_time": first_ms, "end_time": last_ms}


def _orders() -> Ask:
    return one_after_another(*(halved(_orders_on(venue), _between) for venue in ORDER_VENUES))


def _ask_calendar(door: "Door", scope: Scope) -> Iterator[Answer]:
    """The days asked for, as far as they are served; from the present day also those to come."""
    today = scope.now.astimezone(UTC).date()
    first = max(scope.first_day, today - timedelta(days=_CALENDAR_DAYS))
    last = today + timedelta(days=_CALENDAR_DAYS) if scope.last_day >= today else scope.last_day
    if first > last:
        return
    end_ms = _midnight_ms(last) + _DAY_MS - 1
    params = {"language": "en", **_between(_midnight_ms(first), end_ms)}
    reply = door.get("/api/calendar/economic-data", params)
    yield answer(reply, (EVERYTHING,), first, last)


def _is_in_the_calendar(day: date, now: datetime) -> bool:
    return abs((now.astimezone(UTC).date() - day).days) <= _CALENDAR_DAYS


def _midnight_ms(day: date) -> int:
    return (day - date(1970, 1, 1)).days * _DAY_MS


def _ask_fear_greed(door: "Door", scope: Scope) -> Iterator[Answer]:
    """The whole history, whatever is asked."""
    reply = door.get("/api/index/fear-greed-history")
    yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)


AROUND: Final = (
    Dataset(
        SOURCE,
        "orders",
        "Single liquidations of a coin on each venue, of the past seven days.",
        SINCE,
        _orders(),
        routine=False,
        serves=lambda day, now: within_days(_ORDER_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "calendar",
        "Figures of economies: when each is due, what was expected, and what came.",
        SINCE,
        _ask_calendar,
        subjects_a_call=ALL_AT_ONCE,
        subjects_from="",
        serves=_is_in_the_calendar,
    ),
    Dataset(
        SOURCE,
        "fear_greed",
        "The index of fear and greed, by day.",
        SINCE,
        _ask_fear_greed,
        subjects_a_call=ALL_AT_ONCE,
        subjects_from="",
    ),
)
