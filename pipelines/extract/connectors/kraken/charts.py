"""Kraken's charts and analytics by hour, and its funding, of which all comes at once."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from pipelines.extract.addresses import segment
from pipelines.extract.asking import Answer, Ask, Scope
from pipelines.extract.ranges import EVENT_MS, HOUR_MS, answer, whole
from pipelines.extract.turning import Params, Series, by_spans, oldest_first, stamps_ms

if TYPE_CHECKING:
    from pipelines.extract.door import Door

_CANDLES_A_CALL: Final = 2000
_HOUR_S: Final = 3600


def _held(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _stamps(rows: Sequence[Any]) -> list[int]:
    """Seconds that stand alone in a list."""
    return [int(s) * 1000 for s in rows if isinstance(s, str) and s.isascii() and s.isdigit()]


def analytics(kind: str) -> Ask:
    """A column of stamps and one of figures; the answer says whether more follows."""

    def of(symbol: str, scope: Scope) -> Series:
        return Series(
            f"/api/charts/v1/analytics/{segment(symbol)}/{kind}",
            {"interval": _HOUR_S},
            rows=lambda told: _held(told, "result", "timestamp"),
            stamps=_stamps,
            most=0,
            goes_on=lambda told: _held(told, "result", "more") is True,
        )

    return oldest_first(of, _since, HOUR_MS)


def _since(first_ms: int, last_ms: int) -> Params:
    return {"since": -(-first_ms // 1000), "to": last_ms // 1000}


def candles(kind: str) -> Ask:
    """As many hours as fit on one page."""

    def of(symbol: str, scope: Scope) -> Series:
        return Series(
            f"/api/charts/v1/{kind}/{segment(symbol)}/1h",
            {},
            rows=lambda told: _held(told, "candles"),
            stamps=stamps_ms("time"),
            most=_CANDLES_A_CALL,
        )

    return by_spans(
        of, lambda first_ms, last_ms: {"from": first_ms // 1000, "to": last_ms // 1000}, HOUR_MS
    )


def ask_funding(door: "Door", scope: Scope) -> Iterator[Answer]:
    """No range can be asked for: each answer has the whole history."""
    span = whole(scope, EVENT_MS)
    for symbol in scope.subjects if span else ():
        assert span is not None
        reply = door.get("/derivatives/api/v4/historicalfundingrates", {"symbol": symbol})
        yield answer(reply, (symbol,), *span.days)
