"""The replica's own pages: counts, truth, faults, and a place where redirects lead."""

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from replica.answer import Answer, Request, json_answer
from replica.clock import iso
from replica.faults import FaultBook
from replica.market import Market
from replica.routes import Router
from replica.venues.desk import Desk

if TYPE_CHECKING:
    from replica.sockets import Sockets


class Control:
    def __init__(self, market: Market, desk: Desk, router: Router, faults: FaultBook) -> None:
        self._market, self._clock, self._limiter = market, desk.clock, desk.limiter
        self._router, self._faults = router, faults
        self._strays: list[list[str]] = []
        self.sockets: Sockets | None = None
        self._lock = threading.Lock()

    def answer(self, request: Request, method: str, body: bytes) -> Answer:
        pages: dict[tuple[str, str], Callable[[], Answer]] = {
            ("POST", "/faults"): lambda: self._set_faults(body),
            ("POST", "/scale"): lambda: self._set_scale(body),
            ("POST", "/sockets"): lambda: self._set_sockets(body),
            ("GET", "/sockets"): lambda: json_answer(
                dict(self.sockets.sent) if self.sockets else {}
            ),
            ("GET", "/counts"): lambda: json_answer(self._router.counts.table()),
            ("GET", "/truth"): lambda: self._truth(request.params.get("week", "")),
            ("GET", "/now"): lambda: json_answer({"now": iso(self._clock.now_ms())}),
            ("GET", "/elsewhere"): lambda: self._stray(request),
            ("GET", "/strays"): lambda: json_answer(self._strays),
        }
        page = pages.get((method, request.path))
        return page() if page else json_answer({"error": "not found"}, 404)

    def _set_faults(self, body: bytes) -> Answer:
        try:
            return json_answer({"rules": self._faults.replace(json.loads(body or b"[]"))})
        except ValueError as problem:
            return json_answer({"error": str(problem)}, 400)

    def _set_scale(self, body: bytes) -> Answer:
        """A number: limits begin again, and refill faster by this."""
        try:
            scale = float(json.loads(body))
        except (ValueError, TypeError):
            scale = 0.0
        if scale <= 0:
            return json_answer({"error": "the scale is a number above 0"}, 400)
        self._limiter.begin_again(scale)
        return json_answer({"scale": scale})

    def _set_sockets(self, body: bytes) -> Answer:
        """``{"deaf": [sources], "drop": [sources]}``: who pushes nothing, and who is cut off now."""
        told = json.loads(body or b"{}")
        if self.sockets is None:
            return json_answer({"error": "this market has no sockets"}, 404)
        self.sockets.manners.deaf = frozenset(told.get("deaf", ()))
        self.sockets.manners.drop |= set(told.get("drop", ()))
        return json_answer({"deaf": sorted(self.sockets.manners.deaf)})

    def _stray(self, request: Request) -> Answer:
        """Someone followed a redirect; the names of the headers that came along are kept."""
        with self._lock:
            self._strays.append(sorted(request.headers))
        return json_answer({"elsewhere": True})

    def _truth(self, week: str) -> Answer:
        truth = self._market.truth()
        try:
            first = date.fromisoformat(f"{week}-1")
        except ValueError:
            return json_answer({"error": "week is written as 2026-W46"}, 400)
        if truth is None:
            return json_answer({"error": "the truth of a recorded market is not known"}, 404)
        days = truth["day"].cast(pl.Date)
        rows = truth.filter(days.is_between(first, first + timedelta(days=6)))
        return json_answer(truth_of(week, rows))


def truth_of(week: str, rows: pl.DataFrame) -> dict[str, object]:
    """Totals in USD with cents, and the rows that they are sums of."""
    sides = {side: rows.filter(rows["position"] == side) for side in ("long", "short")}
    return {
        "week": week,
        "events": int(rows["events"].sum()),
        "total_usd": _cents(rows),
        "long_usd": _cents(sides["long"]),
        "short_usd": _cents(sides["short"]),
        "by_venue": _by(rows, "venue"),
        "by_coin": _by(rows, "coin"),
        "rows": [
            {
                "day": str(row["day"])[:10],
                "venue": row["venue"],
                "coin": row["coin"],
                "position": row["position"],
                "events": row["events"],
                "usd": f"{row['notional_usd']:.2f}",
            }
            for row in rows.iter_rows(named=True)
        ],
    }


def _cents(rows: pl.DataFrame) -> str:
    return f"{rows['notional_usd'].sum():.2f}"


def _by(rows: pl.DataFrame, column: str) -> dict[str, str]:
    grouped = rows.group_by(column).agg(pl.col("notional_usd").sum()).sort(column)
    return {name: f"{usd:.2f}" for name, usd in grouped.iter_rows()}
