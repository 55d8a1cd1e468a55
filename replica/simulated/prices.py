"""Prices: one path for each coin, which every venue follows within basis points."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from replica.simulated import timeline
from replica.simulated.cascades import Plan
from replica.simulated.coins import Coin
from replica.simulated.draws import Draws, Floats, drifting

MINUTES_A_YEAR: Final = 525_600
MARKET_VOL: Final = 0.34
BP: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Market:
    """The common factor: log returns by minute, and the volatility multiple of each minute."""

    returns: Floats
    unrest: Floats


@dataclass(frozen=True, slots=True)
class CoinPath:
    """Logs of USD: `points` at each minute's edge (one more than minutes), and its extremes."""

    points: Floats
    high: Floats
    low: Floats


@dataclass(frozen=True, slots=True)
class VenuePath:
    """One instrument's logs at each minute's edge, apart from the coin's path."""

    last_gap: Floats
    mark_gap: Floats
    index_gap: Floats


@dataclass(frozen=True, slots=True)
class Bars:
    """Hourly prices."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats


def market(draws: Draws, plan: Plan) -> Market:
    rng = draws.of("market")
    clock = np.arange(timeline.MINUTES) % timeline.DAY_MINUTES
    # Busiest when Europe and America trade together.
    daily = 0.18 * np.cos(2 * np.pi * (clock - 15 * 60) / timeline.DAY_MINUTES)
    unrest = np.exp(daily + 0.25 * drifting(rng, timeline.MINUTES, 300) + 1.5 * plan.stress)
    noise = rng.standard_normal(timeline.MINUTES) * unrest * MARKET_VOL / np.sqrt(MINUTES_A_YEAR)
    for phase in plan.phases:
        # Each phase ends where the plan says, or chance would undo a rebound.
        noise[phase] -= noise[phase].mean()
    return Market(plan.drift + noise, unrest)


def coin_path(draws: Draws, market: Market, coin: Coin) -> CoinPath:
    rng = draws.of("coin", coin.name)
    own = coin.own_vol / np.sqrt(MINUTES_A_YEAR) * market.unrest
    returns = coin.beta * market.returns + own * rng.standard_normal(timeline.MINUTES)
    points = np.log(coin.price_usd) + np.concatenate(([0.0], np.cumsum(returns)))
    spread = np.hypot(coin.beta * MARKET_VOL / np.sqrt(MINUTES_A_YEAR) * market.unrest, own)
    return CoinPath(
        points,
        _extreme(rng, points, spread, 1.0),
        _extreme(rng, points, spread, -1.0),
    )


def _extreme(rng: np.random.Generator, points: Floats, spread: Floats, sign: float) -> Floats:
    """The highest (or lowest) point of a Brownian bridge between the edges of each minute."""
    first, last = points[:-1], points[1:]
    reach = -2.0 * np.log1p(-rng.random(timeline.MINUTES)) * spread**2
    bridge: Floats = 0.5 * (first + last + sign * np.sqrt((last - first) ** 2 + reach))
    return bridge


def venue_path(draws: Draws, plan: Plan, venue: str, symbol: str) -> VenuePath:
    rng = draws.of("venue", venue, symbol)
    strain = 1.0 + 2.0 * np.append(plan.stress, plan.stress[-1])
    slow = drifting(rng, timeline.MINUTES + 1, 25) * strain * BP
    fast = rng.standard_normal(timeline.MINUTES + 1) * strain * BP
    return VenuePath(1.2 * slow + 0.4 * fast, 0.6 * slow, 0.1 * slow)


def last_bars(path: CoinPath, gap: Floats, multiplier: float) -> Bars:
    return _bars(path.points + gap, path.high + gap[1:], path.low + gap[1:], multiplier)


def smooth_bars(path: CoinPath, gap: Floats, multiplier: float) -> Bars:
    """Mark and index are averages: they have no spikes inside a minute."""
    points = path.points + gap
    high, low = np.maximum(points[:-1], points[1:]), np.minimum(points[:-1], points[1:])
    return _bars(points, high, low, multiplier)


def _bars(points: Floats, high: Floats, low: Floats, multiplier: float) -> Bars:
    shape = (timeline.HOURS, 60)
    opened, closed = points[:-1:60], points[60::60]
    highest = np.maximum(high.reshape(shape).max(axis=1), np.maximum(opened, closed))
    lowest = np.minimum(low.reshape(shape).min(axis=1), np.minimum(opened, closed))
    opened, highest, lowest, closed = (
        np.exp(logs) * multiplier for logs in (opened, highest, lowest, closed)
    )
    return Bars(opened, highest, lowest, closed)
