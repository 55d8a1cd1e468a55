"""Advertised limits: windows of cost, counted for each client or key."""

import threading
from dataclasses import dataclass

from replica.clock import Clock


@dataclass(frozen=True, slots=True)
class Limit:
    """So much cost in each window; `barred_s` keeps a client out after a breach."""

    name: str
    cost: int
    window_s: float
    barred_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    allowed: bool
    used: int
    left: int
    wait_s: float


@dataclass(slots=True)
class _Window:
    number: int = -1
    used: int = 0
    barred_until_s: float = 0.0


class Limiter:
    """Fixed windows; `scale` shortens them, so that the cost refills so many times faster."""

    def __init__(self, clock: Clock, scale: float) -> None:
        self._clock = clock
        self._scale = scale
        self._windows: dict[tuple[str, str], _Window] = {}
        self._lock = threading.Lock()

    def ask(self, limit: Limit, who: str, cost: int) -> Verdict:
        span = limit.window_s / self._scale
        with self._lock:
            now = self._clock.elapsed_s()
            window = self._windows.setdefault((limit.name, who), _Window())
            if window.number != int(now / span):
                window.number, window.used = int(now / span), 0
            wait = (window.number + 1) * span - now
            if now < window.barred_until_s:
                return Verdict(False, window.used, 0, window.barred_until_s - now)
            if window.used + cost > limit.cost:
                bar = limit.barred_s / self._scale
                window.barred_until_s = now + bar if bar else 0.0
                return Verdict(False, window.used, max(limit.cost - window.used, 0), bar or wait)
            window.used += cost
            return Verdict(True, window.used, limit.cost - window.used, wait)

    def begin_again(self, scale: float) -> None:
        """As if nothing had been asked, at another scale."""
        with self._lock:
            self._scale = scale
            self._windows.clear()

    def retry_after(self, wait_s: float) -> str:
        """Whole seconds as the sources send them; decimals only when windows are shortened."""
        if self._scale > 1:
            return f"{wait_s + 0.001:.3f}"
        return str(int(wait_s) + 1)
