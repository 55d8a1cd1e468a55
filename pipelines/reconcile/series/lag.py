"""Whether one daily series stands a day or more beside the other."""

from dataclasses import dataclass

import numpy as np

from pipelines.reconcile.series.logs import LEAST_DAYS, Floats, Logs, rounded

MOST = 3
LEAST_CORRELATION = 0.5
MARGIN = 3.0  # standard errors between Fisher's z at the best lag and at none


@dataclass(frozen=True, slots=True)
class Lag:
    """``days`` is how late A's dates are: 1 where A prints on Tuesday what B prints on Monday.

    ``correlations`` are of logarithms at -3 to 3, None where there are too few days.
    """

    days: int | None
    correlations: tuple[float | None, ...]
    compared: int
    said: str


def lag_scan(logs: Logs) -> Lag:
    """``days`` is 0 or a shift only where that is plain, else None and ``said`` has the reason."""
    found = {lag: _correlation(logs, lag) for lag in range(-MOST, MOST + 1)}
    correlations = tuple(rounded(r) for r, _ in found.values())
    at_once, compared = found[0]
    known = {lag: r for lag, (r, n) in found.items() if n >= LEAST_DAYS and np.isfinite(r)}
    if not known:
        return Lag(None, correlations, compared, f"fewer than {LEAST_DAYS} days, or a flat side")
    best = max(known, key=lambda lag: (known[lag], -abs(lag)))
    if known[best] < LEAST_CORRELATION:
        return Lag(None, correlations, compared, "the series do not resemble each other")
    if best == 0:
        return Lag(0, correlations, compared, "no shift")
    if not np.isfinite(at_once):
        return Lag(None, correlations, compared, "no day in common without a shift")
    few = min(found[best][1], compared)
    if few <= MOST or _z(known[best]) - _z(at_once) < MARGIN * np.sqrt(2 / (few - 3)):
        return Lag(None, correlations, compared, "no lag stands out")
    return Lag(best, correlations, compared, "shifted")


def _correlation(logs: Logs, lag: int) -> tuple[float, int]:
    """Pearson of A ``lag`` days later against B, and the days behind it."""
    n = len(logs.a)
    if abs(lag) >= n:
        return float("nan"), 0
    a, b = logs.a[max(lag, 0) : n + min(lag, 0)], logs.b[max(-lag, 0) : n + min(-lag, 0)]
    both = ~np.isnan(a) & ~np.isnan(b)
    return pearson(a[both], b[both]), int(both.sum())


def pearson(a: Floats, b: Floats) -> float:
    """NaN where a side is flat or under three values."""
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    x, y = a - a.mean(), b - b.mean()
    return float((x @ y) / np.sqrt((x @ x) * (y @ y)))


def _z(correlation: float) -> float:
    return float(np.arctanh(min(max(correlation, -0.9999), 0.9999)))
